package org.bradawl.datapath.secure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;

/** The server's side of one DTLS 1.2 session: what it offers, and what became of it. */
public final class DtlsServer extends DefaultTlsServer {

  /** RFC 8489 §6.2.1 gives a transaction 39.5 s; a handshake is a few of those round trips. */
  private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);

  /** RFC 9325 §4.2: forward secrecy and authenticated encryption. */
  private static final int[] WITH_ECDSA = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
  };

  private static final int[] WITH_RSA = {
    CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
  };

  private final DtlsCrypto crypto;
  private final Identities identities;
  private Optional<String> serverName = Optional.empty();
  private boolean discoveryOnly;
  private volatile boolean ended;

  DtlsServer(DtlsCrypto crypto, Identities identities) {
    super(crypto);
    this.crypto = crypto;
    this.identities = identities;
  }

  /** The name that the client asked for (RFC 6066 §3). */
  public Optional<String> serverName() {
    return serverName;
  }

  /** Whether the client said by ALPN that it wants no relay (RFC 7443). */
  public boolean discoveryOnly() {
    return discoveryOnly;
  }

  /** Whether the client has closed the session, or it failed. */
  public boolean ended() {
    return ended;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return (int) HANDSHAKE_LIMIT.toMillis();
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    int[] all = {WITH_ECDSA[0], WITH_ECDSA[1], WITH_RSA[0], WITH_RSA[1]};
    return TlsUtils.getSupportedCipherSuites(getCrypto(), all);
  }

  @Override
  protected boolean selectCipherSuite(int suite) throws IOException {
    boolean ecdsa = suite == WITH_ECDSA[0] || suite == WITH_ECDSA[1];
    return identity(ecdsa ? "EC" : "RSA").isPresent() && super.selectCipherSuite(suite);
  }

  @Override
  @SuppressWarnings({"JdkObsolete", "rawtypes"}) // the library's own signature
  public void processClientExtensions(Hashtable clientExtensions) throws IOException {
    super.processClientExtensions(clientExtensions);
    Vector<?> names = TlsExtensionsUtils.getServerNameExtensionClient(clientExtensions);
    for (Object name : names == null ? List.of() : names) {
      if (name instanceof ServerName named && named.getNameType() == NameType.host_name) {
        serverName = Optional.of(new String(named.getNameData(), StandardCharsets.US_ASCII));
      }
    }
    discoveryOnly = ProtocolName.STUN_NAT_DISCOVERY.equals(selectedProtocolName);
  }

  @Override
  @SuppressWarnings("JdkObsolete") // the library's own signature
  protected Vector<ProtocolName> getProtocolNames() {
    return new Vector<>(List.of(ProtocolName.STUN_TURN, ProtocolName.STUN_NAT_DISCOVERY));
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    return credentials("EC", SignatureAlgorithm.ecdsa);
  }

  @Override
  protected TlsCredentialedSigner getRSASignerCredentials() throws IOException {
    return credentials("RSA", SignatureAlgorithm.rsa);
  }

  private Optional<ServerIdentity> identity(String kind) {
    return identities.forName(serverName).stream()
        .filter(identity -> identity.kind().equals(kind))
        .findFirst();
  }

  private TlsCredentialedSigner credentials(String kind, short algorithm) throws IOException {
    ServerIdentity identity =
        identity(kind).orElseThrow(() -> new TlsFatalAlert(AlertDescription.handshake_failure));
    List<TlsCertificate> chain = new ArrayList<>();
    try {
      for (var certificate : identity.chain()) {
        chain.add(new JcaTlsCertificate(crypto, certificate.getEncoded()));
      }
    } catch (CertificateEncodingException e) {
      throw new IOException("a certificate that was read can be written", e);
    }
    return new JcaDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        identity.key(),
        new Certificate(chain.toArray(TlsCertificate[]::new)),
        TlsUtils.chooseSignatureAndHashAlgorithm(
            context, context.getSecurityParametersHandshake().getClientSigAlgs(), algorithm));
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    if (level == AlertLevel.fatal || description == AlertDescription.close_notify) {
      ended = true;
    }
  }
}
