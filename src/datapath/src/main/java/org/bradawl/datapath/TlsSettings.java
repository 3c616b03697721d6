package org.bradawl.datapath;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Who the server says it is over TLS and DTLS: the {@code bradawl.tls.*} keys.
 *
 * @param certificate PEM file of the certificate and those that signed it; absent for one that the
 *     server makes itself
 * @param key PEM file of its key; may be the same file
 * @param hosts a directory of further certificates, chosen by the name that a client asks for
 * @param realms the realm of each host name, in lower case, that has one of its own
 * @param dataDirectory where the self-made certificate is kept
 */
public record TlsSettings(
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> hosts,
    Map<String, String> realms,
    Path dataDirectory) {

  /** The certificate chain's file. */
  public static final String CERTIFICATE = "bradawl.tls.certificate";

  /** The key's file. */
  public static final String KEY = "bradawl.tls.key";

  /** The directory of certificates for other names. */
  public static final String HOSTS = "bradawl.tls.hosts";

  /** Realms by host name. */
  public static final String REALMS = "bradawl.turn.realms";

  static final String DATA_DIRECTORY = "bradawl.data.directory";

  static TlsSettings from(SettingsReader reader) {
    TlsSettings settings =
        new TlsSettings(
            path(reader, CERTIFICATE),
            path(reader, KEY),
            path(reader, HOSTS),
            realms(reader),
            path(reader, DATA_DIRECTORY).orElse(Path.of("data")));
    if (settings.certificate().isEmpty() && settings.key().isPresent()) {
      throw new ConfigurationProblem(
          KEY, "has no certificate beside it", "Give " + CERTIFICATE + ", too.");
    }
    return settings;
  }

  /** The realm of each host name that has one of its own. */
  static Map<String, String> realms(SettingsReader reader) {
    Map<String, String> realms = new HashMap<>();
    for (String entry : reader.list(REALMS)) {
      int equals = entry.indexOf('=');
      Optional<String> realm = TurnAccess.realm(entry.substring(equals + 1).strip());
      if (equals <= 0 || realm.isEmpty()) {
        throw new ConfigurationProblem(
            REALMS,
            "holds an entry that is not host=realm",
            "Give host=realm,… with realms of up to 127 characters without quotes.");
      }
      realms.put(entry.substring(0, equals).strip().toLowerCase(Locale.ROOT), realm.get());
    }
    return Map.copyOf(realms);
  }

  /** The realm for who asked for this name, if the name has one. */
  public Optional<String> realm(String serverName) {
    return Optional.ofNullable(realms.get(serverName.toLowerCase(Locale.ROOT)));
  }

  private static Optional<Path> path(SettingsReader reader, String key) {
    try {
      return reader.text(key).map(Path::of);
    } catch (InvalidPathException e) {
      throw new ConfigurationProblem(key, "is no path", "Give the path of a file.", e);
    }
  }
}
