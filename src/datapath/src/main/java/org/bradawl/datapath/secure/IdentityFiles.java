package org.bradawl.datapath.secure;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bradawl.datapath.ConfigurationProblem;
import org.bradawl.datapath.TlsSettings;

/** The files that certificates and keys come from. */
final class IdentityFiles {

  private static final Logger LOG = System.getLogger(IdentityFiles.class.getName());

  private final TlsSettings settings;
  private final SecureRandom random;
  private final InstantSource calendar;
  private Optional<ServerIdentity> selfMade = Optional.empty();

  IdentityFiles(TlsSettings settings, SecureRandom random, InstantSource calendar) {
    this.settings = settings;
    this.random = random;
    this.calendar = calendar;
  }

  /**
   * Reads everything.
   *
   * @throws ConfigurationProblem for the first file that cannot be used, with its key
   */
  Identities read() {
    return new Identities(standard(), hosts());
  }

  /**
   * What tells whether a file is another one than before: as a text for each, because the names of
   * files in the directory count, too.
   */
  Map<Path, String> stamps() {
    Map<Path, String> stamps = new TreeMap<>();
    settings.certificate().ifPresent(file -> stamps.put(file, stamp(file)));
    settings.key().ifPresent(file -> stamps.put(file, stamp(file)));
    for (Path[] pair : pairs()) {
      stamps.put(pair[0], stamp(pair[0]));
      stamps.put(pair[1], stamp(pair[1]));
    }
    return stamps;
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime().toInstant()
          + " "
          + attributes.size()
          + " "
          + attributes.fileKey();
    } catch (IOException e) {
      return "unreadable";
    }
  }

  private ServerIdentity standard() {
    if (settings.certificate().isEmpty()) {
      return selfMade();
    }
    Path certificate = settings.certificate().get();
    return identity(
        certificate,
        settings.key().orElse(certificate),
        TlsSettings.CERTIFICATE,
        settings.key().isPresent() ? TlsSettings.KEY : TlsSettings.CERTIFICATE);
  }

  private static ServerIdentity identity(
      Path certificate, Path key, String certificateKey, String keyKey) {
    try {
      return ServerIdentity.of(Pem.certificates(certificate), key(key, keyKey), false);
    } catch (IdentityProblem e) {
      throw new ConfigurationProblem(
          certificateKey, e.problem() + " (" + certificate + ")", e.remedy(), e);
    }
  }

  private static java.security.PrivateKey key(Path file, String configurationKey) {
    try {
      return Pem.key(file);
    } catch (IdentityProblem e) {
      throw new ConfigurationProblem(
          configurationKey, e.problem() + " (" + file + ")", e.remedy(), e);
    }
  }

  private List<ServerIdentity> hosts() {
    return pairs().stream()
        .map(pair -> identity(pair[0], pair[1], TlsSettings.HOSTS, TlsSettings.HOSTS))
        .toList();
  }

  /** {@code NAME.crt} beside {@code NAME.key}, and certbot's folders. */
  private List<Path[]> pairs() {
    if (settings.hosts().isEmpty()) {
      return List.of();
    }
    List<Path[]> pairs = new ArrayList<>();
    try (Stream<Path> entries = Files.list(settings.hosts().get())) {
      for (Path entry : entries.sorted().toList()) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry) && Files.exists(entry.resolve("fullchain.pem"))) {
          pairs.add(new Path[] {entry.resolve("fullchain.pem"), entry.resolve("privkey.pem")});
        } else if (name.endsWith(".crt")) {
          String stem = name.substring(0, name.length() - ".crt".length());
          pairs.add(new Path[] {entry, entry.resolveSibling(stem + ".key")});
        }
      }
    } catch (IOException e) {
      throw new ConfigurationProblem(
          TlsSettings.HOSTS,
          "is no directory that can be read",
          "Give one that holds NAME.crt and NAME.key, or certbot's folders with fullchain.pem and"
              + " privkey.pem.",
          e);
    }
    return pairs;
  }

  private ServerIdentity selfMade() {
    if (selfMade.isEmpty()) {
      selfMade = Optional.of(keptOrMade(settings.dataDirectory(), calendar.instant()));
    }
    return selfMade.get();
  }

  private ServerIdentity keptOrMade(Path directory, Instant now) {
    try {
      if (SelfMade.isKept(directory, now)) {
        return SelfMade.kept(directory);
      }
    } catch (IdentityProblem e) {
      LOG.log(
          Level.WARNING,
          SelfMade.file(directory) + " " + e.problem() + "; another one is made in its place");
    }
    try {
      ServerIdentity made = SelfMade.make(random, now);
      keep(made, directory);
      return made;
    } catch (IdentityProblem e) {
      throw new IllegalStateException("a key goes with the certificate made for it", e);
    }
  }

  private static void keep(ServerIdentity made, Path directory) {
    try {
      SelfMade.keep(made, directory);
      LOG.log(
          Level.INFO,
          "made a self-signed certificate for TLS and DTLS, kept in "
              + SelfMade.file(directory)
              + "; browsers do not trust it: give "
              + TlsSettings.CERTIFICATE
              + " and "
              + TlsSettings.KEY);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "made a self-signed certificate for TLS and DTLS that cannot be kept in "
              + directory.resolve("tls")
              + " ("
              + e.getMessage()
              + "): the next start makes another one");
    }
  }
}
