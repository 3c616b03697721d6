package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.ShardCounters;
import org.jspecify.annotations.Nullable;

/** Receiving and sending on one non-blocking datagram channel, with everything counted. */
final class UdpSocket {

  private final DatagramChannel channel;
  private final ShardCounters counters;
  private final Budget budget = new Budget();

  UdpSocket(DatagramChannel channel, ShardCounters counters) {
    this.channel = channel;
    this.counters = counters;
  }

  /** How many datagrams may be read in this turn. */
  int budget() {
    return budget.size();
  }

  /** The budget was used up: there may be more. */
  void mayHaveMore() {
    budget.usedUp();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /**
   * Reads a datagram into {@code buffer}, leaving room before it.
   *
   * @return where it came from, or null if there is none; the buffer then holds nothing
   */
  @Nullable InetSocketAddress receive(ReceiveBuffer buffer) throws IOException {
    ByteBuffer space = buffer.forReceiving();
    InetSocketAddress source = (InetSocketAddress) channel.receive(space);
    if (source == null) {
      budget.ranDry();
      return null;
    }
    counters.received(buffer.received());
    return source;
  }

  /** Sends a datagram, or drops it. */
  void send(ByteBuffer datagram, InetSocketAddress target) {
    int length = datagram.remaining();
    try {
      if (channel.send(datagram, target) == length) {
        counters.sent(length);
      } else {
        counters.dropped(Drop.SEND_BUFFER_FULL);
      }
    } catch (IOException e) {
      counters.dropped(Drop.SEND_REFUSED);
    }
  }

  /** Sends a datagram with the DF bit set, or drops it. */
  void sendUnfragmented(ByteBuffer datagram, InetSocketAddress target) {
    try {
      Sockets.mayFragment(channel, false);
      send(datagram, target);
      Sockets.mayFragment(channel, true);
    } catch (IOException e) {
      counters.fault();
    }
  }

  /** Sends a datagram from another thread than the shard's, uncounted. */
  void sendElsewhere(ByteBuffer datagram, InetSocketAddress target) throws IOException {
    channel.send(datagram, target);
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      counters.fault();
    }
  }
}
