package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The relay as a way to connect (RFC 6062) to what must not be reached, and back. */
@ParameterizedClass
@EnumSource(EngineUnderTest.class)
@Timeout(60)
class ConnectAbuseTest {

  private final EngineUnderTest engine;

  ConnectAbuseTest(EngineUnderTest engine) {
    this.engine = engine;
  }

  /** The listener hears on every address of this machine, IPv4 and IPv6. */
  @Test
  void nothingForbiddenIsConnectedTo() throws Exception {
    for (Family family : Family.values()) {
      if (family == Family.IPV6) {
        Requires.ipv6Loopback();
      }
      String host = family == Family.IPV4 ? "127.0.0.1" : "::1";
      try (TestRelay relay =
              engine.relay("bradawl.relay.allowed-peers=", "bradawl.listen.address=" + host);
          TurnClient client = relay.tcp();
          ServerSocket canary = new ServerSocket(0)) {
        allocate(client, family);
        for (TransportAddress peer : PeersAbuseTest.forbidden(canary.getLocalPort(), family)) {
          assertThat(connect(client, peer)).as("%s", peer).isEqualTo(403);
        }
        canary.setSoTimeout((int) Canary.QUIET.toMillis());
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(canary::accept);
      }
    }
  }

  /** Where the range is allowed, its own ports are not. */
  @Test
  void theServersOwnPortsAreNotConnectedTo() throws Exception {
    try (TestRelay relay = engine.relay("bradawl.listen.alternate-address=127.0.0.2");
        TurnClient client = relay.tcp()) {
      allocate(client, Family.IPV4);
      for (Datapath.Listener listener : relay.datapath().listeners()) {
        assertThat(connect(client, listener.address())).as("%s", listener).isEqualTo(403);
      }
      assertThat(relay.datapath().statistics().faults()).isZero();
    }
  }

  /** Strangers who connect to a relayed address, many of them: closed, and nothing is kept. */
  @Test
  void strangersWhoConnectAreClosed() throws Exception {
    Requires.linux();
    try (TestRelay relay = engine.relay();
        TurnClient client = relay.tcp()) {
      TransportAddress relayed = allocate(client, Family.IPV4);
      long descriptors = Descriptors.open();
      List<Socket> strangers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        strangers.add(new Socket(InetAddress.ofLiteral("127.0.0.1"), relayed.port()));
      }
      for (Socket stranger : strangers) {
        stranger.setSoTimeout((int) EngineContract.SOON.toMillis());
        assertThat(StreamScene.endsSoon(stranger)).isTrue();
        stranger.close();
      }
      Descriptors.fallTo(descriptors + 5);
      assertThat(client.refresh(600)).isZero();
    }
  }

  /** Guessing the id of somebody's connection, over and over. */
  @Test
  void idsThatAreGuessedAreRefused() throws Exception {
    try (TestRelay relay = engine.relay()) {
      for (int id : new int[] {0, 1, -1, 0x12345678}) {
        try (TurnClient data = relay.tcp()) {
          StunMessage answer = data.request(Method.Known.CONNECTION_BIND, new ConnectionId(id));
          assertThat(TurnClient.error(answer)).isEqualTo(400);
        }
      }
    }
  }

  private static TransportAddress allocate(TurnClient client, Family family) throws IOException {
    StunMessage answer =
        client.request(
            Method.Known.ALLOCATE,
            new RequestedTransport(RequestedTransport.TCP),
            new RequestedAddressFamily(family));
    assertThat(TurnClient.error(answer)).isZero();
    TransportAddress relayed = answer.first(XorRelayedAddress.class).orElseThrow().address();
    assertThat(relayed.address()).isNotEqualTo(IpAddress.parse("0.0.0.0"));
    return relayed;
  }

  private static int connect(TurnClient client, TransportAddress peer) throws IOException {
    return TurnClient.error(client.request(Method.Known.CONNECT, new XorPeerAddress(peer)));
  }
}
