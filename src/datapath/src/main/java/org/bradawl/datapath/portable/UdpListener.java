package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.StunTurnServer;
import org.jspecify.annotations.Nullable;

/** A local UDP address that clients send to. */
final class UdpListener implements Selected {

  /** Paths kept ready; a newcomer takes the place of whoever was there. About 500 kB when full. */
  private static final int PATHS = 8192;

  private final TransportAddress local;
  private final UdpSocket socket;
  private final ReceiveBuffer buffer;
  private final AddressCache addresses;
  private final @Nullable FiveTuple[] paths = new FiveTuple[PATHS];

  UdpListener(
      TransportAddress local, UdpSocket socket, ReceiveBuffer buffer, AddressCache addresses) {
    this.local = local;
    this.socket = socket;
    this.buffer = buffer;
    this.addresses = addresses;
  }

  TransportAddress local() {
    return local;
  }

  @Override
  public void ready(StunTurnServer machine, long now) throws IOException {
    for (int i = socket.budget(); i > 0; i--) {
      InetSocketAddress source = socket.receive(buffer);
      if (source == null) {
        return;
      }
      machine.fromClient(path(source), buffer.datagram(), now);
    }
    socket.mayHaveMore();
  }

  /** A datagram must not take the listener down; the next one is another client's. */
  @Override
  public void failed(StunTurnServer machine, long now) {}

  void send(ByteBuffer message, TransportAddress client) {
    socket.send(message, addresses.of(client));
  }

  private FiveTuple path(InetSocketAddress source) {
    TransportAddress client = addresses.of(source);
    int slot = AddressCache.slot(source.hashCode());
    FiveTuple known = paths[slot];
    if (known != null && known.client().equals(client)) {
      return known;
    }
    FiveTuple made = new FiveTuple(Transport.UDP, local, client);
    paths[slot] = made;
    return made;
  }
}
