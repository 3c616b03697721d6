package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.bradawl.stun.IpAddress;
import org.junit.jupiter.api.Test;

/** The certificate that TLS and DTLS show alike. A subclass names the engine and the protocol. */
abstract class CertificateContract extends SecureScene {

  /** A client under the protocol, after its handshake. */
  abstract ShownCertificate wire(TestRelay relay) throws Exception;

  /** A wire that knows the names in the certificate that the server showed. */
  interface ShownCertificate extends ClientWire {
    List<String> peerNames() throws Exception;
  }

  @Test
  void aCertificateIsReplacedUnderALiveSession() throws Exception {
    Path certificate = directory.resolve("server.crt");
    Path key = directory.resolve("server.key");
    TestCertificates.write(certificate, key, "one.example");
    try (TestRelay relay =
            relay("bradawl.tls.certificate=" + certificate, "bradawl.tls.key=" + key);
        ShownCertificate wire = wire(relay);
        TurnClient client = relay.client(wire);
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      assertThat(wire.peerNames()).containsExactly("one.example");
      assertThat(relay.datapath().mayBeTrustedFor("one.example")).isTrue();
      client.allocate();
      client.bind(0x4000, peer.address());

      TestCertificates.write(certificate, key, "two.example");
      assertThat(relay.datapath().reloadCertificates())
          .isInstanceOf(CertificateReload.Replaced.class);

      client.send(0x4000, "still here");
      assertThat(client.receive(SOON)).contains("still here");
      assertThat(client.refresh(600)).isZero();
      try (ShownCertificate next = wire(relay)) {
        assertThat(next.peerNames()).containsExactly("two.example");
      }
      assertThat(relay.datapath().mayBeTrustedFor("one.example")).isFalse();
      assertThat(relay.datapath().reloadCertificates())
          .isInstanceOf(CertificateReload.Unchanged.class);
    }
  }

  static SecureStatistics secured(TestRelay relay) {
    return relay.datapath().statistics().secured();
  }
}
