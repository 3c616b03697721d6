package org.bradawl.tests.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;

/**
 * The server's certificate, for a name that only a browser told so can resolve, and that only a
 * browser told so trusts. No other test meets it: they reach the server by its address.
 */
final class Certificate {

  /** RFC 6761 §6.4: nobody's name. */
  static final String HOST = "relay.invalid";

  private static final Path FOLDER = folder();

  private Certificate() {}

  /** Where the server finds certificate and key. */
  static Map<String, String> settings() {
    return Map.of(
        "bradawl.tls.certificate", FOLDER.resolve("cert.pem").toString(),
        "bradawl.tls.key", FOLDER.resolve("key.pem").toString());
  }

  /** What makes Chromium find the host, and trust exactly this key. */
  static List<String> flags() {
    return List.of(
        "--host-resolver-rules=MAP " + HOST + " 127.0.0.1",
        "--ignore-certificate-errors-spki-list=" + fingerprint());
  }

  private static String fingerprint() {
    try (var input = Files.newInputStream(FOLDER.resolve("cert.pem"))) {
      byte[] key =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(input)
              .getPublicKey()
              .getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (IOException | CertificateException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("OpenSSL has just written it", e);
    }
  }

  private static Path folder() {
    Requires.program("openssl", "Debian package openssl");
    try {
      Path folder =
          Files.createTempDirectory(
              Files.createDirectories(Path.of("target").toAbsolutePath()), "certificate-");
      Program.Result made =
          Program.run(
              Duration.ofSeconds(30),
              "openssl",
              "req",
              "-x509",
              "-newkey",
              "ec",
              "-pkeyopt",
              "ec_paramgen_curve:P-256",
              "-nodes",
              "-keyout",
              folder.resolve("key.pem").toString(),
              "-out",
              folder.resolve("cert.pem").toString(),
              "-days",
              "2",
              "-subj",
              "/CN=test",
              "-addext",
              "subjectAltName=DNS:" + HOST);
      Requires.that(made.exitCode() == 0, "needs an openssl that makes certificates");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
