package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.RefusalReason;
import org.bradawl.turn.server.RelayId;
import org.bradawl.turn.server.StunTurnServer;

/**
 * The relay sockets of one shard. Opening is put off to the end of the turn: a channel that was
 * closed keeps its port until the selector has let go of it, and the machine may ask for that very
 * port.
 */
final class RelaySockets {

  private record Wanted(RelayId id, TransportAddress local) {}

  private final Selector selector;
  private final ReceiveBuffer buffer;
  private final AddressCache addresses;
  private final ShardCounters counters;
  private final Map<RelayId, RelaySocket> open = new HashMap<>();
  private final Queue<Wanted> wanted = new ArrayDeque<>();
  private boolean closing;

  RelaySockets(
      Selector selector, ReceiveBuffer buffer, AddressCache addresses, ShardCounters counters) {
    this.selector = selector;
    this.buffer = buffer;
    this.addresses = addresses;
    this.counters = counters;
  }

  void open(RelayId id, TransportAddress local) {
    wanted.add(new Wanted(id, local));
  }

  void close(RelayId id) {
    RelaySocket socket = open.remove(id);
    if (socket != null) {
      socket.close();
      closing = true;
    }
  }

  void send(RelayId id, ByteBuffer data, TransportAddress peer) {
    RelaySocket socket = open.get(id);
    if (socket != null) {
      socket.send(data, peer);
    }
  }

  /** Ends the turn: lets go of the ports of closed sockets, then opens what was asked for. */
  void settle(StunTurnServer machine, long now) throws IOException {
    while (closing || !wanted.isEmpty()) {
      if (closing) {
        closing = false;
        selector.selectNow();
      }
      Wanted next = wanted.poll();
      if (next != null) {
        open(next, machine, now);
      }
    }
  }

  private void open(Wanted next, StunTurnServer machine, long now) {
    DatagramChannel channel;
    try {
      channel = Sockets.relay(next.local());
    } catch (BindException e) {
      machine.relayRefused(next.id(), RefusalReason.PORT_TAKEN, now);
      return;
    } catch (IOException e) {
      machine.relayRefused(next.id(), RefusalReason.UNAVAILABLE, now);
      return;
    }
    UdpSocket socket = new UdpSocket(channel, counters);
    RelaySocket relay = new RelaySocket(next.id(), socket, buffer, addresses);
    try {
      channel.register(selector, SelectionKey.OP_READ, relay);
    } catch (IOException e) {
      socket.close();
      machine.relayRefused(next.id(), RefusalReason.UNAVAILABLE, now);
      return;
    }
    open.put(next.id(), relay);
    machine.relayOpened(next.id(), now);
  }
}
