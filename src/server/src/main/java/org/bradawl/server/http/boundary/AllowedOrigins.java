package org.bradawl.server.http.boundary;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which web origins (RFC 6454) may call the API from a browser.
 *
 * <p>The API takes no cookies: what a page may do lies in the bearer token that it has, so letting
 * every origin in gives nobody anything that it could not have from a program. An operator who
 * wants to see only the own pages lists them.
 */
public final class AllowedOrigins {

  private static final String ANY = "*";

  private final Set<String> origins;

  private AllowedOrigins(Set<String> origins) {
    this.origins = origins;
  }

  /**
   * Origins as {@code https://app.example.org} or {@code http://localhost:3000}; {@code *} stands
   * for all.
   *
   * @throws IllegalArgumentException naming the entry that is no origin
   */
  public static AllowedOrigins of(Collection<String> entries) {
    return new AllowedOrigins(
        entries.stream()
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .map(AllowedOrigins::checked)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Whether pages of this origin, as its header says it, may read the answer. */
  public boolean allows(String origin) {
    return origins.contains(ANY) || origins.contains(origin.toLowerCase(Locale.ROOT));
  }

  private static String checked(String entry) {
    if (entry.equals(ANY)) {
      return entry;
    }
    try {
      URI uri = new URI(entry);
      boolean web =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      boolean bare =
          uri.getRawPath().isEmpty() && uri.getRawQuery() == null && uri.getRawUserInfo() == null;
      if (web && bare && uri.getHost() != null) {
        return entry.toLowerCase(Locale.ROOT);
      }
    } catch (URISyntaxException e) {
      // Said below, like any other entry that is no origin.
    }
    throw new IllegalArgumentException(
        "\""
            + entry
            + "\" is no origin; write scheme, host and port, like https://app.example.org");
  }
}
