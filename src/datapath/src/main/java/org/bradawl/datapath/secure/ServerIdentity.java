package org.bradawl.datapath.secure;

import java.net.IDN;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.bradawl.stun.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with what proves that it is ours.
 *
 * @param chain the server's certificate first, then those that signed it
 * @param key its private key
 * @param names the names and addresses it is made for, in lower case
 * @param selfMade whether this server made it for want of another: nobody will trust it
 */
public record ServerIdentity(
    List<X509Certificate> chain, PrivateKey key, List<String> names, boolean selfMade) {

  /** Subject alternative names, RFC 5280 §4.2.1.6. */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  /** Keeps its own copies. */
  public ServerIdentity {
    chain = List.copyOf(chain);
    names = List.copyOf(names);
  }

  /**
   * The identity that a chain and a key make.
   *
   * @throws IdentityProblem if the key is not the certificate's, or its kind cannot be served
   */
  static ServerIdentity of(List<X509Certificate> chain, PrivateKey key, boolean selfMade)
      throws IdentityProblem {
    X509Certificate own = chain.getFirst();
    String algorithm =
        switch (own.getPublicKey().getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default ->
              throw new IdentityProblem(
                  "is for a key of another kind than RSA and EC", "Give one for RSA or EC.");
        };
    if (!belongTogether(own, key, algorithm)) {
      throw new IdentityProblem(
          "is not for the key beside it",
          "Give the key that the certificate was made for; both must come from one issue.");
    }
    return new ServerIdentity(chain, key, namesOf(own), selfMade);
  }

  private static boolean belongTogether(X509Certificate own, PrivateKey key, String algorithm) {
    byte[] probe = {1, 2, 3};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(probe);
      byte[] signature = signer.sign();
      signer.initVerify(own.getPublicKey());
      signer.update(probe);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // an EC key beside an RSA certificate
    }
  }

  private static List<String> namesOf(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      @Nullable Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
        int kind = (Integer) name.getFirst();
        if (kind == DNS_NAME) {
          names.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
        } else if (kind == IP_ADDRESS) {
          names.add(IpAddress.parse((String) name.get(1)).toString());
        }
      }
    } catch (CertificateParsingException | IllegalArgumentException e) {
      return List.of(); // it is served all the same, by default
    }
    return names;
  }

  /** {@code RSA} or {@code EC}. */
  public String kind() {
    return chain.getFirst().getPublicKey().getAlgorithm();
  }

  /** Whether it is made for this host: a DNS name, or an address without brackets. */
  public boolean covers(String host) {
    String wanted = normal(host);
    return names.stream().anyMatch(name -> matches(name, wanted));
  }

  /** RFC 6125 §6.4.3: an asterisk stands for one whole label, the leftmost. */
  private static boolean matches(String name, String wanted) {
    if (!name.startsWith("*.")) {
      return name.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    return dot > 0 && wanted.substring(dot).equals(name.substring(1));
  }

  private static String normal(String host) {
    String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    try {
      return IpAddress.parse(bare).toString();
    } catch (IllegalArgumentException noAddress) {
      // A name, then.
    }
    try {
      return IDN.toASCII(bare).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException noName) {
      return bare;
    }
  }

  /** What the log may say of it. */
  public String describe() {
    X509Certificate own = chain.getFirst();
    return "%s certificate for %s, good until %s"
        .formatted(
            kind(),
            names.isEmpty() ? own.getSubjectX500Principal().getName() : String.join(", ", names),
            own.getNotAfter().toInstant());
  }

  /** Leaves the key out. */
  @Override
  public String toString() {
    return describe();
  }
}
