package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.Method;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Peers that must not be reached: 403 for whoever asks, silence for whoever just sends. The canary
 * listens on every address of this machine, so that no form of one goes unnoticed.
 */
@ParameterizedClass
@EnumSource(EngineUnderTest.class)
@Timeout(60)
class PeersAbuseTest {

  private static final String NOTHING_ALLOWED = "bradawl.relay.allowed-peers=";

  private static final List<String> FORBIDDEN_V4 =
      List.of(
          "127.0.0.1",
          "127.1.2.3",
          "127.255.255.254",
          "0.0.0.0",
          "0.0.0.1",
          "10.0.0.1",
          "100.64.0.1",
          "100.127.255.254",
          "169.254.1.1",
          "169.254.169.254",
          "172.16.0.1",
          "172.31.255.254",
          "192.0.0.8",
          "192.0.2.1",
          "192.168.0.1",
          "198.18.0.1",
          "198.51.100.1",
          "203.0.113.1",
          "224.0.0.1",
          "239.255.255.250",
          "240.0.0.1",
          "255.255.255.255");

  private static final List<String> FORBIDDEN_V6 =
      List.of(
          "::",
          "::1",
          "::ffff:127.0.0.1",
          "::ffff:0.0.0.0",
          "::ffff:10.0.0.1",
          "::ffff:8.8.8.8",
          "::ffff:0:127.0.0.1",
          "::127.0.0.1",
          "::10.0.0.1",
          "64:ff9b::127.0.0.1",
          "64:ff9b::a9fe:a9fe",
          "64:ff9b:1:7f00:0:100::",
          "64:ff9b:1::7f00:1",
          "2002:7f00:1::1",
          "2002:a9fe:a9fe::",
          "2002:c0a8:1::1",
          "2001::1",
          "2001:0:4136:e378:8000:63bf:80ff:fffe",
          "2001:db8::1",
          "2a00:1450::5efe:127.0.0.1",
          "2a00:1450::200:5efe:10.0.0.1",
          "fe80::1",
          "fe80::5efe:127.0.0.1",
          "fc00::1",
          "fd00:ec2::254",
          "fec0::1",
          "ff02::1",
          "ff0e::fb",
          "100::1");

  private final EngineUnderTest engine;

  PeersAbuseTest(EngineUnderTest engine) {
    this.engine = engine;
  }

  /** A port at every address that nobody may reach, those of this machine included. */
  static List<TransportAddress> forbidden(int port, Family family) throws SocketException {
    List<TransportAddress> peers = new ArrayList<>();
    (family == Family.IPV4 ? FORBIDDEN_V4 : FORBIDDEN_V6)
        .forEach(host -> peers.add(new TransportAddress(IpAddress.parse(host), port)));
    NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .map(IpAddress::of)
        .filter(address -> address.family() == family)
        .forEach(address -> peers.add(new TransportAddress(address, port)));
    return peers;
  }

  private TestRelay relay(Family family, String... overrides) {
    return switch (family) {
      case IPV4 -> engine.relay(overrides);
      case IPV6 -> {
        Requires.ipv6Loopback();
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("bradawl.listen.address=::1");
        yield engine.relay(all.toArray(String[]::new));
      }
    };
  }

  @Test
  void requestsForForbiddenPeersAre403() throws Exception {
    for (Family family : Family.values()) {
      try (TestRelay relay = relay(family, NOTHING_ALLOWED);
          TurnClient client = relay.udp();
          Canary canary = new Canary()) {
        client.allocate(family);
        int channel = 0x4000;
        for (TransportAddress peer : forbidden(canary.port(), family)) {
          assertThat(client.permit(peer)).as("permission for %s", peer).isEqualTo(403);
          assertThat(client.bind(channel, peer)).as("channel to %s", peer).isEqualTo(403);
          client.send(peer, "indication");
          client.send(channel++, "channel");
        }
        canary.assertSilence();
        assertThat(relay.datapath().allocations().getFirst().permissions()).isZero();
      }
    }
  }

  /** Whoever does not ask at all, and whoever was refused, hears nothing either. */
  @Test
  void dataForForbiddenPeersIsSilent() throws Exception {
    for (Family family : Family.values()) {
      try (TestRelay relay = relay(family, NOTHING_ALLOWED);
          TurnClient client = relay.udp();
          Canary canary = new Canary()) {
        client.allocate(family);
        for (TransportAddress peer : forbidden(canary.port(), family)) {
          client.send(peer, "indication");
        }
        canary.assertSilence();
        assertThat(client.receive(Canary.QUIET)).isEmpty();
        assertThat(relay.datapath().allocations().getFirst().traffic().packetsUp()).isZero();
      }
    }
  }

  /** That the canary would hear: with the range allowed it does. */
  @Test
  void aPeerThatIsAllowedIsReached() throws Exception {
    for (Family family : Family.values()) {
      try (TestRelay relay = relay(family, "bradawl.relay.allowed-peers=127.0.0.0/8,::1");
          TurnClient client = relay.udp();
          Canary canary = new Canary()) {
        client.allocate(family);
        TransportAddress peer = canary.at(family == Family.IPV4 ? "127.9.8.7" : "::1");
        assertThat(client.bind(0x4000, peer)).isZero();
        client.send(0x4000, "hello");
        assertThat(canary.heard(EngineContract.SOON)).isPresent();
      }
    }
  }

  /** An allowed range opens addresses, but none of the server's own listeners. */
  @Test
  void theServersOwnPortsAreNoPeers() throws Exception {
    try (TestRelay relay = engine.relay("bradawl.listen.alternate-address=127.0.0.2");
        TurnClient client = relay.udp()) {
      client.allocate();
      for (Datapath.Listener listener : relay.datapath().listeners()) {
        assertThat(client.bind(0x4000, listener.address())).as("%s", listener).isEqualTo(403);
        client.permit(listener.address());
        client.send(listener.address(), "to itself");
      }
      assertThat(client.receive(Canary.QUIET)).isEmpty();
      assertThat(relay.datapath().allocations().getFirst().traffic().packetsUp()).isZero();
    }
  }

  /** Ranges that do not end on a byte, and an allowed one inside a denied one. */
  @Test
  void rangesAreTakenAtTheirWord() throws Exception {
    try (TestRelay relay =
            engine.relay(
                "bradawl.relay.allowed-peers=127.0.0.12/30,8.8.9.128/25",
                "bradawl.relay.denied-peers=8.8.8.0/23");
        TurnClient client = relay.udp();
        Canary canary = new Canary()) {
      client.allocate();
      assertThat(client.permit(canary.at("8.8.7.255"))).isZero();
      assertThat(client.permit(canary.at("8.8.8.0"))).isEqualTo(403);
      assertThat(client.permit(canary.at("8.8.9.127"))).isEqualTo(403);
      assertThat(client.permit(canary.at("8.8.9.128"))).isZero();
      assertThat(client.permit(canary.at("8.8.10.0"))).isZero();
      for (String outside : List.of("127.0.0.11", "127.0.0.16")) {
        assertThat(client.permit(canary.at(outside))).isEqualTo(403);
        client.send(canary.at(outside), outside);
      }
      canary.assertSilence();
      for (String inside : List.of("127.0.0.12", "127.0.0.15")) {
        assertThat(client.permit(canary.at(inside))).isZero();
        client.send(canary.at(inside), inside);
        assertThat(canary.heard(EngineContract.SOON)).isPresent();
      }
    }
  }

  /** One bad peer in a CreatePermission: the good one beside it is not permitted either. */
  @Test
  void oneBadPeerSpoilsTheGoodOne() throws Exception {
    try (TestRelay relay = engine.relay("bradawl.relay.allowed-peers=127.0.0.1");
        TurnClient client = relay.udp();
        Canary canary = new Canary()) {
      client.allocate();
      XorPeerAddress good = new XorPeerAddress(canary.at("127.0.0.1"));
      XorPeerAddress bad = new XorPeerAddress(canary.at("127.0.0.2"));
      assertThat(TurnClient.error(client.request(Method.Known.CREATE_PERMISSION, good, bad)))
          .isEqualTo(403);
      client.send(good.address(), "x");
      canary.assertSilence();
    }
  }

  /** A stranger who finds the relayed port is not heard before the client has permitted him. */
  @Test
  void strangersAreNotHeard() throws Exception {
    try (TestRelay relay = engine.relay();
        TurnClient client = relay.udp();
        Canary stranger = new Canary()) {
      TransportAddress relayed = client.allocate();
      for (int i = 0; i < 50; i++) {
        stranger.send("let me in", relayed);
      }
      assertThat(client.receive(Canary.QUIET)).isEmpty();
      assertThat(client.permit(stranger.at("127.0.0.1"))).isZero();
      client.send(stranger.at("127.0.0.1"), "who are you?");
      assertThat(stranger.heard(EngineContract.SOON)).isPresent();
      stranger.send("now", relayed);
      assertThat(client.receive(EngineContract.SOON)).isEqualTo(Optional.of("now"));
    }
  }
}
