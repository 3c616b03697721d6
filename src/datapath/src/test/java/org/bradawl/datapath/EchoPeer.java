package org.bradawl.datapath;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.StandardSocketOptions;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** A peer that sends everything back to where it came from. */
final class EchoPeer implements AutoCloseable {

  private final DatagramSocket socket;

  EchoPeer(IpAddress local) throws IOException {
    this.socket = new DatagramSocket(0, local.toInetAddress());
    Thread.ofVirtual().name("echo peer").start(this::echo);
  }

  TransportAddress address() {
    return new TransportAddress(IpAddress.of(socket.getLocalAddress()), socket.getLocalPort());
  }

  /** Sends with these bits of DSCP and ECN from now on. */
  void mark(int trafficClass) throws IOException {
    socket.setOption(StandardSocketOptions.IP_TOS, trafficClass);
  }

  private void echo() {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    try {
      while (!socket.isClosed()) {
        packet.setLength(65_536);
        socket.receive(packet);
        socket.send(packet);
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
