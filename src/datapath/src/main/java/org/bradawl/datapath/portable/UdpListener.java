package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.bradawl.datapath.Spoken;
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
  private final Spoken spoken;
  private final ProxiedClients proxies = new ProxiedClients();
  private final @Nullable Entrance entrance;
  private final @Nullable FiveTuple[] paths = new FiveTuple[PATHS];

  /**
   * A listener.
   *
   * @param entrance what datagrams go through first; null if plain STUN is all that comes
   */
  UdpListener(
      TransportAddress local,
      Spoken spoken,
      UdpSocket socket,
      ReceiveBuffer buffer,
      AddressCache addresses,
      @Nullable Entrance entrance) {
    this.local = local;
    this.socket = socket;
    this.buffer = buffer;
    this.addresses = addresses;
    this.spoken = spoken;
    this.entrance = entrance;
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
      if (entrance == null) {
        machine.fromClient(path(source), buffer.datagram(), now);
      } else {
        entrance.take(this, source, source, buffer.datagram(), machine, now);
      }
    }
    socket.mayHaveMore();
  }

  /** A datagram must not take the listener down; the next one is another client's. */
  @Override
  public void failed(StunTurnServer machine, long now) {}

  void send(ByteBuffer message, TransportAddress client) {
    InetSocketAddress proxy = proxies.isEmpty() ? null : proxies.get(client);
    socket.send(message, proxy == null ? addresses.of(client) : proxy);
  }

  /** Sends from another thread than the shard's; not counted. */
  void sendElsewhere(ByteBuffer message, InetSocketAddress client) throws IOException {
    socket.sendElsewhere(message, client);
  }

  /** What is for this client goes to that proxy from now on. */
  void reachedBy(TransportAddress client, InetSocketAddress proxy) {
    proxies.put(client, proxy);
  }

  Spoken spoken() {
    return spoken;
  }

  /** The path of plain datagrams from {@code source}. */
  FiveTuple path(InetSocketAddress source) {
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
