package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.SecureStatistics.Failure;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.tests.support.Requires;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS as every engine serves it, over real sockets on loopback. A subclass names the engine. */
@Timeout(60)
abstract class TlsContract extends CertificateContract {

  @Override
  ShownCertificate wire(TestRelay relay) throws IOException {
    return new TlsWire(relay.tls(), "TLSv1.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aClientIsRelayedOverTls(String version) throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.client(new TlsWire(relay.tls(), version));
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      client.allocate();
      assertThat(relay.started.getFirst().info().client().transport()).isEqualTo(Transport.TLS);
      client.bind(0x4000, peer.address());
      client.permit(peer.address());
      for (String text : List.of("a", "ab", "abc", "x".repeat(20_000), "x".repeat(60_000))) {
        client.send(0x4000, text);
        assertThat(client.receive(SOON)).contains(text);
      }
      client.send(peer.address(), "by indication");
      assertThat(client.receive(SOON)).contains("by indication");
      Wait.until("the handshake is counted", () -> secured(relay).tlsHandshakes() == 1);
      assertThat(secured(relay).tlsSessions()).isEqualTo(1);
    }
  }

  /** RFC 6062 under TLS and a rate: what TLS has read already waits, too. */
  @Test
  void aRateSlowsRelayedTcpDownUnderTls() throws Exception {
    int each = 150_000;
    int rate = 400_000;
    try (TestRelay relay = relay("bradawl.turn.rate.per-user=" + rate);
        RelayedStream stream =
            RelayedStream.open(relay, () -> new TlsWire(relay.tls(), "TLSv1.3"))) {
      long begin = System.nanoTime();
      CompletableFuture<Void> up = stream.up(each);
      stream.down(each).get(20, TimeUnit.SECONDS);
      up.get(20, TimeUnit.SECONDS);
      double seconds = (System.nanoTime() - begin) / 1e9;
      assertThat(2 * each).as("in %s s", seconds).isLessThan((int) (rate * (seconds + 0.3)));
    }
  }

  @Test
  void aSessionResumes() throws Exception {
    try (TestRelay relay = relay()) {
      TlsWire.Peer trusting = TlsWire.trusting();
      for (int i = 0; i < 3; i++) {
        try (TurnClient client = relay.client(new TlsWire(relay.tls(), "TLSv1.3", trusting))) {
          client.allocate();
        }
      }
      Wait.until("three handshakes", () -> secured(relay).tlsHandshakes() == 3);
      Wait.until("no sessions", () -> secured(relay).tlsSessions() == 0);
      Wait.until("no allocations", () -> relay.ended.size() == 3);
    }
  }

  @Test
  void turnMayBeAskedForByName() throws Exception {
    try (TestRelay relay = relay();
        TlsWire wire = negotiating(relay, "h2", "stun.nat-discovery", "stun.turn");
        TurnClient client = relay.client(wire)) {
      assertThat(wire.socket().getApplicationProtocol()).isEqualTo("stun.turn");
      client.allocate();
    }
  }

  /** RFC 7443: who says it is here for NAT discovery gets no relay. */
  @Test
  void natDiscoveryGetsBindingsAndNoRelay() throws Exception {
    try (TestRelay relay = relay();
        TlsWire wire = negotiating(relay, "stun.nat-discovery")) {
      assertThat(wire.socket().getApplicationProtocol()).isEqualTo("stun.nat-discovery");
      wire.send(Stun.binding());
      assertThat(wire.receive(SOON)).isPresent();
      TurnClient client = relay.client(wire);
      assertThatThrownBy(client::allocate).isNotNull();
      Wait.until("counted", () -> secured(relay).failed(Failure.NOT_NEGOTIATED) > 0);
      assertThat(relay.started).isEmpty();
    }
  }

  @Test
  void anotherProtocolIsRefusedByItsAlert() throws Exception {
    try (TestRelay relay = relay()) {
      assertThatExceptionOfType(SSLException.class)
          .isThrownBy(() -> negotiating(relay, "h2"))
          .withMessageContaining("no_application_protocol");
    }
  }

  private static TlsWire negotiating(TestRelay relay, String... protocols) throws Exception {
    return new TlsWire(
        relay.tls(),
        socket -> {
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setApplicationProtocols(protocols);
          socket.setSSLParameters(parameters);
        });
  }

  @Test
  void aChangedFileIsFoundWithoutBeingTold() throws Exception {
    Path file = directory.resolve("both.pem");
    TestCertificates.write(file, file, "one.example");
    try (TestRelay relay = relay("bradawl.tls.certificate=" + file)) {
      assertThat(relay.datapath().mayBeTrustedFor("one.example")).isTrue();
      TestCertificates.write(file, file, "two.example");
      Wait.until("replaced", () -> relay.datapath().mayBeTrustedFor("two.example"));
    }
  }

  @Test
  void aBrokenFileLeavesTheOldCertificate() throws Exception {
    Path certificate = directory.resolve("server.crt");
    Path key = directory.resolve("server.key");
    TestCertificates.write(certificate, key, "one.example");
    try (TestRelay relay =
        relay("bradawl.tls.certificate=" + certificate, "bradawl.tls.key=" + key)) {
      TestCertificates.write(certificate, directory.resolve("another.key"), "two.example");
      assertThat(relay.datapath().reloadCertificates())
          .isInstanceOfSatisfying(
              CertificateReload.Refused.class,
              refused ->
                  assertThat(refused.problem())
                      .contains("bradawl.tls.certificate")
                      .contains("not for the key"));
      assertThat(namesServed(relay)).containsExactly("one.example");
    }
  }

  /** SNI: each client is shown the certificate of the name it asked for. */
  @Test
  void theNameAskedForChoosesTheCertificate() throws Exception {
    Path hosts = directory.resolve("hosts");
    TestCertificates.write(hosts.resolve("a.crt"), hosts.resolve("a.key"), "a.example");
    Path folder = hosts.resolve("wild");
    TestCertificates.write(
        folder.resolve("fullchain.pem"), folder.resolve("privkey.pem"), "*.wild.example");
    try (TestRelay relay = relay("bradawl.tls.hosts=" + hosts)) {
      assertThat(namesServed(relay, "A.example")).containsExactly("a.example");
      assertThat(namesServed(relay, "x.wild.example")).containsExactly("*.wild.example");
      assertThat(namesServed(relay, "x.y.wild.example")).contains("localhost");
      assertThat(namesServed(relay)).contains("localhost");
      assertThat(relay.datapath().mayBeTrustedFor("x.wild.example")).isTrue();
      assertThat(relay.datapath().mayBeTrustedFor("localhost")).isFalse();
    }
  }

  /** SNI: each name may have a realm of its own. */
  @Test
  void theNameAskedForChoosesTheRealm() throws Exception {
    try (TestRelay relay =
        relay(
            "bradawl.turn.secret=north", "bradawl.turn.realms=a.example=first,B.example=second")) {
      assertThat(realm(relay, "a.example")).isEqualTo("first");
      assertThat(realm(relay, "b.example")).isEqualTo("second");
      assertThat(realm(relay, "c.example")).isEqualTo("bradawl");
      assertThat(realm(relay)).isEqualTo("bradawl");
    }
  }

  private static String realm(TestRelay relay, String... serverNames) throws Exception {
    EphemeralCredentials.Minted bob =
        new EphemeralCredentials("north").mint("bob", Instant.now().plusSeconds(600));
    try (TurnClient client =
        new TurnClient(asking(relay, serverNames), bob.username(), bob.password())) {
      client.allocate();
      return client.realm();
    }
  }

  /** A user's keys are good in one realm, and who is meant by a name depends on it. */
  @Test
  void eachRealmHasItsUsers() throws Exception {
    try (TestRelay relay =
            relay(
                "bradawl.turn.realms=a.example=first",
                "bradawl.turn.realm-users=first=" + TestRelay.USER + ":looking-glass");
        TurnClient there =
            new TurnClient(asking(relay, "a.example"), TestRelay.USER, "looking-glass");
        TurnClient standard = relay.client(asking(relay));
        TurnClient stranger = relay.client(asking(relay, "a.example"))) {
      there.allocate();
      assertThat(there.realm()).isEqualTo("first");
      standard.allocate();
      assertThat(stranger.allocateError()).isEqualTo(401);
      assertThat(relay.started)
          .extracting(view -> view.info().principal().user())
          .containsExactly(TestRelay.USER + "@first", TestRelay.USER);
    }
  }

  private static TlsWire asking(TestRelay relay, String... serverNames) throws IOException {
    return new TlsWire(
        relay.tls(),
        socket -> {
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setServerNames(
              List.of(serverNames).stream().<SNIServerName>map(SNIHostName::new).toList());
          socket.setSSLParameters(parameters);
        });
  }

  private static List<String> namesServed(TestRelay relay, String... serverNames) throws Exception {
    try (TlsWire wire = asking(relay, serverNames)) {
      return wire.peerNames();
    }
  }

  @Test
  void theSelfMadeCertificateIsKept() throws Exception {
    byte[] first;
    try (TestRelay relay = relay();
        TlsWire wire = new TlsWire(relay.tls(), "TLSv1.3")) {
      first = wire.socket().getSession().getPeerCertificates()[0].getEncoded();
    }
    try (TestRelay relay = relay();
        TlsWire wire = new TlsWire(relay.tls(), "TLSv1.3")) {
      assertThat(wire.socket().getSession().getPeerCertificates()[0].getEncoded()).isEqualTo(first);
    }
  }

  /** Bytes that are no TLS, and connections that say nothing, cost a counter and no descriptor. */
  @Test
  void hostileBytesAreCountedAndKeepNothing() throws Exception {
    Requires.linux();
    try (TestRelay relay = relay()) {
      long before = Descriptors.open();
      for (int i = 0; i < 200; i++) {
        try (Socket socket = socket(relay)) {
          socket.getOutputStream().write(i % 2 == 0 ? Stun.binding() : hello(i));
          if (i % 2 == 0) {
            assertThat(socket.getInputStream().read()).isNegative();
          }
        }
      }
      Wait.until(
          "all counted",
          () ->
              secured(relay).failed(Failure.NOT_TLS) == 100
                  && secured(relay).failed(Failure.HANDSHAKE_REFUSED)
                          + secured(relay).failed(Failure.HANDSHAKE_ABANDONED)
                      == 100);
      Wait.until("closed", () -> relay.datapath().statistics().connections() == 0);
      Descriptors.fallTo(before + 5);
      try (TurnClient client = relay.client(new TlsWire(relay.tls(), "TLSv1.3"))) {
        client.allocate();
      }
    }
  }

  /** The header of a handshake record and random content. */
  private static byte[] hello(int seed) {
    byte[] bytes = new byte[300];
    new Random(seed).nextBytes(bytes);
    bytes[0] = 22;
    bytes[1] = 3;
    bytes[2] = 1;
    bytes[3] = 1;
    bytes[4] = (byte) (seed % 40);
    bytes[5] = 1;
    return bytes;
  }

  @Test
  void aSlowReaderIsBoundedAndAnotherGoesOn() throws Exception {
    try (TestRelay relay = relay();
        TurnClient slow = relay.client(new TlsWire(relay.tls(), "TLSv1.3"));
        TurnClient other = relay.client(new TlsWire(relay.tls(), "TLSv1.3"));
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      slow.allocate();
      slow.bind(0x4000, peer.address());
      other.allocate();
      other.bind(0x4000, peer.address());
      byte[] large = new byte[30_000];
      long memory = Memory.used();
      for (int i = 0; i < 1000 && dropped(relay) == 0; i++) {
        slow.send(0x4000, large);
        other.send(0x4000, "still " + i);
        assertThat(other.receive(SOON)).contains("still " + i);
      }
      Wait.until("drops counted", () -> dropped(relay) > 0);
      // A quarter of a megabyte waits for the reader; the rest is chunks, records and this test.
      assertThat(Memory.used() - memory).isLessThan(4 << 20);
    }
  }

  private static long dropped(TestRelay relay) {
    return relay.datapath().statistics().dropped(Drop.SLOW_READER);
  }

  @Test
  void aClosedSessionSaysSo() throws Exception {
    try (TestRelay relay = relay();
        TlsWire wire = new TlsWire(relay.tls(), "TLSv1.3");
        TurnClient client = relay.client(wire)) {
      client.allocate();
      relay.datapath().close();
      wire.socket().setSoTimeout((int) SOON.toMillis());
      int end;
      do {
        end = wire.socket().getInputStream().read(); // a cut-off session would throw
      } while (end >= 0);
    }
  }

  @Test
  void aWrongFileNamesItsKeyAndTheRemedy() {
    assertThatExceptionOfType(ConfigurationProblem.class)
        .isThrownBy(() -> relay("bradawl.tls.certificate=" + directory.resolve("none.pem")))
        .withMessageContaining("bradawl.tls.certificate")
        .withMessageContaining("does not exist");
  }

  @Test
  void aDefaultPortThatIsTakenOnlyCostsTls() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      try {
        taken.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5349));
      } catch (BindException e) {
        assertThat(e).isNotNull(); // another program has it: as good
      }
      try (TestRelay relay = TestRelay.start(engine(), "bradawl.listen.tls-port=")) {
        assertThat(relay.datapath().listeners())
            .noneMatch(listener -> listener.transport() == Transport.TLS);
      }
    }
  }

  private static Socket socket(TestRelay relay) throws IOException {
    TransportAddress address = relay.tls();
    Socket socket = new Socket(address.address().toInetAddress(), address.port());
    socket.setSoTimeout((int) SOON.toMillis());
    return socket;
  }
}
