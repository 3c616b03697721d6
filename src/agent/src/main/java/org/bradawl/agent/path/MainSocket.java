package org.bradawl.agent.path;

import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LengthFraming;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.net.StunFraming;
import org.bradawl.agent.net.TcpLink;
import org.bradawl.agent.net.TcpPort;
import org.bradawl.agent.net.UdpSocket;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.OtherAddress;
import org.bradawl.stun.attribute.Username;

/**
 * The socket that the server knows a peer by in one address family, and the TCP port of the same
 * number: it tells the server's STUN again and again where it is, which keeps the NAT's mapping
 * alive too.
 */
final class MainSocket implements AutoCloseable {

  /** Linux forgets a mapping that was used in one direction after 30 s. */
  private static final long KEEP_ALIVE_NANOS = 20_000_000_000L;

  /** Until the server has answered with a nonce and heard it back. */
  private static final long HURRY_NANOS = 100_000_000L;

  private static final int TRIES = 8;

  /** On a host with a thousand TCP connections each port is somebody's once in 28 times. */
  private static final int MOST_PORTS = 16;

  private final EventLoop loop;
  private final RandomGenerator random;
  private final UdpSocket udp;
  private final TcpPort tcp;
  private final EventLoop.Alarm alarm;
  private final boolean loopback;
  private final TransportAddress stun;
  private Optional<String> key = Optional.empty();
  private Optional<Nonce> nonce = Optional.empty();
  private Optional<TransactionId> asked = Optional.empty();
  private Optional<TransportAddress> other = Optional.empty();
  private Optional<TcpLink> keeper = Optional.empty();
  private int hurries;

  private MainSocket(
      EventLoop loop,
      RandomGenerator random,
      UdpSocket udp,
      TcpPort tcp,
      TransportAddress stun,
      boolean loopback) {
    this.loop = loop;
    this.random = random;
    this.udp = udp;
    this.tcp = tcp;
    this.stun = stun;
    this.loopback = loopback;
    this.alarm = loop.alarm(this::tell);
  }

  /**
   * Opens both, on the loop's thread.
   *
   * @param stun the server's STUN
   * @param acceptor gets the connections that come in, framed by their lengths
   */
  static MainSocket open(
      EventLoop loop, RandomGenerator random, TransportAddress stun, Consumer<TcpLink> acceptor)
      throws IOException {
    // Towards a server on this host nothing but this host can be meant.
    Optional<IpAddress> towards = LocalAddresses.towards(stun);
    boolean loopback = towards.filter(LocalAddresses::isLoopback).isPresent();
    IpAddress any =
        loopback ? towards.get() : IpAddress.parse(ofFamily(stun.address(), "0.0.0.0", "::"));
    for (int tries = 1; ; tries++) {
      UdpSocket udp = UdpSocket.open(loop, new TransportAddress(any, 0), (_, _) -> {});
      try {
        TransportAddress same = new TransportAddress(any, udp.local().port());
        TcpPort tcp = TcpPort.listen(loop, same, LengthFraming::new, acceptor);
        return new MainSocket(loop, random, udp, tcp, stun, loopback);
      } catch (BindException e) {
        udp.close();
        if (tries == MOST_PORTS) {
          throw e;
        }
      }
    }
  }

  private static String ofFamily(IpAddress address, String v4, String v6) {
    return switch (address.family()) {
      case IPV4 -> v4;
      case IPV6 -> v6;
    };
  }

  /** Which addresses it can write to. */
  IpAddress.Family family() {
    return stun.address().family();
  }

  /** The UDP socket. */
  UdpSocket udp() {
    return udp;
  }

  /** Where it is bound, one endpoint for each address that others may reach. */
  List<TransportAddress> hosts() {
    Set<IpAddress> addresses = new LinkedHashSet<>();
    LocalAddresses.towards(stun).ifPresent(addresses::add);
    if (!loopback) {
      LocalAddresses.all().stream()
          .filter(address -> address.family() == stun.address().family())
          .forEach(addresses::add);
    }
    return addresses.stream()
        .map(address -> new TransportAddress(address, udp.local().port()))
        .toList();
  }

  /** Our end of a way to {@code remote}. */
  TransportAddress localTowards(TransportAddress remote) {
    IpAddress address = LocalAddresses.towards(remote).orElse(udp.local().address());
    return new TransportAddress(address, udp.local().port());
  }

  /** The server's STUN endpoints: every combination of its addresses and ports. */
  List<TransportAddress> servers() {
    Set<TransportAddress> all = new LinkedHashSet<>();
    all.add(stun);
    other.ifPresent(second -> {
      all.add(new TransportAddress(second.address(), stun.port()));
      all.add(new TransportAddress(stun.address(), second.port()));
      all.add(second);
    });
    return List.copyOf(all);
  }

  /** From now on the server knows both by this key. */
  void announce(String newKey) {
    if (key.filter(newKey::equals).isPresent()) {
      return;
    }
    key = Optional.of(newKey);
    nonce = Optional.empty();
    hurries = 0;
    tell();
    keepTcp();
  }

  /** Whether the server has answered what was announced last, or was asked often enough. */
  boolean isAnswered() {
    return key.isPresent() && hurries >= TRIES;
  }

  /** Tells the server again at once: it may see both elsewhere by now. */
  void again() {
    if (key.isPresent()) {
      nonce = Optional.empty();
      hurries = 0;
      tell();
    }
  }

  /** The same, and the TCP port too, whose connection this host's network has taken with it. */
  void moved() {
    again();
    keeper.ifPresent(TcpLink::close);
    keeper = Optional.empty();
    if (key.isPresent()) {
      keepTcp();
    }
  }

  private void tell() {
    if (key.isPresent()) {
      TransactionId id = TransactionId.random(random);
      asked = Optional.of(id);
      StunMessage.Builder request =
          StunMessage.request(Method.Known.BINDING, id).add(new Username(key.get()));
      nonce.ifPresent(request::add);
      udp.send(stun, Encoder.PLAIN.encode(request.build()));
      alarm.in(hurries++ < TRIES ? HURRY_NANOS : KEEP_ALIVE_NANOS);
    }
  }

  /** Takes the server's answers; whether this was one. */
  boolean received(TransportAddress from, StunMessage message) {
    boolean answer = from.equals(stun) && asked.filter(message.transactionId()::equals).isPresent();
    if (!answer) {
      return false;
    }
    message
        .first(OtherAddress.class)
        .map(OtherAddress::address)
        .filter(second -> !second.address().equals(stun.address()))
        .ifPresent(second -> other = Optional.of(second));
    Optional<Nonce> fresh = message.first(Nonce.class);
    if (fresh.isPresent()) {
      nonce = fresh;
      tell();
    } else if (message.messageClass() == MessageClass.SUCCESS_RESPONSE) {
      hurries = TRIES;
      alarm.in(KEEP_ALIVE_NANOS);
    }
    return true;
  }

  private void keepTcp() {
    try {
      TcpLink link =
          TcpLink.connect(
              loop,
              new TransportAddress(udp.local().address(), udp.local().port()),
              stun,
              new StunFraming(),
              new OverTcp());
      keeper.ifPresent(TcpLink::close);
      keeper = Optional.of(link);
    } catch (IOException e) {
      // Then TCP has to do without a known mapping.
      keeper = Optional.empty();
    }
  }

  @Override
  public void close() {
    alarm.remove();
    keeper.ifPresent(TcpLink::close);
    udp.close();
    tcp.close();
  }

  private final class OverTcp implements TcpLink.Listener {

    @Override
    public void connected(TransportAddress local) {
      TransactionId id = TransactionId.random(random);
      keeper.ifPresent(link ->
          link.send(
              Encoder.PLAIN.encode(
                  StunMessage.request(Method.Known.BINDING, id)
                      .add(new Username(key.orElse("")))
                      .build())));
    }

    @Override
    public void closed() {
      keeper = Optional.empty();
    }

    @Override
    public void received(ByteBuffer message) {
      // The server tells what it saw through signaling; here the connection is what counts.
    }
  }
}
