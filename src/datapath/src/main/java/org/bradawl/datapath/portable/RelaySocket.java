package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.RelayId;
import org.bradawl.turn.server.StunTurnServer;

/** The socket of one relayed transport address. */
final class RelaySocket implements Selected {

  private final RelayId id;
  private final UdpSocket socket;
  private final ReceiveBuffer buffer;
  private final AddressCache addresses;

  RelaySocket(RelayId id, UdpSocket socket, ReceiveBuffer buffer, AddressCache addresses) {
    this.id = id;
    this.socket = socket;
    this.buffer = buffer;
    this.addresses = addresses;
  }

  @Override
  public void ready(StunTurnServer machine, long now) throws IOException {
    for (int i = socket.budget(); i > 0; i--) {
      InetSocketAddress source = socket.receive(buffer);
      if (source == null) {
        return;
      }
      machine.fromPeer(id, addresses.of(source), buffer.datagram(), now);
      if (!socket.isOpen()) {
        return;
      }
    }
    socket.mayHaveMore();
  }

  @Override
  public void failed(StunTurnServer machine, long now) {
    machine.relayFailed(id, now);
  }

  void send(ByteBuffer data, TransportAddress peer) {
    socket.send(data, addresses.of(peer));
  }

  void sendUnfragmented(ByteBuffer data, TransportAddress peer) {
    socket.sendUnfragmented(data, addresses.of(peer));
  }

  void close() {
    socket.close();
  }
}
