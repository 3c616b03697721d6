package org.bradawl.agent.ice;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.UdpSocket;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** A UDP socket. */
final class UdpEnd implements End {

  private final UdpSocket socket;

  UdpEnd(EventLoop loop, IpAddress address, Inlet inlet) throws IOException {
    this.socket = UdpSocket.open(loop, new TransportAddress(address, 0), inlet::received);
  }

  TransportAddress local() {
    return socket.local();
  }

  @Override
  public void send(TransportAddress to, ByteBuffer datagram) {
    socket.send(to, datagram);
  }

  @Override
  public void close() {
    socket.close();
  }
}
