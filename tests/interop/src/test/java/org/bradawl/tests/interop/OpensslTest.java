package org.bradawl.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenSSL's client against TLS and DTLS, and keys as OpenSSL writes them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class OpensslTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir static Path directory;

  private RelayProcess relay;

  @BeforeAll
  void start() throws IOException {
    Requires.program("openssl", "Debian package openssl");
    Path hosts = Files.createDirectory(directory.resolve("hosts"));
    certificate("ec -pkeyopt ec_paramgen_curve:P-256", "standard.example", directory);
    certificate("rsa:2048", "other.example", hosts);
    relay =
        RelayProcess.start(
            Map.of(
                "bradawl.tls.certificate", directory.resolve("standard.example.crt").toString(),
                "bradawl.tls.key", directory.resolve("standard.example.key").toString(),
                "bradawl.tls.hosts", hosts.toString()));
  }

  @AfterAll
  void stop() {
    relay.close();
  }

  private static void certificate(String kind, String name, Path folder) {
    Program.Result made =
        shell(
            "cd '%s' && openssl req -x509 -newkey %s -nodes -keyout %s.key -out %s.crt -days 2"
                    .formatted(folder, kind, name, name)
                + " -subj /CN=test -addext subjectAltName=DNS:"
                + name);
    assertThat(made.exitCode()).as(made.output()).isZero();
  }

  private static Program.Result shell(String command) {
    return Program.run(LIMIT, "sh", "-c", command);
  }

  private String client(String flags) {
    return shell(
            "openssl s_client -connect 127.0.0.1:%d %s 2>&1 </dev/null"
                .formatted(relay.tlsPort(), flags))
        .output();
  }

  @ParameterizedTest
  @CsvSource({
    "-tls1_3,  stun.turn,          TLSv1.3",
    "-tls1_2,  stun.turn,          TLSv1.2",
    "-tls1_2,  stun.nat-discovery, TLSv1.2",
    "-dtls1_2, stun.turn,          DTLSv1.2",
    "-dtls1_2, stun.nat-discovery, DTLSv1.2"
  })
  void versionAndApplicationProtocolAreNegotiated(String flag, String protocol, String version) {
    assertThat(client(flag + " -alpn " + protocol))
        .contains("ALPN protocol: " + protocol)
        .containsPattern("(New, |Protocol *: )" + version);
  }

  @ParameterizedTest
  @CsvSource({"-tls1_3", "-tls1_2", "-dtls1_2"})
  void anotherApplicationProtocolIsRefused(String flag) {
    assertThat(client(flag + " -alpn h2")).contains("no application protocol");
  }

  @ParameterizedTest
  @CsvSource({"-tls1_1", "-tls1", "-dtls1"})
  void olderVersionsAreRefused(String flag) {
    assertThat(client(flag + " -cipher DEFAULT@SECLEVEL=0"))
        .containsPattern("alert (protocol version|handshake failure)");
  }

  @ParameterizedTest
  @CsvSource({"AES128-SHA", "ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256"})
  void weakCiphersAreRefused(String cipher) {
    assertThat(client("-tls1_2 -cipher " + cipher + ":@SECLEVEL=0"))
        .contains("alert handshake failure");
  }

  @ParameterizedTest
  @CsvSource({
    "-tls1_3,  other.example,    other.example",
    "-tls1_3,  unknown.example,  standard.example",
    "-tls1_2,  other.example,    other.example",
    "-dtls1_2, other.example,    other.example",
    "-dtls1_2, unknown.example,  standard.example"
  })
  void theNameAskedForChoosesTheCertificate(String flag, String name, String shown) {
    String command =
        "openssl s_client -connect 127.0.0.1:%d %s -servername %s </dev/null 2>&1"
            .formatted(relay.tlsPort(), flag, name);
    assertThat(shell(command + " | openssl x509 -noout -ext subjectAltName").output())
        .contains("DNS:" + shown);
  }

  /** RFC 5746 aside, nobody may begin a second handshake on a session. */
  @Test
  void renegotiationEndsTheSession() {
    String output =
        shell(
                "(sleep 1; echo R; sleep 2) | openssl s_client -connect 127.0.0.1:%d -tls1_2 2>&1"
                    .formatted(relay.tlsPort()))
            .output();
    assertThat(output)
        .contains("RENEGOTIATING")
        .doesNotContain("verify return:1\nRENEGOTIATING\nverify");
  }

  @ParameterizedTest
  @CsvSource({
    "openssl genrsa -traditional -out key.pem 2048",
    "openssl genrsa -out key.pem 2048",
    "openssl ecparam -name prime256v1 -genkey -out key.pem",
    "openssl ecparam -name secp384r1 -genkey -noout -out key.pem"
  })
  void everyKindOfKeyFileIsRead(String command) throws IOException {
    Path folder = Files.createTempDirectory(directory, "kind");
    Program.Result made =
        shell(
            "cd '%s' && %s && openssl req -x509 -new -key key.pem -out cert.pem -subj /CN=k"
                .formatted(folder, command));
    assertThat(made.exitCode()).as(made.output()).isZero();
    try (RelayProcess own =
        RelayProcess.start(
            Map.of(
                "bradawl.tls.certificate", folder.resolve("cert.pem").toString(),
                "bradawl.tls.key", folder.resolve("key.pem").toString()))) {
      assertThat(own.readyLine()).contains("turns:127.0.0.1:" + own.tlsPort());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "openssl genrsa -traditional -aes128 -passout pass:x -out key.pem 2048",
    "openssl genrsa -aes128 -passout pass:x -out key.pem 2048"
  })
  void anEncryptedKeyIsRefusedWithTheRemedy(String command) throws IOException {
    Path folder = Files.createTempDirectory(directory, "encrypted");
    assertThat(shell("cd '%s' && %s".formatted(folder, command)).exitCode()).isZero();
    Map<String, String> properties = new HashMap<>();
    properties.put("bradawl.listen.address", "127.0.0.1");
    properties.put("bradawl.listen.port", Integer.toString(FreePorts.one()));
    properties.put("bradawl.listen.tls-port", Integer.toString(FreePorts.one()));
    properties.put("bradawl.tls.certificate", directory.resolve("standard.example.crt").toString());
    properties.put("bradawl.tls.key", folder.resolve("key.pem").toString());
    try (Program program = Program.start(Map.of(), RelayProcess.command(properties))) {
      Program.Result result = program.waitForEnd(LIMIT);
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.output())
          .contains("bradawl.tls.key is encrypted")
          .contains("openssl pkey -in");
    }
  }
}
