package org.bradawl.server.platform.boundary;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.stun.IpAddress;

/** Knocks at the server's own HTTP port until the container opens it. */
final class FrontDoor {

  /** Often enough for the ready line to be on time, seldom enough to be no load. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** A container still busy with deploying may keep a request waiting this long. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final URI uri;

  FrontDoor(Configuration.Http http, String contextPath) {
    InetAddress address =
        http.address().isAny() ? InetAddress.getLoopbackAddress() : http.address().toInetAddress();
    String host = IpAddress.of(address).toString();
    this.uri =
        URI.create(
            "http://%s:%d%s/"
                .formatted(host.contains(":") ? "[" + host + "]" : host, http.port(), contextPath));
  }

  /**
   * Waits until it opens.
   *
   * @return whether it did in this time
   */
  boolean opens(Duration within) throws InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < within.toNanos()) {
      if (isOpen()) {
        return true;
      }
      Thread.sleep(PAUSE);
    }
    return false;
  }

  private boolean isOpen() {
    try {
      HttpURLConnection knock = (HttpURLConnection) uri.toURL().openConnection();
      knock.setConnectTimeout((int) PATIENCE.toMillis());
      knock.setReadTimeout((int) PATIENCE.toMillis());
      try {
        return knock.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        knock.disconnect();
      }
    } catch (IOException stillClosed) {
      return false;
    }
  }
}
