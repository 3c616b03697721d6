package org.bradawl.agent.path;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.Decoded;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;

/**
 * Who gets what comes in: by the end it came in at (a socket, a connection, a relay) and by where
 * it came from. A payload that overtakes the check which opens its way waits for a moment.
 */
public final class Switchboard {

  /** Who waits at one end for one peer's endpoint. */
  interface Inlet {

    /** Bytes of a tunnel. */
    void payload(ByteBuffer datagram);

    /** A STUN message; whether it was about this. */
    boolean stun(StunMessage message);
  }

  private record Key(Object end, TransportAddress remote) {}

  private record Early(Key key, ByteBuffer datagram) {}

  /** A first flight of QUIC is up to ten datagrams; two at a time are likely enough. */
  private static final int MOST_EARLY = 32;

  private final Map<Key, Inlet> inlets = new HashMap<>();
  private final Deque<Early> early = new ArrayDeque<>();

  /** From now on what comes in there from that endpoint is for this inlet. */
  void attach(Object end, TransportAddress remote, Inlet inlet) {
    Key key = new Key(end, remote);
    inlets.put(key, inlet);
    for (Iterator<Early> waiting = early.iterator(); waiting.hasNext(); ) {
      Early one = waiting.next();
      if (one.key().equals(key)) {
        waiting.remove();
        inlet.payload(one.datagram());
      }
    }
  }

  /** Nobody waits there any more, unless somebody else does by now. */
  void detach(Object end, TransportAddress remote, Inlet inlet) {
    inlets.remove(new Key(end, remote), inlet);
  }

  /** Hands a datagram to who waits for it; a STUN message that nobody takes comes back. */
  public Optional<StunMessage> deliver(Object end, TransportAddress from, ByteBuffer datagram) {
    Key key = new Key(end, from);
    Inlet inlet = inlets.get(key);
    if (isStun(datagram)) {
      Decoded decoded = Decoder.decode(datagram);
      return decoded instanceof StunMessage message && (inlet == null || !inlet.stun(message))
          ? Optional.of(message)
          : Optional.empty();
    }
    if (inlet != null) {
      inlet.payload(datagram);
    } else {
      if (early.size() == MOST_EARLY) {
        early.remove();
      }
      early.add(new Early(key, ByteBuffer.allocate(datagram.remaining()).put(datagram).flip()));
    }
    return Optional.empty();
  }

  /** RFC 7983 §7: 0 to 3; QUIC's fixed bit makes its first byte 64 at least (RFC 9443). */
  private static boolean isStun(ByteBuffer datagram) {
    return datagram.hasRemaining() && Byte.toUnsignedInt(datagram.get(datagram.position())) <= 3;
  }
}
