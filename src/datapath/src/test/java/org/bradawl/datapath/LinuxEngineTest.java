package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import org.bradawl.datapath.linux.LinuxEngine;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.Icmp;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinuxEngineTest extends EngineContract {

  private final Engine engine = new LinuxEngine();

  @BeforeEach
  void runsHere() {
    Requires.that(engine.obstacle().isEmpty(), "needs an engine that runs: " + engine.obstacle());
  }

  @Override
  Engine engine() {
    return engine;
  }

  /** coturn ends the allocation here. */
  @Test
  void anIcmpErrorIsToldAndTheRelayLives() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.udp();
        EchoPeer echo = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      client.allocate();
      assertErrorIsTold(client, echo, IpAddress.parse("127.0.0.1"), new Icmp(3, 3, 0));
    }
  }

  @Test
  void anIcmpErrorOfIpv6IsToldToo() throws Exception {
    Requires.ipv6Loopback();
    try (TestRelay relay = relay("bradawl.listen.address=::1");
        TurnClient client = relay.udp();
        EchoPeer echo = new EchoPeer(IpAddress.parse("::1"))) {
      client.allocate(Family.IPV6);
      assertErrorIsTold(client, echo, IpAddress.parse("::1"), new Icmp(1, 4, 0));
    }
  }

  private static void assertErrorIsTold(
      TurnClient client, EchoPeer echo, IpAddress loopback, Icmp expected) throws Exception {
    TransportAddress nobody = new TransportAddress(loopback, FreePorts.consecutive(1));
    assertThat(client.permit(nobody)).isZero();
    for (int i = 0; i < 5; i++) {
      client.send(nobody, "anybody?");
    }
    StunMessage told = client.peerError(SOON).orElseThrow();
    assertThat(told.attributes()).containsExactly(new XorPeerAddress(nobody), expected);
    client.send(echo.address(), "still here?");
    assertThat(client.receive(SOON)).contains("still here?");
  }

  /**
   * The shard is busy elsewhere when a peer sends more than the system's buffer holds, to a relay
   * that has had no datagram yet.
   */
  @Test
  void aFirstBurstFindsRoom() throws Exception {
    int burst = 150;
    try (TestRelay relay = relay("bradawl.engine.shards=1");
        DatagramSocket roomy = roomySocket();
        TurnClient alice = relay.client(new ClientWire.Udp(roomy, relay.server()));
        TurnClient bob = relay.udp();
        CanaryPeer peer = new CanaryPeer()) {
      TransportAddress relayed = alice.allocate();
      assertThat(alice.permit(peer.address())).isZero();
      bob.allocate();
      relay.atEnds(() -> {
        for (int i = 0; i < burst; i++) {
          peer.sendUnchecked(numbered(i), relayed);
        }
      });
      assertThat(bob.refresh(0)).isZero();
      for (int i = 0; i < burst; i++) {
        assertThat(alice.receive(SOON)).contains(numbered(i));
      }
    }
  }

  private static DatagramSocket roomySocket() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    socket.setReceiveBufferSize(1 << 20);
    return socket;
  }

  private static String numbered(int i) {
    return i + " ".repeat(1200 - Integer.toString(i).length());
  }

  @Test
  void dontFragmentIsServed() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.udp();
        EchoPeer echo = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      assertThat(TurnClient.error(client.allocate(new DontFragment()))).isZero();
      client.permit(echo.address());
      for (String text : List.of("a", "x".repeat(1200), "y".repeat(20_000))) {
        client.sendUnfragmented(echo.address(), text);
        assertThat(client.receive(SOON)).contains(text);
      }
    }
  }
}
