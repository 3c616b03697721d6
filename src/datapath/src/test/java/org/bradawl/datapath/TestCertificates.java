package org.bradawl.datapath;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates for tests, as PEM files. */
public final class TestCertificates {

  private static final SecureRandom RANDOM = new SecureRandom();

  private TestCertificates() {}

  /** Writes a self-signed certificate for an EC key and one name; both may go to one file. */
  public static void write(Path certificate, Path key, String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256, RANDOM);
    write(certificate, key, name, generator.generateKeyPair(), "SHA256withECDSA");
  }

  /** The same for an RSA key. */
  public static void writeRsa(Path certificate, Path key, String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048, RANDOM);
    write(certificate, key, name, generator.generateKeyPair(), "SHA256withRSA");
  }

  private static void write(Path certificate, Path key, String name, KeyPair pair, String algorithm)
      throws Exception {
    Instant now = Instant.now();
    X500Name subject = new X500Name("CN=test");
    X509CertificateHolder made =
        new JcaX509v3CertificateBuilder(
                subject,
                new BigInteger(100, RANDOM),
                Date.from(now.minusSeconds(86_400)),
                Date.from(now.plusSeconds(86_400)),
                subject,
                pair.getPublic())
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, name)))
            .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()));
    Files.createDirectories(certificate.getParent());
    Files.writeString(certificate, pem(made));
    Files.writeString(
        key,
        pem(new JcaPKCS8Generator(pair.getPrivate(), null)),
        StandardOpenOption.CREATE,
        certificate.equals(key) ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
