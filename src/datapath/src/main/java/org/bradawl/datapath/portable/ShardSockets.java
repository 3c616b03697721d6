package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.datapath.Spoken;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.TransportAddress;

/** The listening sockets of one shard, bound and not yet served. */
final class ShardSockets implements AutoCloseable {

  /** A bound UDP socket. */
  record Udp(TransportAddress local, Spoken spoken, DatagramChannel channel) {}

  /** A listening TCP socket. */
  record Tcp(TransportAddress local, Spoken spoken, ServerSocketChannel channel) {}

  private final List<Udp> udp = new ArrayList<>();
  private final List<Tcp> tcp = new ArrayList<>();

  List<Udp> udp() {
    return udp;
  }

  List<Tcp> tcp() {
    return tcp;
  }

  /** Binds an address, and keeps the socket. */
  void bind(Transport kind, TransportAddress local, Spoken spoken, boolean shared)
      throws IOException {
    switch (kind) {
      case UDP, DTLS -> udp.add(new Udp(local, spoken, Sockets.udp(local, shared)));
      case TCP, TLS -> tcp.add(new Tcp(local, spoken, Sockets.tcp(local, shared)));
    }
  }

  /** Closes what was bound, after a start that failed. */
  @Override
  public void close() {
    udp.forEach(socket -> close(socket.channel()));
    tcp.forEach(socket -> close(socket.channel()));
  }

  private static void close(AutoCloseable channel) {
    try {
      channel.close();
    } catch (Exception e) {
      // Nothing was received on it yet, and the process reports the failure that led here.
    }
  }
}
