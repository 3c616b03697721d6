package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.tests.support.Requires;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every engine does alike, over real sockets on loopback. A subclass names the engine. */
@Timeout(60)
abstract class EngineContract implements ResourcesContract {

  static final Duration SOON = Duration.ofSeconds(5);

  /** Waiting for what must not come: long enough for a loopback, short enough for a build. */
  static final Duration NEVER = Duration.ofMillis(200);

  abstract Engine engine();

  @Override
  public TestRelay relay(String... overrides) {
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
}
