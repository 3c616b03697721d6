package org.bradawl.datapath.secure;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** Reads certificates and keys as OpenSSL, certbot and every authority write them. */
final class Pem {

  /** A chain of a dozen certificates; anything larger is no PEM file of ours. */
  private static final long LARGEST = 256 * 1024;

  private Pem() {}

  /** The certificates of a file in its order; what else it holds is passed over. */
  static List<X509Certificate> certificates(Path file) throws IdentityProblem {
    List<X509Certificate> found = new ArrayList<>();
    for (Object object : objects(file)) {
      if (object instanceof X509CertificateHolder holder) {
        try {
          found.add(new JcaX509CertificateConverter().getCertificate(holder));
        } catch (CertificateException e) {
          throw unreadable(e);
        }
      }
    }
    if (found.isEmpty()) {
      throw new IdentityProblem(
          "holds no certificate",
          "Give a PEM file that begins with -----BEGIN CERTIFICATE-----: the server's certificate"
              + " first, then those that signed it.");
    }
    return found;
  }

  /** The first key of a file: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC). */
  static PrivateKey key(Path file) throws IdentityProblem {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try {
      for (Object object : objects(file)) {
        switch (object) {
          case PrivateKeyInfo key -> {
            return converter.getPrivateKey(key);
          }
          case PEMKeyPair pair -> {
            return converter.getPrivateKey(pair.getPrivateKeyInfo());
          }
          case PKCS8EncryptedPrivateKeyInfo _, PEMEncryptedKeyPair _ ->
              throw new IdentityProblem(
                  "is encrypted",
                  "Decrypt it (openssl pkey -in KEY -out PLAIN) and let only this server's user"
                      + " read it.");
          default -> {} // parameters of a curve, a certificate in the same file
        }
      }
    } catch (PEMException e) {
      throw unreadable(e);
    }
    throw new IdentityProblem(
        "holds no private key",
        "Give a PEM file with -----BEGIN PRIVATE KEY-----, BEGIN RSA PRIVATE KEY or BEGIN EC PRIVATE"
            + " KEY.");
  }

  private static List<Object> objects(Path file) throws IdentityProblem {
    List<Object> objects = new ArrayList<>();
    try {
      if (Files.size(file) > LARGEST) {
        throw new IdentityProblem("is far too large", "Give a PEM file.");
      }
      try (Reader reader = Files.newBufferedReader(file);
          PEMParser parser = new PEMParser(reader)) {
        for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
          objects.add(object);
        }
      }
    } catch (NoSuchFileException e) {
      throw new IdentityProblem("names a file that does not exist", "Give the path of one.", e);
    } catch (IOException | RuntimeException e) {
      // The parser throws what it likes for what it does not like.
      throw unreadable(e);
    }
    return objects;
  }

  private static IdentityProblem unreadable(Exception cause) {
    return new IdentityProblem(
        "cannot be read as PEM", "Give a readable file as openssl writes it.", cause);
  }
}
