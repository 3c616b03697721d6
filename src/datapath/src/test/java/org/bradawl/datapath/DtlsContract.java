package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.bradawl.datapath.SecureStatistics.Failure;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DTLS as every engine serves it, over real sockets on loopback. A subclass names the engine. */
@Timeout(60)
abstract class DtlsContract extends CertificateContract {

  private static TransportAddress address(TestRelay relay) {
    return relay.listener(Transport.DTLS);
  }

  @Override
  ShownCertificate wire(TestRelay relay) throws IOException {
    return new DtlsWire(address(relay));
  }

  @Test
  void aClientIsRelayedOverDtls() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.client(new DtlsWire(address(relay)));
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      client.allocate();
      assertThat(relay.started.getFirst().info().client().transport()).isEqualTo(Transport.DTLS);
      client.bind(0x4000, peer.address());
      client.permit(peer.address());
      for (String text :
          List.of("a", "ab", "abc", "x".repeat(1200), "x".repeat(1400), "x".repeat(12_000))) {
        client.send(0x4000, text);
        assertThat(client.receive(SOON)).contains(text);
      }
      client.send(peer.address(), "by indication");
      assertThat(client.receive(SOON)).contains("by indication");
      assertThat(client.refresh(600)).isZero();
      Wait.until("the handshake is counted", () -> secured(relay).dtlsHandshakes() == 1);
      assertThat(secured(relay).dtlsSessions()).isEqualTo(1);
    }
  }

  @Test
  void anRsaCertificateServesToo() throws Exception {
    Path file = directory.resolve("rsa.crt");
    TestCertificates.writeRsa(file, directory.resolve("rsa.key"), "r.example");
    try (TestRelay relay =
            relay(
                "bradawl.tls.certificate=" + file,
                "bradawl.tls.key=" + directory.resolve("rsa.key"));
        TurnClient client = relay.client(new DtlsWire(address(relay)))) {
      client.allocate();
    }
  }

  @Test
  void theNameAskedForChoosesTheCertificate() throws Exception {
    Path hosts = directory.resolve("hosts");
    TestCertificates.write(hosts.resolve("a.crt"), hosts.resolve("a.key"), "a.example");
    try (TestRelay relay = relay("bradawl.tls.hosts=" + hosts);
        DtlsWire wire = new DtlsWire(address(relay))) {
      assertThat(wire.peerNames()).containsExactly("a.example");
    }
  }

  @Test
  void aClientThatClosesTakesItsAllocationAlong() throws Exception {
    try (TestRelay relay = relay()) {
      try (TurnClient client = relay.client(new DtlsWire(address(relay)))) {
        client.allocate();
      }
      Wait.until("the allocation ended", () -> relay.ended.size() == 1);
      Wait.until("no session", () -> secured(relay).dtlsSessions() == 0);
    }
  }

  @Test
  void theServerSaysThatItCloses() throws Exception {
    try (TestRelay relay = relay();
        DtlsWire wire = new DtlsWire(address(relay))) {
      wire.send(Stun.binding());
      assertThat(wire.receive(SOON)).isPresent();
      relay.datapath().close();
      // The library's client closes its socket when it hears of it.
      assertThatThrownBy(() -> wire.receive(SOON)).isInstanceOf(IOException.class);
      assertThat(wire.closedByServer()).isTrue();
    }
  }

  @Test
  void applicationProtocolsAreNegotiated() throws Exception {
    try (TestRelay relay = relay()) {
      try (DtlsWire wire = new DtlsWire(address(relay), "stun.nat-discovery", "stun.turn")) {
        assertThat(wire.negotiated()).isEqualTo("stun.turn");
      }
      try (DtlsWire wire = new DtlsWire(address(relay), "stun.nat-discovery");
          TurnClient client = relay.client(wire)) {
        assertThat(wire.negotiated()).isEqualTo("stun.nat-discovery");
        wire.send(Stun.binding());
        assertThat(wire.receive(SOON)).isPresent();
        assertThatThrownBy(client::allocate).isNotNull();
        assertThat(relay.started).isEmpty();
        Wait.until("counted", () -> secured(relay).failed(Failure.NOT_NEGOTIATED) > 0);
      }
      assertThatThrownBy(() -> new DtlsWire(address(relay), "h2")).isInstanceOf(IOException.class);
    }
  }

  /** RFC 8489 §11: RFC 3489 knew no DTLS. */
  @Test
  void aRequestWithoutCookieIsAnError() throws Exception {
    try (TestRelay relay = relay();
        DtlsWire wire = new DtlsWire(address(relay))) {
      byte[] classic = new byte[20];
      classic[1] = 1;
      classic[4] = 7;
      wire.send(classic);
      StunMessage answer =
          (StunMessage) Decoder.decode(ByteBuffer.wrap(wire.receive(SOON).orElseThrow()));
      assertThat(TurnClient.error(answer)).isEqualTo(500);
    }
  }

  /** RFC 6347 §4.2.8: a client that lost its keys comes again from the same address and port. */
  @Test
  void aNewHandshakeFromTheSamePortReplacesTheSession() throws Exception {
    try (TestRelay relay = relay();
        DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      DtlsWire first = new DtlsWire(socket, address(relay));
      relay.client(first).allocate();
      DtlsWire second = new DtlsWire(socket, address(relay));
      Wait.until("the former allocation ended", () -> relay.ended.size() == 1);
      relay.client(second).allocate();
      assertThat(relay.started).hasSize(2);
      Wait.until("one session", () -> secured(relay).dtlsSessions() == 1);
    }
  }

  /** An attacker who can send in a client's name must not end its session. */
  @Test
  void forgedDatagramsLeaveTheSessionAlone() throws Exception {
    try (TestRelay relay = relay();
        DtlsWire wire = new DtlsWire(address(relay));
        TurnClient client = relay.client(wire)) {
      client.allocate();
      Random random = new Random(7);
      for (int i = 0; i < 300; i++) {
        byte[] garbage = new byte[13 + random.nextInt(200)];
        random.nextBytes(garbage);
        garbage[0] = (byte) (20 + i % 4);
        garbage[1] = (byte) 0xFE;
        garbage[2] = (byte) 0xFD;
        garbage[3] = 0;
        garbage[4] = (byte) (i % 2);
        garbage[11] = (byte) ((garbage.length - 13) >> 8);
        garbage[12] = (byte) (garbage.length - 13);
        wire.sendRaw(garbage);
      }
      wire.sendRaw(DtlsHello.first());
      assertThat(client.refresh(600)).isZero();
      assertThat(relay.ended).isEmpty();
    }
  }

  /** ClientHellos without a cookie: each is answered by a few bytes, and nothing is kept. */
  @Test
  void hellosWithoutCookieKeepNothing() throws Exception {
    Requires.linux();
    byte[] hello = DtlsHello.first();
    try (TestRelay relay = relay();
        DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      int threads = Thread.activeCount();
      long descriptors = Descriptors.open();
      socket.connect(address(relay).toSocketAddress());
      socket.setSoTimeout((int) SOON.toMillis());
      DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
      for (int i = 0; i < 2000; i++) {
        socket.send(new DatagramPacket(hello, hello.length));
        socket.receive(answer);
        assertThat(answer.getLength()).isLessThan(hello.length);
      }
      Wait.until("counted", () -> secured(relay).cookiesSent() == 2000);
      assertThat(secured(relay).dtlsHandshakes()).isZero();
      assertThat(secured(relay).failures().values()).allMatch(count -> count == 0);
      Descriptors.fallTo(descriptors + 5);
      assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 5);
    }
  }
}
