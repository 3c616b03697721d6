package org.bradawl.agent.tunnel;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** Trusts the one certificate whose fingerprint signaling has brought. */
final class PinnedCertificate implements X509TrustManager {

  private final String fingerprint;
  private volatile boolean refused;

  PinnedCertificate(String fingerprint) {
    this.fingerprint = fingerprint;
  }

  /** Whether another was shown. */
  boolean hasRefused() {
    return refused;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (chain.length == 0 || !TunnelIdentity.fingerprint(chain[0]).equals(fingerprint)) {
      refused = true;
      throw new CertificateException("its fingerprint is not " + fingerprint);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("clients prove themselves otherwise");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
