package org.bradawl.datapath.secure;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Makes the engines of TLS connections that show these identities. */
public final class TlsContext {

  /** BCP 195 (RFC 9325 §3.1): nothing older. */
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** A few hundred bytes each; those that resume mostly do so within minutes. */
  private static final int KEPT_SESSIONS = 4096;

  private static final int KEPT_SECONDS = 3600;

  private final SSLContext context;
  private final String[] suites;

  private TlsContext(SSLContext context) {
    this.context = context;
    this.suites =
        Arrays.stream(context.getSupportedSSLParameters().getCipherSuites())
            .filter(TlsContext::isStrong)
            .toArray(String[]::new);
  }

  static TlsContext of(Identities identities, SecureRandom random) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new Keys(identities)}, new TrustManager[0], random);
      context.getServerSessionContext().setSessionCacheSize(KEPT_SESSIONS);
      context.getServerSessionContext().setSessionTimeout(KEPT_SECONDS);
      return new TlsContext(context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /** RFC 9325 §4.2: forward secrecy and authenticated encryption. */
  private static boolean isStrong(String suite) {
    boolean tls13 = suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_");
    boolean ephemeral = suite.startsWith("TLS_ECDHE_");
    boolean authenticated = suite.contains("_GCM_") || suite.contains("_CHACHA20_");
    return tls13 || (ephemeral && authenticated);
  }

  /** An engine for one connection, at the server's side. */
  public SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(PROTOCOLS);
    engine.setEnabledCipherSuites(suites);
    engine.setHandshakeApplicationProtocolSelector(
        (_, offered) -> ApplicationProtocol.choose(offered));
    return engine;
  }

  /** The name that the client asked for (RFC 6066 §3), in the session or its handshake. */
  public static Optional<String> serverName(SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      for (SNIServerName name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return Optional.of(host.getAsciiName());
        }
      }
    }
    return Optional.empty();
  }

  /** Chooses by name and kind of key. An alias is the identity's place in the list. */
  private static final class Keys extends X509ExtendedKeyManager {

    private final Identities identities;

    Keys(Identities identities) {
      this.identities = identities;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
      Optional<String> name = serverName(engine.getHandshakeSession());
      return identities.forName(name).stream()
          .filter(identity -> isFor(keyType, identity))
          .map(this::alias)
          .findFirst()
          .orElse(null);
    }

    /** JSSE asks for RSASSA-PSS with keys for RSA, and names EC in several ways. */
    private static boolean isFor(String keyType, ServerIdentity identity) {
      return keyType.equals(identity.kind()) || keyType.equals(identity.kind() + "_EC");
    }

    private String alias(ServerIdentity identity) {
      return Integer.toString(identities.others().indexOf(identity));
    }

    private ServerIdentity of(String alias) {
      int place = Integer.parseInt(alias);
      return place < 0 ? identities.standard() : identities.others().get(place);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return of(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return of(alias).key();
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null; // sockets are not used, engines are
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }
  }
}
