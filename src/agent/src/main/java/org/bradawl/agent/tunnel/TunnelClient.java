package org.bradawl.agent.tunnel;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.bradawl.agent.path.PathSocket;
import tech.kwik.core.ConnectionListener;
import tech.kwik.core.ConnectionTerminatedEvent;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;

/**
 * The asking side. It knows the other by its certificate's fingerprint, and proves itself by a
 * secret that the other has told it, and nobody else, through signaling: the first stream carries
 * it, when the other is known to be the right one.
 */
public final class TunnelClient implements Tunnel {

  static final String PROTOCOL = "bradawl/1";

  /** A path that may be changing underneath gets this long. */
  static final Duration IDLE = Duration.ofSeconds(60);

  private static final int KEEP_ALIVE_SECONDS = 15;

  /** What one stream may have under way: 250 Mbit/s at 64 ms. */
  static final long STREAM_BYTES = 2L << 20;

  /**
   * What all streams together may have under way is bounded by their number alone, for two reasons.
   * Whoever reads slowly must not take the room of the others. And kwik 0.10.8 never gives the room
   * back that bytes took which nobody reads any more, so that any real bound would be used up by
   * downloads that were given up.
   */
  static final long CONNECTION_BYTES = 10L << 48;

  /** A measured path has answered by then; kwik would wait three times 500 ms. */
  private static final int FIRST_ROUND_TRIP_MILLIS = 80;

  private final QuicClientConnection connection;

  private TunnelClient(QuicClientConnection connection) {
    this.connection = connection;
  }

  /**
   * Connects.
   *
   * @param fingerprint of the certificate that the other side must show
   * @param secret what proves us to the other side
   * @param ended is told when the tunnel is over, by whichever side
   * @throws IOException if the other side does not answer, or is not who it should be
   */
  public static TunnelClient connect(
      PathSocket socket, String fingerprint, String secret, Duration patience, Runnable ended)
      throws IOException {
    PinnedCertificate pinned = new PinnedCertificate(fingerprint);
    QuicClientConnection connection =
        QuicClientConnection.newBuilder()
            .host(PathSocket.PEER.getHostString())
            .port(PathSocket.PEER.getPort())
            .applicationProtocol(PROTOCOL)
            .customTrustManager(pinned)
            .socketFactory(_ -> socket)
            .connectTimeout(patience)
            .maxIdleTimeout(IDLE)
            .initialRtt(FIRST_ROUND_TRIP_MILLIS)
            // kwik takes ten times this for the whole connection; a stream is set right below.
            .defaultStreamReceiveBufferSize(CONNECTION_BYTES / 10)
            .maxOpenPeerInitiatedBidirectionalStreams(0)
            .maxOpenPeerInitiatedUnidirectionalStreams(0)
            .logger(new NullLogger())
            .build();
    connection.setDefaultBidirectionalStreamReceiveBufferSize(STREAM_BYTES);
    connection.setConnectionListener(new Ending(ended));
    try {
      connection.connect();
    } catch (IOException e) {
      throw pinned.hasRefused()
          ? new IOException("whoever answers is not the peer: its certificate is another", e)
          : e;
    }
    connection.keepAlive(KEEP_ALIVE_SECONDS);
    TunnelClient tunnel = new TunnelClient(connection);
    tunnel.open(Map.of("secret", secret)).out().close();
    return tunnel;
  }

  @Override
  public Duplex open(Map<String, ?> purpose) throws IOException {
    QuicStream stream = connection.createStream(true);
    StreamOpening.write(stream.getOutputStream(), purpose);
    return Duplex.of(connection, stream, () -> !connection.isConnected());
  }

  @Override
  public void close() {
    connection.closeAndWait(Duration.ofMillis(300));
  }

  private record Ending(Runnable ended) implements ConnectionListener {
    @Override
    public void disconnected(ConnectionTerminatedEvent event) {
      ended.run();
    }
  }
}
