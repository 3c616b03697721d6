package org.bradawl.datapath;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UDPTransport;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** Datagrams under DTLS, for clients that believe every certificate. */
final class DtlsWire implements CertificateContract.ShownCertificate {

  private final DatagramSocket socket;
  private final Client client;
  private final DTLSTransport transport;

  DtlsWire(TransportAddress server, String... protocols) throws IOException {
    this(
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)),
        server,
        protocols);
  }

  DtlsWire(DatagramSocket socket, TransportAddress server, String... protocols) throws IOException {
    this.socket = socket;
    socket.connect(server.toSocketAddress());
    this.client = new Client(protocols);
    this.transport = new DTLSClientProtocol().connect(client, new UDPTransport(socket, 20_000));
  }

  String negotiated() {
    return String.valueOf(client.protocol);
  }

  @Override
  public List<String> peerNames() throws IOException, CertificateException {
    byte[] shown = client.shown[0].getEncoded();
    return TlsWire.names(
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(shown)));
  }

  DatagramSocket socket() {
    return socket;
  }

  @Override
  public void send(byte[] message) throws IOException {
    transport.send(message, 0, message.length);
  }

  /** Bytes outside the session, from the same address and port. */
  void sendRaw(byte[] bytes) throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length));
  }

  @Override
  public Optional<byte[]> receive(Duration limit) throws IOException {
    byte[] buffer = new byte[transport.getReceiveLimit()];
    int length = transport.receive(buffer, 0, buffer.length, (int) Math.max(limit.toMillis(), 1));
    return length < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(buffer, length));
  }

  @Override
  public Duration patience(long nanosLeft) {
    return Duration.ofNanos(Math.min(nanosLeft, 500_000_000));
  }

  /** Whether the server said that the session is over. */
  boolean closedByServer() {
    return client.closed;
  }

  @Override
  public TransportAddress local() {
    return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  @Override
  public void close() {
    try {
      transport.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    socket.close();
  }

  @SuppressWarnings({"JdkObsolete", "rawtypes", "unchecked"}) // the library's own signatures
  private static final class Client extends DefaultTlsClient {

    private final List<ProtocolName> protocols;
    private TlsCertificate[] shown = {};
    private Object protocol = "";
    private boolean closed;

    Client(String... protocols) {
      super(new BcTlsCrypto(new SecureRandom()));
      this.protocols = Arrays.stream(protocols).map(ProtocolName::asUtf8Encoding).toList();
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected @Nullable Vector getProtocolNames() {
      return protocols.isEmpty() ? null : new Vector<>(protocols);
    }

    @Override
    protected Vector getSNIServerNames() {
      return new Vector<>(
          List.of(
              new ServerName(NameType.host_name, "a.example".getBytes(StandardCharsets.US_ASCII))));
    }

    @Override
    public void processServerExtensions(Hashtable extensions) throws IOException {
      super.processServerExtensions(extensions);
      ProtocolName chosen = context.getSecurityParametersHandshake().getApplicationProtocol();
      protocol = chosen == null ? "" : chosen.getUtf8Decoding();
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
      closed |= description == 0;
    }

    @Override
    public TlsAuthentication getAuthentication() {
      return new TlsAuthentication() {
        @Override
        public void notifyServerCertificate(TlsServerCertificate certificate) {
          shown = certificate.getCertificate().getCertificateList();
        }

        @Override
        public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
          return null;
        }
      };
    }
  }
}
