package org.bradawl.agent.server;

import java.net.URI;
import java.util.Locale;

/** What {@code --server} names. */
public sealed interface ServerAddress {

  /** A Bradawl server by the URL of its front door, without a path. */
  record Web(URI base) implements ServerAddress {

    /** The URL of something on it; {@code path} begins with a slash. */
    public URI at(String path) {
      return base.resolve(path);
    }

    /** The WebSocket URL of something on it. */
    public URI webSocketAt(String path) {
      String scheme = base.getScheme().equals("https") ? "wss" : "ws";
      return URI.create(scheme + "://" + base.getRawAuthority() + path);
    }
  }

  /** Any STUN server. */
  record Stun(IceUri uri) implements ServerAddress {}

  /**
   * Reads what a user wrote.
   *
   * @throws IllegalArgumentException in words for people
   */
  static ServerAddress parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("stun:")) {
      return new Stun(IceUri.parse(text));
    }
    if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
      throw new IllegalArgumentException(
          "the server is an http:// or https:// URL, or for check also stun:HOST: " + text);
    }
    URI uri = URI.create(text);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("the server's URL names no host: " + text);
    }
    return new Web(
        URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getRawAuthority()));
  }
}
