package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Requires;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every engine does alike, over real sockets on loopback. A subclass names the engine. */
@Timeout(60)
abstract class EngineContract {

  static final Duration SOON = Duration.ofSeconds(5);

  /** Waiting for what must not come: long enough for a loopback, short enough for a build. */
  static final Duration NEVER = Duration.ofMillis(200);

  /** What the tests' own garbage and the collector's moods may account for. */
  private static final long HEAP_NOISE = 16 << 20;

  abstract Engine engine();

  TestRelay relay(String... overrides) {
    return TestRelay.start(engine(), overrides);
  }

  @Test
  void twoClientsTalkOverTheirRelays() throws IOException {
    try (TestRelay relay = relay();
        TurnClient alice = relay.udp();
        TurnClient bob = relay.udp()) {
      TransportAddress aliceRelayed = alice.allocate();
      TransportAddress bobRelayed = bob.allocate();
      assertThat(alice.bind(0x4000, bobRelayed)).isZero();
      assertThat(bob.permit(aliceRelayed)).isZero();

      alice.send(0x4000, "to bob");
      assertThat(bob.receive(SOON)).contains("to bob");
      bob.send(aliceRelayed, "to alice");
      assertThat(alice.receive(SOON)).contains("to alice");
    }
  }

  @Test
  void relayToRelayNeedsNoAllowedPeers() throws IOException {
    try (TestRelay relay = relay("bradawl.relay.allowed-peers=");
        TurnClient alice = relay.udp();
        TurnClient bob = relay.udp()) {
      TransportAddress aliceRelayed = alice.allocate();
      TransportAddress bobRelayed = bob.allocate();
      assertThat(bob.permit(aliceRelayed)).isZero();
      assertThat(alice.permit(bobRelayed)).isZero();

      alice.send(bobRelayed, "inside");
      assertThat(bob.receive(SOON)).contains("inside");
    }
  }

  @Test
  void datagramsOfEverySizeComeBackWhole() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.udp();
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      client.allocate();
      client.bind(0x4001, peer.address());
      for (int size : List.of(0, 1, 3, 4, 1200, 1500, 9000, 60_000)) {
        String text = "x".repeat(size);
        client.send(0x4001, text);
        assertThat(client.receive(SOON)).contains(text);
      }
    }
  }

  @Test
  void ipv6IsServedAndRelayed() throws Exception {
    Requires.ipv6Loopback();
    try (TestRelay relay = relay("bradawl.listen.address=::1");
        TurnClient client = relay.udp();
        EchoPeer peer = new EchoPeer(IpAddress.parse("::1"))) {
      TransportAddress relayed = client.allocate(Family.IPV6);
      assertThat(relayed.address()).isEqualTo(IpAddress.parse("::1"));
      client.bind(0x4000, peer.address());
      client.send(0x4000, "six");
      assertThat(client.receive(SOON)).contains("six");
    }
  }

  @Test
  void oneFamilyIsReachedFromTheOther() throws Exception {
    Requires.ipv6Loopback();
    try (TestRelay relay = relay("bradawl.listen.address=127.0.0.1,::1");
        TurnClient client = relay.udp();
        EchoPeer peer = new EchoPeer(IpAddress.parse("::1"))) {
      client.allocate(Family.IPV6);
      client.bind(0x4000, peer.address());
      client.send(0x4000, "across");
      assertThat(client.receive(SOON)).contains("across");
    }
  }

  @Test
  void tcpClientsAreServedOneByteAtATime() throws Exception {
    try (TestRelay relay = relay();
        ClientWire.Tcp wire = relay.tcpWire();
        TurnClient client = new TurnClient(oneByteAtATime(wire), "alice", "wonderland");
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      client.allocate();
      client.bind(0x4000, peer.address());
      for (String text : List.of("a", "ab", "abc", "abcd", "abcde")) {
        client.send(0x4000, text);
        assertThat(client.receive(SOON)).contains(text);
      }
    }
  }

  /** Nagle is off, so each byte is a segment of its own. */
  private static ClientWire oneByteAtATime(ClientWire.Tcp wire) {
    return wire.sending(message -> {
      for (byte octet : message) {
        wire.send(new byte[] {octet});
      }
    });
  }

  @Test
  void aClientGoneOverTcpTakesItsAllocationAlong() throws Exception {
    try (TestRelay relay = relay()) {
      try (TurnClient client = relay.tcp()) {
        client.allocate();
      }
      Wait.until("the allocation ended", () -> relay.ended.size() == 1);
      assertThat(relay.ended.getFirst().reason()).isEqualTo(EndReason.CLIENT_GONE);
    }
  }

  @Test
  void aSlowReaderIsBoundedAndTheOthersGoOn() throws Exception {
    try (TestRelay relay = relay();
        TurnClient slow = relay.tcp();
        TurnClient other = relay.udp();
        EchoPeer flooded = new EchoPeer(IpAddress.parse("127.0.0.1"));
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      slow.allocate();
      slow.bind(0x4000, flooded.address());
      other.allocate();
      other.bind(0x4000, peer.address());
      byte[] large = new byte[30_000];
      // Never reading what comes back: kernel buffers fill, then the bound, then packets drop.
      for (int i = 0; i < 1000 && dropped(relay, Drop.SLOW_READER) == 0; i++) {
        slow.send(0x4000, large);
        other.send(0x4000, "still " + i);
        assertThat(other.receive(SOON)).contains("still " + i);
      }
      Wait.until("drops counted", () -> dropped(relay, Drop.SLOW_READER) > 0);
    }
  }

  private static long dropped(TestRelay relay, Drop cause) {
    return relay.datapath().statistics().dropped(cause);
  }

  @Test
  void somethingElseOnTheTcpPortIsClosed() throws Exception {
    try (TestRelay relay = relay();
        ClientWire.Tcp wire = relay.tcpWire()) {
      wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(wire.closedByServer(SOON)).isTrue();
      Wait.until("it is counted", () -> dropped(relay, Drop.NOT_STUN) == 1);
    }
  }

  @Test
  void connectionsWithoutAllocationMakeRoom() throws Exception {
    try (TestRelay relay = relay("bradawl.listen.max-connections=4", "bradawl.engine.shards=1");
        TurnClient working = relay.tcp()) {
      working.allocate();
      List<ClientWire.Tcp> idle = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        idle.add(relay.tcpWire());
      }
      assertThat(idle.getFirst().closedByServer(SOON)).isTrue();
      assertThat(working.refresh(600)).isZero();
      assertThat(dropped(relay, Drop.TOO_MANY_CONNECTIONS)).isZero();
      idle.forEach(ClientWire.Tcp::close);
    }
  }

  @Test
  void portsExhaustedIs508AndTheyAllComeBack() throws Exception {
    int ports = FreePorts.consecutive(4);
    try (TestRelay relay =
        relay("bradawl.relay.min-port=" + ports, "bradawl.relay.max-port=" + (ports + 3))) {
      for (int round = 0; round < 3; round++) {
        List<TurnClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          TurnClient client = relay.udp();
          assertThat(client.allocateError()).isZero();
          clients.add(client);
        }
        try (TurnClient late = relay.udp()) {
          assertThat(late.allocateError()).isEqualTo(508);
          assertThat(clients.getFirst().refresh(0)).isZero();
          assertThat(late.allocateError()).isZero();
          assertThat(late.refresh(0)).isZero();
        }
        for (TurnClient client : clients) {
          client.refresh(0);
          client.close();
        }
      }
      assertThat(relay.datapath().allocations()).isEmpty();
    }
  }

  @Test
  void aPortThatAnotherProgramHoldsIsPassedOver() throws Exception {
    int ports = FreePorts.consecutive(2);
    try (TestRelay relay =
            relay("bradawl.relay.min-port=" + ports, "bradawl.relay.max-port=" + (ports + 1));
        TurnClient client = relay.udp();
        TurnClient late = relay.udp()) {
      try (DatagramSocket other = new DatagramSocket(ports, InetAddress.ofLiteral("127.0.0.1"))) {
        assertThat(client.allocate().port()).isEqualTo(other.getLocalPort() + 1);
        assertThat(late.allocateError()).isEqualTo(508);
      }
      assertThat(late.allocateError()).isZero();
    }
  }

  @Test
  void aReservedPortIsHeldForItsToken() throws Exception {
    int even = (FreePorts.consecutive(3) + 1) & ~1;
    try (TestRelay relay =
            relay("bradawl.relay.min-port=" + even, "bradawl.relay.max-port=" + (even + 1));
        TurnClient first = relay.udp();
        TurnClient second = relay.udp()) {
      try (DatagramSocket other =
          new DatagramSocket(even + 1, InetAddress.ofLiteral("127.0.0.1"))) {
        assertThat(TurnClient.error(first.allocate(new EvenPort(true)))).isEqualTo(508);
        assertThat(other.isBound()).isTrue();
      }
      ReservationToken token =
          first.allocate(new EvenPort(true)).first(ReservationToken.class).orElseThrow();
      assertThatExceptionOfType(BindException.class)
          .isThrownBy(
              () -> new DatagramSocket(even + 1, InetAddress.ofLiteral("127.0.0.1")).close());

      assertThat(second.allocateError()).isEqualTo(508);
      StunMessage redeemed = second.allocate(token);
      assertThat(redeemed.first(XorRelayedAddress.class).orElseThrow().address().port())
          .isEqualTo(even + 1);
    }
  }

  @Test
  void endingAnAllocationReallyStopsRelaying() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.udp();
        CanaryPeer peer = new CanaryPeer()) {
      TransportAddress relayed = client.allocate();
      client.bind(0x4000, peer.address());
      client.send(0x4000, "before");
      assertThat(peer.receive(SOON)).contains("before");
      AllocationView view = relay.datapath().allocations().getFirst();
      assertThat(view.info().relayed()).isEqualTo(relayed);
      assertThat(view.traffic()).isEqualTo(new Traffic(6, 1, 0, 0));

      assertThat(relay.datapath().endAllocation(view.info().id())).isTrue();
      client.send(0x4000, "after");
      peer.send("back", relayed);

      assertThat(peer.receive(NEVER)).isEmpty();
      assertThat(client.receive(NEVER)).isEmpty();
      assertThat(relay.ended).hasSize(1);
      assertThat(relay.ended.getFirst().reason()).isEqualTo(EndReason.ADMIN);
      assertThat(relay.datapath().endAllocation(view.info().id())).isFalse();
    }
  }

  @Test
  void deniedPeersHearNothing() throws Exception {
    try (TestRelay relay = relay("bradawl.relay.allowed-peers=");
        TurnClient client = relay.udp();
        CanaryPeer canary = new CanaryPeer()) {
      client.allocate();
      assertThat(client.permit(canary.address())).isEqualTo(403);
      assertThat(client.bind(0x4000, canary.address())).isEqualTo(403);
      client.send(canary.address(), "by indication");
      client.send(0x4000, "by channel");

      assertThat(canary.receive(NEVER)).isEmpty();
    }
  }

  @Test
  void theServersOwnListenerIsNoPeer() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.udp()) {
      client.allocate();
      assertThat(client.bind(0x4000, relay.server())).isEqualTo(403);
      long before = relay.datapath().statistics().packetsIn();
      client.send(relay.server(), "to itself");
      assertThat(client.receive(NEVER)).isEmpty();
      assertThat(relay.datapath().statistics().packetsIn() - before).isLessThan(10);
    }
  }

  @Test
  void closingEndsAllocationsTellsTheObserverAndFreesThePorts() throws Exception {
    TestRelay relay = relay("bradawl.listen.alternate-address=127.0.0.2");
    List<TransportAddress> endpoints =
        relay.datapath().listeners().stream().map(Datapath.Listener::address).toList();
    TransportAddress relayed;
    try (TurnClient udp = relay.udp();
        TurnClient tcp = relay.tcp()) {
      relayed = udp.allocate();
      tcp.allocate();
      long begun = System.nanoTime();
      relay.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
      assertThat(((ClientWire.Tcp) tcp.wire()).closedByServer(SOON)).isTrue();
    }
    assertThat(relay.started).hasSize(2);
    assertThat(relay.ended).extracting(e -> e.reason()).containsOnly(EndReason.SHUTDOWN).hasSize(2);
    assertThat(relay.datapath().statistics().shards()).isZero();
    assertThat(endpoints).hasSize(8);
    for (TransportAddress endpoint : endpoints) {
      new DatagramSocket(endpoint.toSocketAddress()).close();
    }
    new DatagramSocket(relayed.toSocketAddress()).close();
    relay.close();
  }

  @Test
  void spoofedSourcesLeaveNothingBehind() throws Exception {
    Requires.linux();
    try (TestRelay relay = relay()) {
      byte[] request = Stun.binding();
      spoof(relay, request, 2_000);
      long descriptors = Descriptors.open();
      long memory = Memory.used();
      int sources = 100_000;
      spoof(relay, request, sources);
      Wait.until(
          "most were answered", () -> relay.datapath().statistics().packetsOut() > sources / 2);
      Descriptors.fallTo(descriptors + 5);
      assertThat(Memory.used() - memory).isLessThan(HEAP_NOISE);
      try (TurnClient client = relay.udp()) {
        client.allocate();
      }
    }
  }

  private static void spoof(TestRelay relay, byte[] request, int sources) throws IOException {
    for (int i = 0; i < sources; i++) {
      IpAddress source = IpAddress.v4(0x7f01_0000 + i);
      try (DatagramSocket socket = new DatagramSocket(0, source.toInetAddress())) {
        socket.send(new DatagramPacket(request, request.length, relay.server().toSocketAddress()));
      }
    }
  }

  @Test
  void bindingIsAnsweredFromEachOfFourAddresses() throws Exception {
    try (TestRelay relay = relay("bradawl.listen.alternate-address=127.0.0.2")) {
      TransportAddress there = relay.server();
      TransportAddress other = new TransportAddress(IpAddress.parse("127.0.0.2"), there.port() + 1);
      for (boolean address : List.of(false, true)) {
        for (boolean port : List.of(false, true)) {
          TransportAddress expected =
              new TransportAddress(
                  address ? other.address() : there.address(), port ? other.port() : there.port());
          assertThat(sourceOfAnswer(there, new ChangeRequest(address, port))).isEqualTo(expected);
        }
      }
      assertThat(sourceOfAnswer(other, new ChangeRequest(true, true))).isEqualTo(there);
    }
  }

  private static TransportAddress sourceOfAnswer(TransportAddress server, Attribute wish)
      throws IOException {
    TransportAddress local = new TransportAddress(IpAddress.parse("127.0.0.1"), 0);
    try (ClientWire.Udp wire = new ClientWire.Udp(local, server)) {
      wire.send(Stun.binding(wish));
      DatagramPacket answer = wire.receivePacket(SOON).orElseThrow();
      return TransportAddress.of((InetSocketAddress) answer.getSocketAddress());
    }
  }

  @Test
  void aPortInUseIsAProblemOfItsKeyAndLeavesNothingOpen() throws Exception {
    try (TestRelay first = relay()) {
      String port = Integer.toString(first.server().port());
      String free = Integer.toString(FreePorts.one());

      assertKey("bradawl.listen.port", port, "bradawl.listen.port=" + port);
      assertKey(
          "bradawl.listen.alternate-port",
          port,
          "bradawl.listen.port=" + free,
          "bradawl.listen.alternate-address=127.0.0.2",
          "bradawl.listen.alternate-port=" + port);
      assertKey("bradawl.listen.address", "192.0.2.1", "bradawl.listen.address=192.0.2.1");
      assertKey("bradawl.relay.address", "192.0.2.1", "bradawl.relay.address=192.0.2.1");

      relay("bradawl.listen.port=" + free).close();
    }
  }

  private void assertKey(String key, String named, String... overrides) throws IOException {
    assertThatExceptionOfType(ConfigurationProblem.class)
        .isThrownBy(() -> relay(overrides).close())
        .satisfies(problem -> {
          assertThat(problem.key()).isEqualTo(key);
          assertThat(problem).hasMessageContaining(named);
          assertThat(problem.remedy()).isNotBlank();
        });
  }

  @Test
  void theQuotaOfAUserHolds() throws Exception {
    try (TestRelay relay = relay("bradawl.turn.quota.per-user=1");
        TurnClient first = relay.udp();
        TurnClient second = relay.udp()) {
      first.allocate();
      assertThat(second.allocateError()).isEqualTo(486);
      first.refresh(0);
      assertThat(second.allocateError()).isZero();
    }
  }

  @Test
  void clientsAreToldTheExternalAddressAndMeetThere() throws Exception {
    try (TestRelay relay =
            relay("bradawl.relay.external-address=203.0.113.7", "bradawl.relay.allowed-peers=");
        TurnClient alice = relay.udp();
        TurnClient bob = relay.udp()) {
      TransportAddress aliceRelayed = alice.allocate();
      TransportAddress bobRelayed = bob.allocate();
      assertThat(aliceRelayed.address()).isEqualTo(IpAddress.parse("203.0.113.7"));
      bob.bind(0x4000, aliceRelayed);
      alice.permit(bobRelayed);
      bob.send(0x4000, "from outside");
      assertThat(alice.receive(SOON)).contains("from outside");
    }
  }

  /** A peer that answers nothing and tells what it heard. */
  static final class CanaryPeer implements AutoCloseable {

    private final DatagramSocket socket;

    CanaryPeer() throws IOException {
      this.socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    }

    TransportAddress address() {
      return new TransportAddress(IpAddress.of(socket.getLocalAddress()), socket.getLocalPort());
    }

    void send(String text, TransportAddress target) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      socket.send(new DatagramPacket(bytes, bytes.length, target.toSocketAddress()));
    }

    Optional<String> receive(Duration limit) throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
      socket.setSoTimeout((int) limit.toMillis());
      try {
        socket.receive(packet);
        return Optional.of(
            new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
