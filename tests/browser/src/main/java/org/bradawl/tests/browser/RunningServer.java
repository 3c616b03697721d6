package org.bradawl.tests.browser;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bradawl.tests.support.PayaraServer;

/** The server that the tests share, with a certificate: started once, by whoever is first. */
final class RunningServer {

  /** The token of its administrators. */
  static final String ADMIN_TOKEN = "the-administrator-of-the-browser-tests";

  private static final class Holder {
    static final RunningServer SERVER = start();
  }

  private final PayaraServer server;

  private RunningServer(PayaraServer server) {
    this.server = server;
  }

  /** The server, started if it does not run yet. */
  static RunningServer get() {
    return Holder.SERVER;
  }

  private static RunningServer start() {
    Map<String, String> settings = new LinkedHashMap<>(Certificate.settings());
    settings.put("bradawl.admin.token", ADMIN_TOKEN);
    return new RunningServer(PayaraServer.start(true, settings));
  }

  /** Where its HTTP listens. */
  URI address() {
    return server.address();
  }

  /** Where its STUN and TURN listen, over UDP and TCP. */
  InetSocketAddress turn() {
    return server.turn();
  }

  /** The same server by the name that its certificate is for. */
  URI named() {
    return URI.create("http://" + Certificate.HOST + ":" + address().getPort());
  }
}
