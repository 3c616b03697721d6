package org.bradawl.benchmarks.churn;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Messages on a TCP connection, in the clear or under TLS. */
final class StreamWire implements Wire {

  private static final int HANDSHAKE_PATIENCE_MILLIS = 10_000;
  private static final SSLContext TRUSTING = trusting();

  private final Socket socket;
  private final byte[] buffer = new byte[4096];
  private int filled;

  private StreamWire(Socket socket) {
    this.socket = socket;
  }

  static StreamWire plain(InetSocketAddress server) throws IOException {
    return new StreamWire(new Socket(server.getAddress(), server.getPort()));
  }

  static StreamWire secured(InetSocketAddress server) throws IOException {
    SSLSocket socket =
        (SSLSocket) TRUSTING.getSocketFactory().createSocket(server.getAddress(), server.getPort());
    try {
      socket.setSoTimeout(HANDSHAKE_PATIENCE_MILLIS);
      socket.startHandshake();
      return new StreamWire(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void send(byte[] message) throws IOException {
    socket.getOutputStream().write(message);
  }

  @Override
  public Optional<byte[]> receive(int millis) throws IOException {
    socket.setSoTimeout(millis);
    for (Optional<byte[]> whole = whole(); ; whole = whole()) {
      if (whole.isPresent()) {
        return whole;
      }
      try {
        int read = socket.getInputStream().read(buffer, filled, buffer.length - filled);
        if (read < 0) {
          throw new EOFException("the server hung up");
        }
        filled += read;
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      }
    }
  }

  /** The first message of what has come, if all of it has (RFC 8489 §6.2.2, RFC 8656 §12.5). */
  private Optional<byte[]> whole() {
    if (filled < 4) {
      return Optional.empty();
    }
    int length = (buffer[2] & 0xFF) << 8 | (buffer[3] & 0xFF);
    boolean channelData = (buffer[0] & 0xC0) == 0x40;
    int size = channelData ? 4 + (length + 3 & ~3) : 20 + length;
    if (filled < size) {
      return Optional.empty();
    }
    byte[] message = Arrays.copyOf(buffer, size);
    System.arraycopy(buffer, size, buffer, 0, filled - size);
    filled -= size;
    return Optional.of(message);
  }

  @Override
  public boolean reliable() {
    return true;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Gone is gone.
    }
  }

  private static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Everyone()}, null);
      // What clients remember of sessions would be taken for something that the relay keeps.
      context.getClientSessionContext().setSessionCacheSize(1);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /** The certificate is the run's own, and another one every few seconds. */
  private static final class Everyone implements X509TrustManager {
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
