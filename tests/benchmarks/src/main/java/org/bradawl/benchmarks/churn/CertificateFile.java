package org.bradawl.benchmarks.churn;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A PEM file with key and certificate, which an operator renews again and again. */
final class CertificateFile {

  private static final Duration VALIDITY = Duration.ofDays(1);

  private final SecureRandom random = new SecureRandom();
  private final Path file;

  CertificateFile(Path folder) throws IOException {
    this.file = folder.resolve("relay.pem");
    renew();
  }

  Path path() {
    return file;
  }

  /** Puts another key and another certificate in the place of the last, at once. */
  void renew() throws IOException {
    Path draft = file.resolveSibling("relay.pem.new");
    Files.writeString(draft, pem());
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private String pem() throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256, random);
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=churn");
      Instant now = Instant.now();
      writer.writeObject(
          new JcaX509v3CertificateBuilder(
                  name,
                  new BigInteger(100, random),
                  Date.from(now.minus(VALIDITY)),
                  Date.from(now.plus(VALIDITY)),
                  name,
                  pair.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
      writer.writeObject(new JcaPKCS8Generator(pair.getPrivate(), null));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("every JDK makes keys on P-256 and signs with them", e);
    }
    return text.toString();
  }
}
