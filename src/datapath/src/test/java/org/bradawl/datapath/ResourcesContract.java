package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Requires;
import org.bradawl.turn.server.EndReason;
import org.junit.jupiter.api.Test;

/**
 * What every engine holds no more of than it may, and gives back: ports, connections, memory,
 * descriptors.
 */
interface ResourcesContract {

  /** A relay of the engine under test. */
  TestRelay relay(String... overrides);

  /** What the tests' own garbage and the collector's moods may account for. */
  long HEAP_NOISE = 16 << 20;

  @Test
  default void aClientGoneOverTcpTakesItsAllocationAlong() throws Exception {
    try (TestRelay relay = relay()) {
      try (TurnClient client = relay.tcp()) {
        client.allocate();
      }
      Wait.until("the allocation ended", () -> relay.ended.size() == 1);
      assertThat(relay.ended.getFirst().reason()).isEqualTo(EndReason.CLIENT_GONE);
    }
  }

  @Test
  default void aSlowReaderIsBoundedAndTheOthersGoOn() throws Exception {
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
        assertThat(other.receive(EngineContract.SOON)).contains("still " + i);
      }
      Wait.until("drops counted", () -> dropped(relay, Drop.SLOW_READER) > 0);
    }
  }

  private static long dropped(TestRelay relay, Drop cause) {
    return relay.datapath().statistics().dropped(cause);
  }

  @Test
  default void somethingElseOnTheTcpPortIsClosed() throws Exception {
    try (TestRelay relay = relay();
        ClientWire.Tcp wire = relay.tcpWire()) {
      wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(wire.closedByServer(EngineContract.SOON)).isTrue();
      Wait.until("it is counted", () -> dropped(relay, Drop.NOT_STUN) == 1);
    }
  }

  @Test
  default void connectionsWithoutAllocationMakeRoom() throws Exception {
    try (TestRelay relay = relay("bradawl.listen.max-connections=4", "bradawl.engine.shards=1");
        TurnClient working = relay.tcp()) {
      working.allocate();
      List<ClientWire.Tcp> idle = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        idle.add(relay.tcpWire());
      }
      assertThat(idle.getFirst().closedByServer(EngineContract.SOON)).isTrue();
      assertThat(working.refresh(600)).isZero();
      assertThat(dropped(relay, Drop.TOO_MANY_CONNECTIONS)).isZero();
      idle.forEach(ClientWire.Tcp::close);
    }
  }

  @Test
  default void portsExhaustedIs508AndTheyAllComeBack() throws Exception {
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
  default void aPortThatAnotherProgramHoldsIsPassedOver() throws Exception {
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
  default void aReservedPortIsHeldForItsToken() throws Exception {
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
  default void closingEndsAllocationsTellsTheObserverAndFreesThePorts() throws Exception {
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
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(EngineContract.SOON);
      assertThat(((ClientWire.Tcp) tcp.wire()).closedByServer(EngineContract.SOON)).isTrue();
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
  default void spoofedSourcesLeaveNothingBehind() throws Exception {
    Requires.linux();
    try (TestRelay relay = relay()) {
      byte[] request = Stun.binding();
      Stun.fromEverywhere(relay.server(), request, 2_000);
      long descriptors = Descriptors.open();
      long memory = Memory.used();
      int sources = 100_000;
      Stun.fromEverywhere(relay.server(), request, sources);
      Wait.until(
          "most were answered", () -> relay.datapath().statistics().packetsOut() > sources / 2);
      Descriptors.fallTo(descriptors + 5);
      assertThat(Memory.used() - memory).isLessThan(HEAP_NOISE);
      try (TurnClient client = relay.udp()) {
        client.allocate();
      }
    }
  }

  @Test
  default void aPortInUseIsAProblemOfItsKeyAndLeavesNothingOpen() throws Exception {
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
  default void theQuotaOfAUserHolds() throws Exception {
    try (TestRelay relay = relay("bradawl.turn.quota.per-user=1");
        TurnClient first = relay.udp();
        TurnClient second = relay.udp()) {
      first.allocate();
      assertThat(second.allocateError()).isEqualTo(486);
      first.refresh(0);
      assertThat(second.allocateError()).isZero();
    }
  }
}
