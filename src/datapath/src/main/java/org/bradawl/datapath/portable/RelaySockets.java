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
 * The relay sockets of one shard. Opening is put off to the end of the turn, so that a port refused
 * and the next one asked for are a loop and no recursion.
 */
final class RelaySockets {

  private record Wanted(RelayId id, TransportAddress local) {}

  private final Selector selector;
  private final ReceiveBuffer buffer;
  private final AddressCache addresses;
  private final ShardCounters counters;
  private final Map<RelayId, RelaySocket> open = new HashMap<>();
  private final Queue<Wanted> wanted = new ArrayDeque<>();

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

  /**
   * Closes a socket and makes the selector let go of it: only then is the port free, which a client
   * may ask for as soon as it hears that its allocation is over, on any shard.
   */
  void close(RelayId id) {
    RelaySocket socket = open.remove(id);
    if (socket == null) {
      return;
    }
    socket.close();
    try {
      selector.selectNow();
    } catch (IOException e) {
      counters.fault();
    }
  }

  void send(RelayId id, ByteBuffer data, TransportAddress peer) {
    RelaySocket socket = open.get(id);
    if (socket != null) {
      socket.send(data, peer);
    }
  }

  void sendUnfragmented(RelayId id, ByteBuffer data, TransportAddress peer) {
    RelaySocket socket = open.get(id);
    if (socket != null) {
      socket.sendUnfragmented(data, peer);
    }
  }

  /** Ends the turn: opens what was asked for. */
  void settle(StunTurnServer machine, long now) {
    for (Wanted next = wanted.poll(); next != null; next = wanted.poll()) {
      open(next, machine, now);
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
