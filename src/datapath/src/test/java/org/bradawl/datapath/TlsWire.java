package org.bradawl.datapath;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bradawl.stun.TransportAddress;

/** A stream under TLS, for clients that believe every certificate. */
final class TlsWire extends ClientWire.Tcp implements CertificateContract.ShownCertificate {

  /** What several connections of one client share: sessions that can be resumed. */
  record Peer(SSLContext context) {}

  private final SSLSocket socket;

  TlsWire(TransportAddress server, String version) throws IOException {
    this(server, version, trusting());
  }

  TlsWire(TransportAddress server, String version, Peer peer) throws IOException {
    this(shaken(server, peer, socket -> socket.setEnabledProtocols(new String[] {version})));
  }

  TlsWire(TransportAddress server, Consumer<SSLSocket> preparation) throws IOException {
    this(shaken(server, trusting(), preparation));
  }

  /** Says something in the clear first, as a proxy does. */
  TlsWire(TransportAddress server, byte[] before) throws IOException {
    this(layered(server, before));
  }

  private static SSLSocket layered(TransportAddress server, byte[] before) throws IOException {
    Socket plain = new Socket(server.address().toInetAddress(), server.port());
    plain.getOutputStream().write(before);
    SSLSocket socket =
        (SSLSocket) trusting().context().getSocketFactory().createSocket(plain, "server", 0, true);
    socket.setSoTimeout(5000);
    socket.startHandshake();
    return socket;
  }

  private TlsWire(SSLSocket socket) throws IOException {
    super(socket);
    this.socket = socket;
  }

  private static SSLSocket shaken(
      TransportAddress server, Peer peer, Consumer<SSLSocket> preparation) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            peer.context()
                .getSocketFactory()
                .createSocket(server.address().toInetAddress(), server.port());
    try {
      socket.setSoTimeout(5000);
      preparation.accept(socket);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  SSLSocket socket() {
    return socket;
  }

  @Override
  public List<String> peerNames() throws IOException, CertificateParsingException {
    return names((X509Certificate) socket.getSession().getPeerCertificates()[0]);
  }

  static List<String> names(X509Certificate certificate) throws CertificateParsingException {
    return certificate.getSubjectAlternativeNames().stream()
        .map(name -> String.valueOf(name.get(1)))
        .toList();
  }

  static Peer trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Everyone()}, null);
      return new Peer(context);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Everyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
