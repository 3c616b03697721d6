package org.bradawl.tests.system;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.bradawl.tests.support.PayaraServer;
import org.bradawl.tests.support.Requires;

/** The server that the tests share, with two applications: started once, by whoever is first. */
public final class RunningServer {

  /** The bearer token of its admin API. */
  public static final String ADMIN_TOKEN = "admin-token-of-the-system-tests";

  /** The key of the application {@code chat}. */
  public static final String CHAT_KEY = "key-of-chat-in-the-system-tests";

  /** The key of the application {@code other}. */
  public static final String OTHER_KEY = "key-of-other-in-the-system-tests";

  /** A realm that one host name has; the others have the standard one. */
  public static final String OTHER_REALM = "other-realm";

  private static final Duration LOG_PATIENCE = Duration.ofSeconds(10);

  private static final class Holder {
    static final RunningServer SERVER =
        new RunningServer(
            PayaraServer.start(
                false,
                Map.of(
                    "bradawl.admin.token",
                    ADMIN_TOKEN,
                    "bradawl.applications",
                    "chat:" + CHAT_KEY + ",other:" + OTHER_KEY,
                    "bradawl.turn.realms",
                    "turn.other.example=" + OTHER_REALM,
                    "bradawl.relay.address",
                    Requires.hasIpv6Loopback() ? "127.0.0.1,::1" : "127.0.0.1")));
  }

  private final PayaraServer server;

  private RunningServer(PayaraServer server) {
    this.server = server;
  }

  /** The server, started if it does not run yet. */
  public static RunningServer get() {
    return Holder.SERVER;
  }

  /** Where its HTTP listens. */
  public URI address() {
    return server.address();
  }

  /** Where its STUN and TURN listen, over UDP and TCP. */
  public InetSocketAddress turn() {
    return server.turn();
  }

  /** Waits for a line of its log: it is written by a thread of its own, after the answer. */
  public void awaitLog(String part) {
    server.program().waitForLine(LOG_PATIENCE, line -> line.contains(part));
  }

  /** What it has logged until now. */
  public String log() {
    return server.program().output();
  }
}
