package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.ProxyHeader;
import org.bradawl.datapath.Spoken;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.StunTurnServer;

/**
 * A connection of which its first bytes have yet to say who is there (behind a proxy) or what will
 * be spoken (at a shared port). It becomes a {@link StreamClient} as soon as they have.
 */
final class Arrival implements Selected {

  /** RFC 7983 §7: the first byte of TLS; STUN has less, and no channel exists at first. */
  private static final int FIRST_TLS = 20;

  private static final int LAST_TLS = 63;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final TransportAddress local;
  private final Spoken spoken;
  private final Connections connections;
  private final long since;
  private final ByteBuffer head;
  private TransportAddress client;
  private boolean named;

  Arrival(
      SocketChannel channel,
      SelectionKey key,
      TransportAddress local,
      TransportAddress remote,
      Spoken spoken,
      boolean proxied,
      Connections connections,
      long now) {
    this.channel = channel;
    this.key = key;
    this.local = local;
    this.client = remote;
    this.spoken = spoken;
    this.named = !proxied;
    this.connections = connections;
    this.since = now;
    // Without a proxy one byte decides, and the rest stays with the system until then.
    this.head = ByteBuffer.allocate(proxied ? ProxyHeader.LONGEST : 1);
  }

  SelectionKey key() {
    return key;
  }

  SocketChannel channel() {
    return channel;
  }

  TransportAddress local() {
    return local;
  }

  /** Who is there: the client that the proxy named, if one did. */
  TransportAddress client() {
    return client;
  }

  long since() {
    return since;
  }

  @Override
  public void ready(StunTurnServer machine, long now) throws IOException {
    if (channel.read(head) < 0) {
      failed(machine, now);
      return;
    }
    head.flip();
    if (!named && !readName()) {
      return;
    }
    if (spoken == Spoken.EITHER && !head.hasRemaining()) {
      head.compact();
      return;
    }
    connections.arrived(this, decided(), head, machine, now);
  }

  /** Whether the proxy has said its part; the connection is closed if that was wrong. */
  private boolean readName() throws IOException {
    switch (ProxyHeader.read(head, true)) {
      case ProxyHeader.Incomplete incomplete -> {
        boolean full = head.limit() == head.capacity();
        head.compact();
        if (full) {
          connections.turnAway(this, Drop.PROXY_HEADER);
        }
        return false;
      }
      case ProxyHeader.Malformed malformed -> {
        connections.turnAway(this, Drop.PROXY_HEADER);
        return false;
      }
      case ProxyHeader.Unnamed unnamed -> head.position(unnamed.length());
      case ProxyHeader.Named known -> {
        client = known.client();
        head.position(known.length());
      }
    }
    named = true;
    return true;
  }

  private Spoken decided() {
    return switch (spoken) {
      case PLAIN, SECURED -> spoken;
      case EITHER -> {
        int first = head.get(head.position()) & 0xFF;
        yield first >= FIRST_TLS && first <= LAST_TLS ? Spoken.SECURED : Spoken.PLAIN;
      }
    };
  }

  @Override
  public void failed(StunTurnServer machine, long now) {
    connections.forget(this);
  }
}
