package org.bradawl.simulation;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** A machine with one address, UDP sockets and TCP. */
public final class Host implements Node {

  /** What a socket's owner hears. */
  public interface UdpListener {
    /** A datagram has come from {@code source}. */
    void received(TransportAddress source, ByteBuffer payload);

    /** ICMP says that nobody waits at {@code destination}. */
    default void unreachable(TransportAddress destination) {}
  }

  /** A UDP socket that is bound to a port. */
  public final class UdpSocket implements AutoCloseable {
    private final TransportAddress local;
    private final UdpListener listener;

    private UdpSocket(int port, UdpListener listener) {
      this.local = new TransportAddress(address, port);
      this.listener = listener;
    }

    /** Where it is bound. */
    public TransportAddress local() {
      return local;
    }

    /** Sends with the usual TTL. */
    public void send(TransportAddress destination, ByteBuffer payload) {
      send(destination, payload, Packet.USUAL_TTL);
    }

    /** Sends a packet that at most {@code ttl} hops see. */
    public void send(TransportAddress destination, ByteBuffer payload, int ttl) {
      transmit(Packet.datagram(local, destination, ttl, payload));
    }

    /** Frees the port. */
    @Override
    public void close() {
      udp.remove(local.port(), this);
    }
  }

  /** Where an operating system takes ephemeral ports from (RFC 6335 §6). */
  private static final int FIRST_EPHEMERAL = 49152;

  private final Realm realm;
  private final IpAddress address;
  private final Map<Integer, UdpSocket> udp = new HashMap<>();
  private final TcpStack tcp;
  private Optional<Consumer<Packet>> tap = Optional.empty();

  /** A machine with this address in {@code realm}. */
  public Host(Realm realm, IpAddress address) {
    this.realm = realm;
    this.address = address;
    this.tcp = new TcpStack(this, realm.time());
    realm.attach(address, this);
  }

  /** Its address. */
  public IpAddress address() {
    return address;
  }

  /** The realm it lives in. */
  public Realm realm() {
    return realm;
  }

  /** Its TCP. */
  public TcpStack tcp() {
    return tcp;
  }

  /** Has {@code observer} see every packet the host sends. */
  public void tap(Consumer<Packet> observer) {
    tap = Optional.of(observer);
  }

  /** Opens a socket on a free ephemeral port. */
  public UdpSocket udp(UdpListener listener) {
    return udp(ephemeralPort(), listener);
  }

  /** Opens a socket on {@code port}. */
  public UdpSocket udp(int port, UdpListener listener) {
    UdpSocket socket = new UdpSocket(port, listener);
    if (udp.putIfAbsent(port, socket) != null) {
      throw new IllegalStateException("port " + port + " is in use");
    }
    return socket;
  }

  /** A port that nothing uses yet. */
  public int ephemeralPort() {
    int port;
    do {
      port = FIRST_EPHEMERAL + realm.time().random().nextInt(65536 - FIRST_EPHEMERAL);
    } while (udp.containsKey(port) || tcp.uses(port));
    return port;
  }

  void transmit(Packet packet) {
    tap.ifPresent(observer -> observer.accept(packet));
    if (packet.destination().address().equals(address)) {
      realm.time().at(realm.time().nanos(), () -> receive(packet));
    } else {
      realm.send(packet);
    }
  }

  /** Takes a packet that has arrived. */
  @Override
  public void receive(Packet packet) {
    switch (packet.body()) {
      case Packet.Segment segment -> tcp.receive(packet, segment);
      case Packet.Datagram datagram -> {
        UdpSocket socket = udp.get(packet.destination().port());
        if (socket == null) {
          transmit(packet.refused());
        } else {
          socket.listener.received(packet.source(), datagram.payload().duplicate());
        }
      }
      case Packet.Unreachable unreachable -> {
        switch (unreachable.protocol()) {
          case UDP ->
              Optional.ofNullable(udp.get(packet.destination().port()))
                  .ifPresent(socket -> socket.listener.unreachable(packet.source()));
          case TCP -> tcp.unreachable(packet);
        }
      }
    }
  }
}
