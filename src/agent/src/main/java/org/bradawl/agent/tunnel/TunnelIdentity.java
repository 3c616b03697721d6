package org.bradawl.agent.tunnel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import org.bradawl.agent.path.PathSocket;

/**
 * A key and a certificate that this process signs itself, as WebRTC does (RFC 8827 §6.5): nobody
 * vouches for it but signaling, which brings its fingerprint to the other side under the name that
 * the server has checked.
 */
public final class TunnelIdentity {

  static final String ALIAS = "tunnel";

  /** The key store never leaves memory; the format wants a password. */
  static final char[] PASSWORD = "in memory only".toCharArray();

  /** Longer than any process lives, for clocks that are wrong by as much. */
  private static final long DAYS = 365;

  private final KeyStore store;
  private final String fingerprint;

  private TunnelIdentity(KeyStore store, String fingerprint) {
    this.store = store;
    this.fingerprint = fingerprint;
  }

  /** A fresh one. */
  public static TunnelIdentity create(SecureRandom random, InstantSource clock) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      X509Certificate certificate = certificate(pair, random, clock.instant());
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(ALIAS, pair.getPrivate(), PASSWORD, new Certificate[] {certificate});
      return new TunnelIdentity(store, fingerprint(certificate));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java lacks what every Java has", e);
    }
  }

  private static X509Certificate certificate(KeyPair pair, SecureRandom random, Instant now)
      throws GeneralSecurityException {
    byte[] algorithm = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    // The name that the other side connects to, which agent15 compares whatever else vouches.
    byte[] name =
        Der.sequence(
            Der.set(Der.sequence(Der.oid(2, 5, 4, 3), Der.utf8(PathSocket.PEER.getHostString()))));
    byte[] serial = new byte[16];
    random.nextBytes(serial);
    // Positive and without a leading zero.
    serial[0] = (byte) ((serial[0] & 0x3f) | 0x40);
    byte[] body =
        Der.sequence(
            Der.explicit(0, Der.integer(new byte[] {2})),
            Der.integer(serial),
            algorithm,
            name,
            Der.sequence(time(now, -DAYS), time(now, DAYS)),
            name,
            pair.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate(), random);
    signature.update(body);
    byte[] encoded = Der.sequence(body, algorithm, Der.bits(signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  private static byte[] time(Instant now, long days) {
    Instant at = now.plusSeconds(days * 86_400);
    return Der.utcTime(
        DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(at));
  }

  /** What names a certificate in signaling: {@code sha-256} of it, in hexadecimal. */
  public String fingerprint() {
    return fingerprint;
  }

  KeyStore store() {
    return store;
  }

  static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return "sha-256 " + HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java lacks what every Java has", e);
    }
  }
}
