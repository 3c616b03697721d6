package org.bradawl.datapath.secure;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate a server makes for itself when it is given none: enough to encrypt, and for a
 * client that is told to trust it. Kept, so that such a client need not be told again.
 */
final class SelfMade {

  /** Nobody renews it: it outlives the machine, or is replaced by a real one long before. */
  private static final Duration VALIDITY = Duration.ofDays(3650);

  /** Clocks that are behind ours. */
  private static final Duration BEFORE = Duration.ofDays(1);

  private static final String FILE = "self-signed.pem";

  private SelfMade() {}

  /** Where it is kept: key and certificate in one file. */
  static Path file(Path directory) {
    return directory.resolve("tls").resolve(FILE);
  }

  /** The kept one, if there is one that is still good. */
  static boolean isKept(Path directory, Instant now) {
    try {
      return Files.exists(file(directory))
          && now.isBefore(Pem.certificates(file(directory)).getFirst().getNotAfter().toInstant());
    } catch (IdentityProblem e) {
      return false;
    }
  }

  static ServerIdentity kept(Path directory) throws IdentityProblem {
    Path file = file(directory);
    return ServerIdentity.of(Pem.certificates(file), Pem.key(file), true);
  }

  static ServerIdentity make(SecureRandom random, Instant now) throws IdentityProblem {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      return ServerIdentity.of(
          List.of(certificate(pair, new BigInteger(127, random), now)), pair.getPrivate(), true);
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("every JDK makes keys on P-256 and signs with them", e);
    }
  }

  private static X509Certificate certificate(KeyPair pair, BigInteger serial, Instant now)
      throws GeneralSecurityException, OperatorCreationException, CertIOException {
    X500Name name = new X500Name("CN=Bradawl");
    GeneralName[] names = {
      new GeneralName(GeneralName.dNSName, "localhost"),
      new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
      new GeneralName(GeneralName.iPAddress, "::1")
    };
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    name,
                    serial,
                    Date.from(now.minus(BEFORE)),
                    Date.from(now.plus(VALIDITY)),
                    name,
                    pair.getPublic())
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }

  /**
   * Keeps an identity, readable for this user alone.
   *
   * @throws IOException if it cannot be written; the identity is good all the same, until the end
   */
  static void keep(ServerIdentity identity, Path directory) throws IOException {
    Path file = file(directory);
    Files.createDirectories(file.getParent());
    Path draft = Files.createTempFile(file.getParent(), FILE, ".new");
    if (Files.getFileStore(draft).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
    }
    Files.writeString(draft, pem(identity));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String pem(ServerIdentity identity) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(new JcaPKCS8Generator(identity.key(), null));
      writer.writeObject(identity.chain().getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes what is written to it", e);
    }
    return text.toString();
  }
}
