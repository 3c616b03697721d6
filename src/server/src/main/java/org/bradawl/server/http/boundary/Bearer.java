package org.bradawl.server.http.boundary;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the Authorization header of RFC 6750 §2.1. */
public final class Bearer {

  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  /** The credential; empty if there is no header, another scheme, or nothing after it. */
  public static Optional<String> of(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String credential = header.substring(SCHEME.length()).strip();
    return credential.isEmpty() ? Optional.empty() : Optional.of(credential);
  }
}
