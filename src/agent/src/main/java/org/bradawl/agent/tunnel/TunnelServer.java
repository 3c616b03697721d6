package org.bradawl.agent.tunnel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.path.PathSocket;
import tech.kwik.core.ConnectionListener;
import tech.kwik.core.ConnectionTerminatedEvent;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ApplicationProtocolConnection;
import tech.kwik.core.server.ApplicationProtocolConnectionFactory;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.ServerConnector;

/** The asked side: shows its certificate and lets nobody open a stream before the secret came. */
public final class TunnelServer implements Leaving {

  /** What the asked side does with the tunnel. */
  public interface Listener {

    /** The peer has proven itself. */
    void proven();

    /** The peer has opened a stream for something; runs on a thread of its own. */
    void opened(Json purpose, Duplex stream);

    /** It is over. */
    void ended();
  }

  /** The secret's stream is sent first; reordering makes it late by a round trip at most. */
  private static final long PATIENCE_SECONDS = 10;

  private static final int STREAMS = 256;

  private final ServerConnector connector;
  private final String secret;
  private final Listener listener;
  private final CompletableFuture<Boolean> proven = new CompletableFuture<>();
  private volatile boolean ended;

  /**
   * Waits at the socket for the one peer that is at its other end.
   *
   * @param secret what it must know
   */
  public TunnelServer(PathSocket socket, TunnelIdentity identity, String secret, Listener listener)
      throws IOException {
    this.secret = secret;
    this.listener = listener;
    try {
      connector =
          ServerConnector.builder()
              .withSocket(socket)
              .withKeyStore(identity.store(), TunnelIdentity.ALIAS, TunnelIdentity.PASSWORD)
              .withConfiguration(configuration())
              .withLogger(new NullLogger())
              .build();
    } catch (CertificateException e) {
      throw new IOException("kwik does not take the certificate", e);
    }
    connector.registerApplicationProtocol(TunnelClient.PROTOCOL, new Factory());
    connector.start();
  }

  private static ServerConnectionConfig configuration() {
    return ServerConnectionConfig.builder()
        .maxIdleTimeoutInSeconds((int) TunnelClient.IDLE.toSeconds())
        .maxOpenPeerInitiatedBidirectionalStreams(STREAMS)
        .maxOpenPeerInitiatedUnidirectionalStreams(0)
        .maxBidirectionalStreamBufferSize(TunnelClient.STREAM_BYTES)
        .maxConnectionBufferSize(TunnelClient.CONNECTION_BYTES)
        // The address was proven by checks that signaling vouches for.
        .retryRequired(ServerConnectionConfig.RetryRequired.Never)
        .build();
  }

  private void accept(QuicConnection connection, QuicStream stream) {
    Thread.ofVirtual()
        .name("stream " + stream.getStreamId())
        .start(() -> {
          try {
            Json purpose = StreamOpening.read(stream.getInputStream());
            if (purpose.get("secret").isPresent()) {
              prove(connection, purpose.get("secret").textOrEmpty());
            } else if (proven.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
              listener.opened(purpose, Duplex.of(connection, stream, () -> ended));
            }
          } catch (IOException | ExecutionException | TimeoutException e) {
            Duplex.abort(stream);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void prove(QuicConnection connection, String shown) {
    boolean right =
        MessageDigest.isEqual(
            shown.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    if (!right) {
      connection.close();
    } else if (proven.complete(true)) {
      listener.proven();
    }
  }

  @Override
  public void close() {
    ended = true;
    connector.close();
  }

  private final class Factory implements ApplicationProtocolConnectionFactory {

    @Override
    public ApplicationProtocolConnection createConnection(
        String protocol, QuicConnection connection) {
      connection.setConnectionListener(
          new ConnectionListener() {
            @Override
            public void disconnected(ConnectionTerminatedEvent event) {
              ended = true;
              listener.ended();
            }
          });
      return new ApplicationProtocolConnection() {
        @Override
        public void acceptPeerInitiatedStream(QuicStream stream) {
          accept(connection, stream);
        }
      };
    }

    @Override
    public int maxConcurrentPeerInitiatedBidirectionalStreams() {
      return STREAMS;
    }

    @Override
    public int maxConcurrentPeerInitiatedUnidirectionalStreams() {
      return 0;
    }
  }
}
