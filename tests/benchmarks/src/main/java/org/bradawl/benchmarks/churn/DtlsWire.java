package org.bradawl.benchmarks.churn;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UDPTransport;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** Messages in DTLS records, of which a share is lost, the handshake's among them. */
final class DtlsWire implements Wire {

  private final DatagramSocket socket;
  private final DTLSTransport transport;

  DtlsWire(InetSocketAddress server, double lost, SplittableRandom random) throws IOException {
    this.socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    try {
      socket.connect(server);
      this.transport =
          new DTLSClientProtocol()
              .connect(
                  new Client(), new Losing(new UDPTransport(socket, 2048), lost, random.split()));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void send(byte[] message) throws IOException {
    transport.send(message, 0, message.length);
  }

  @Override
  public Optional<byte[]> receive(int millis) throws IOException {
    byte[] buffer = new byte[transport.getReceiveLimit()];
    int length = transport.receive(buffer, 0, buffer.length, millis);
    return length < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(buffer, length));
  }

  @Override
  public boolean reliable() {
    return false;
  }

  @Override
  public void close() {
    try {
      transport.close();
    } catch (IOException e) {
      // close_notify may be lost like anything else.
    }
    socket.close();
  }

  private record Losing(DatagramTransport under, double lost, SplittableRandom random)
      implements DatagramTransport {

    @Override
    public int getReceiveLimit() throws IOException {
      return under.getReceiveLimit();
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
      int got = under.receive(buffer, offset, length, waitMillis);
      return random.nextDouble() < lost ? -1 : got;
    }

    @Override
    public int getSendLimit() throws IOException {
      return under.getSendLimit();
    }

    @Override
    public void send(byte[] buffer, int offset, int length) throws IOException {
      if (random.nextDouble() >= lost) {
        under.send(buffer, offset, length);
      }
    }

    @Override
    public void close() throws IOException {
      under.close();
    }
  }

  private static final class Client extends DefaultTlsClient {

    /** Longer than a lossy handshake takes, shorter than the run. */
    private static final int HANDSHAKE_PATIENCE_MILLIS = 10_000;

    Client() {
      super(new BcTlsCrypto(new SecureRandom()));
    }

    @Override
    public int getHandshakeTimeoutMillis() {
      return HANDSHAKE_PATIENCE_MILLIS;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    public TlsAuthentication getAuthentication() {
      return new TlsAuthentication() {
        @Override
        public void notifyServerCertificate(TlsServerCertificate certificate) {
          // The run's own, and another one every few seconds.
        }

        @Override
        public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
          return null;
        }
      };
    }
  }
}
