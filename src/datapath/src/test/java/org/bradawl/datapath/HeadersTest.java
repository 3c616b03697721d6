package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bradawl.datapath.linux.HeaderTap;
import org.bradawl.datapath.linux.HeaderTap.Header;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The IP headers of what is relayed, read off the wire: the alternate behaviours of RFC 8656 §13 to
 * §16.
 */
@Timeout(60)
class HeadersTest {

  private static final Duration SOON = Duration.ofSeconds(5);

  /** Expedited forwarding and ECT(1): what a relay that copies would copy. */
  private static final int MARKED = 0xb9;

  private static final IpAddress V4 = IpAddress.parse("127.0.0.1");
  private static final IpAddress V6 = IpAddress.parse("::1");

  /** A tap sees the whole machine, and may be too slow for it; then one asks again. */
  private static final int ATTEMPTS = 20;

  /** A client that marks what it sends, and where the server sees it. */
  private record Marked(TurnClient client, TransportAddress address) implements AutoCloseable {

    static Marked of(TestRelay relay, IpAddress local) throws IOException {
      DatagramSocket socket = new DatagramSocket(new InetSocketAddress(local.toInetAddress(), 0));
      socket.setOption(StandardSocketOptions.IP_TOS, MARKED);
      ClientWire.Udp wire = new ClientWire.Udp(socket, relay.server());
      return new Marked(relay.client(wire), wire.local());
    }

    @Override
    public void close() {
      client.close();
    }
  }

  private interface Sending {
    void send() throws IOException;
  }

  /** Sends until an echo comes back whose way is seen; the headers between these two. */
  private static List<Header> seen(
      HeaderTap tap, TurnClient client, TransportAddress from, TransportAddress to, Sending sending)
      throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      tap.taken();
      sending.send();
      assertThat(client.receive(SOON)).as("an echo").isPresent();
      List<Header> headers =
          tap.taken().stream()
              .filter(packet -> packet.from().equals(from) && packet.to().equals(to))
              .map(HeaderTap.Packet::header)
              .toList();
      if (!headers.isEmpty()) {
        return headers;
      }
    }
    throw new AssertionError("nothing was seen from " + from + " to " + to);
  }

  private static int defaultHops(Family family) throws IOException {
    String setting = family == Family.IPV4 ? "ipv4/ip_default_ttl" : "ipv6/conf/lo/hop_limit";
    // In one read: the kernel gives a setting no second time.
    return Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/net", setting)).getFirst());
  }

  /** Default hops, best effort, Not-ECT, DF clear, nothing but the header itself. */
  private static Header servers(Family family) throws IOException {
    return new Header(defaultHops(family), 0, false, true);
  }

  private static TestRelay relay(EngineUnderTest engine) {
    return engine.relay("bradawl.listen.address=127.0.0.1");
  }

  @ParameterizedTest
  @EnumSource(EngineUnderTest.class)
  void betweenDatagramsEveryFieldIsTheServersOwn(EngineUnderTest engine) throws Exception {
    try (HeaderTap tap = HeaderTap.open(Family.IPV4);
        TestRelay relay = relay(engine);
        Marked marked = Marked.of(relay, V4);
        EchoPeer peer = new EchoPeer(V4)) {
      peer.mark(MARKED);
      assertBothWays(tap, relay, marked, peer, marked.client().allocate());
    }
  }

  @ParameterizedTest
  @EnumSource(EngineUnderTest.class)
  void soItIsOverIpv6(EngineUnderTest engine) throws Exception {
    Requires.ipv6Loopback();
    try (HeaderTap tap = HeaderTap.open(Family.IPV6);
        TestRelay relay = engine.relay("bradawl.listen.address=::1");
        Marked marked = Marked.of(relay, V6);
        EchoPeer peer = new EchoPeer(V6)) {
      peer.mark(MARKED);
      assertBothWays(tap, relay, marked, peer, marked.client().allocate(Family.IPV6));
    }
  }

  private static void assertBothWays(
      HeaderTap tap, TestRelay relay, Marked marked, EchoPeer peer, TransportAddress relayed)
      throws IOException {
    Header own = servers(peer.address().address().family());
    TurnClient client = marked.client();
    client.permit(peer.address());
    Sending indication = () -> client.send(peer.address(), "indication");
    assertThat(seen(tap, client, marked.address(), relay.server(), indication))
        .as("what the client sends is marked")
        .allMatch(header -> header.trafficClass() == MARKED);
    assertThat(seen(tap, client, peer.address(), relayed, indication))
        .as("what the peer sends is marked")
        .allMatch(header -> header.trafficClass() == MARKED);
    assertThat(seen(tap, client, relayed, peer.address(), indication)).containsOnly(own);
    assertThat(seen(tap, client, relay.server(), marked.address(), indication)).containsOnly(own);
    client.bind(0x4000, peer.address());
    Sending data = () -> client.send(0x4000, "on a channel");
    assertThat(seen(tap, client, relayed, peer.address(), data)).containsOnly(own);
    assertThat(seen(tap, client, relay.server(), marked.address(), data)).containsOnly(own);
  }

  @ParameterizedTest
  @EnumSource(EngineUnderTest.class)
  void soItIsFromOneFamilyToTheOther(EngineUnderTest engine) throws Exception {
    Requires.ipv6Loopback();
    for (boolean toIpv6 : new boolean[] {true, false}) {
      Family there = toIpv6 ? Family.IPV6 : Family.IPV4;
      Family here = toIpv6 ? Family.IPV4 : Family.IPV6;
      String addresses = toIpv6 ? "127.0.0.1,::1" : "::1,127.0.0.1";
      try (HeaderTap tap = HeaderTap.open(there);
          HeaderTap back = HeaderTap.open(here);
          TestRelay relay = engine.relay("bradawl.listen.address=" + addresses);
          Marked marked = Marked.of(relay, toIpv6 ? V4 : V6);
          EchoPeer peer = new EchoPeer(toIpv6 ? V6 : V4)) {
        peer.mark(MARKED);
        TurnClient client = marked.client();
        TransportAddress relayed = client.allocate(there);
        client.bind(0x4000, peer.address());
        Sending data = () -> client.send(0x4000, "across");
        assertThat(seen(tap, client, relayed, peer.address(), data)).containsOnly(servers(there));
        assertThat(seen(back, client, relay.server(), marked.address(), data))
            .containsOnly(servers(here));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EngineUnderTest.class)
  void soItIsFromAStream(EngineUnderTest engine) throws Exception {
    try (HeaderTap tap = HeaderTap.open(Family.IPV4);
        TestRelay relay = relay(engine);
        TurnClient client = relay.tcp();
        EchoPeer peer = new EchoPeer(V4)) {
      peer.mark(MARKED);
      TransportAddress relayed = client.allocate();
      client.bind(0x4000, peer.address());
      assertThat(seen(tap, client, relayed, peer.address(), () -> client.send(0x4000, "streamed")))
          .containsOnly(servers(Family.IPV4));
    }
  }

  /** RFC 8656 §14: DF for what asks for it, whatever carries the request, and for nothing else. */
  @ParameterizedTest
  @EnumSource(EngineUnderTest.class)
  void dfIsSetOnTheWireWhereTheClientAsks(EngineUnderTest engine) throws Exception {
    try (HeaderTap tap = HeaderTap.open(Family.IPV4);
        TestRelay relay = relay(engine);
        EchoPeer peer = new EchoPeer(V4)) {
      for (TurnClient client : List.of(relay.udp(), relay.tcp())) {
        try (client) {
          TransportAddress relayed =
              relayed(client.allocate(new DontFragment()))
                  .orElseThrow(() -> new AssertionError("DONT-FRAGMENT is refused"));
          client.permit(peer.address());
          Header own = servers(Family.IPV4);
          Header unfragmented = new Header(own.hops(), own.trafficClass(), true, true);
          Sending asking = () -> client.sendUnfragmented(peer.address(), "whole");
          Sending plain = () -> client.send(peer.address(), "any way");
          assertThat(seen(tap, client, relayed, peer.address(), asking)).containsOnly(unfragmented);
          assertThat(seen(tap, client, relayed, peer.address(), plain)).containsOnly(own);
        }
      }
    }
  }

  private static Optional<TransportAddress> relayed(StunMessage answer) {
    return answer.first(XorRelayedAddress.class).map(XorRelayedAddress::address);
  }
}
