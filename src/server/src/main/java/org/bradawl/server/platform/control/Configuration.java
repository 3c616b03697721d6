package org.bradawl.server.platform.control;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bradawl.datapath.ConfigurationProblem;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.Cidr;

/**
 * The configuration of the whole server, read and checked once at the start.
 *
 * @param http where the console, REST and WebSocket are
 * @param access who may call the API, and what it hands out
 * @param dataDirectory where the embedded database is
 * @param adminToken the bearer token of the admin API; absent when the server makes one
 * @param applications the applications the configuration names; empty for the demo application
 * @param recordCapacity how many records are kept while the database is away
 * @param operation what an operator may want otherwise while the server runs
 * @param datapath the relay
 */
public record Configuration(
    Http http,
    Access access,
    Path dataDirectory,
    DatabaseSettings database,
    Optional<String> adminToken,
    List<ApplicationKey> applications,
    int recordCapacity,
    Operation operation,
    DatapathSettings datapath) {

  /**
   * A session leaves two records of about 300 bytes of heap: 100,000 are an hour without database
   * at 14 sessions a second, and 30 MB.
   */
  static final int DEFAULT_RECORD_CAPACITY = 100_000;

  /**
   * A browser refreshes its allocation with the credentials it began with (RFC 8656 §5), so they
   * have to last as long as the longest call; 12 hours outlast a working day. In seconds.
   */
  static final int DEFAULT_CREDENTIAL_LIFETIME = 43_200;

  /** A person who mistypes never gets there, and a program that guesses gets nowhere. */
  static final int DEFAULT_FAILURES = 30;

  /** RFC 6454 §6.2, in ASCII. */
  private static final String ORIGIN =
      "\\*|(?i)https?://([a-z0-9._-]+|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?";

  private static final String APPLICATION_NAME = "[A-Za-z0-9._~-]{1,64}";

  /** RFC 6750 §2.1: what a bearer token is made of; other characters could never be presented. */
  private static final String TOKEN = "[A-Za-z0-9._~+/=:-]+";

  /**
   * Where HTTP is served.
   *
   * @param address an address of this machine; 0.0.0.0 or :: for all
   */
  public record Http(IpAddress address, int port) {}

  /**
   * Who may call the API, and what it hands out.
   *
   * @param allowedOrigins web origins whose pages may; {@code *} for all
   * @param failuresPerMinute how many wrong credentials one address may present
   * @param trustedProxies where the proxies are that may say where a request comes from
   * @param turnCredentialLifetime how long the TURN credentials of the ICE servers are good
   */
  public record Access(
      List<String> allowedOrigins,
      int failuresPerMinute,
      List<Cidr> trustedProxies,
      Duration turnCredentialLifetime) {
    /** Keeps the lists as they are. */
    public Access {
      allowedOrigins = List.copyOf(allowedOrigins);
      trustedProxies = List.copyOf(trustedProxies);
    }
  }

  /**
   * What an operator may want otherwise while the server runs.
   *
   * @param secretOverlap how long a secret stays good after another one has replaced it
   * @param drain how long a stop waits for the sessions there are
   * @param logLevels loggers and the levels they are to have
   */
  public record Operation(
      Duration secretOverlap, Duration drain, Map<String, java.util.logging.Level> logLevels) {
    /** Keeps the map as it is. */
    public Operation {
      logLevels = Map.copyOf(logLevels);
    }
  }

  /** An application and one of its keys, as {@code bradawl.applications} has it. */
  public record ApplicationKey(String application, String key) {
    /** Leaves the key out. */
    @Override
    public String toString() {
      return application;
    }
  }

  /** Keeps the lists as they are. */
  public Configuration {
    applications = List.copyOf(applications);
  }

  /** Leaves the secrets out. */
  @Override
  public String toString() {
    return "http " + http + ", database " + database + ", applications " + applications;
  }

  /**
   * Reads and checks every key.
   *
   * @param lookup the value of a key, if it is configured
   * @throws StartProblem with everything that is wrong
   */
  public static Configuration from(Function<String, Optional<String>> lookup) {
    return from(lookup, List.of());
  }

  /**
   * Reads and checks every key, and refuses keys that nobody reads: a misspelled one must not be
   * taken for a default.
   *
   * @param names the names of everything that is configured, also for others
   * @throws StartProblem with everything that is wrong
   */
  public static Configuration from(
      Function<String, Optional<String>> lookup, Iterable<String> names) {
    ConfigurationReader reader = new ConfigurationReader(lookup);
    Path data = dataDirectory(reader);
    Http http = http(reader);
    DatabaseSettings database = database(reader, data);
    Configuration read =
        new Configuration(
            http,
            access(reader),
            data,
            database,
            adminToken(reader),
            applications(reader),
            reader.number("bradawl.records.capacity", DEFAULT_RECORD_CAPACITY, 1_000, 10_000_000),
            OperationReader.read(reader),
            datapath(reader).protecting(OwnServices.of(http, database.url())));
    configFile(reader);
    refuseWhatIsNotServed(reader);
    reader.refuseUnread(names);
    if (!reader.problems().isEmpty()) {
      throw new StartProblem(reader.problems());
    }
    return read;
  }

  private static Http http(ConfigurationReader reader) {
    int port = reader.number("bradawl.http.port", 8080, 1, 65_535);
    String text = reader.text("bradawl.http.address", "0.0.0.0");
    try {
      return new Http(IpAddress.parse(text), port);
    } catch (IllegalArgumentException notAnAddress) {
      reader.wrong(
          "bradawl.http.address",
          "is not an IP address",
          "Give an IPv4 or IPv6 address of this machine, or 0.0.0.0 for all.");
      return new Http(IpAddress.v4(0), port);
    }
  }

  /** Where the database is, for what the container builds before the configuration is checked. */
  static DatabaseSettings databaseOnly(Function<String, Optional<String>> lookup) {
    ConfigurationReader reader = new ConfigurationReader(lookup);
    return database(reader, dataDirectory(reader));
  }

  private static Path dataDirectory(ConfigurationReader reader) {
    return Path.of(reader.text("bradawl.data.directory", "data")).toAbsolutePath().normalize();
  }

  private static Access access(ConfigurationReader reader) {
    String key = "bradawl.http.allowed-origins";
    List<String> origins = reader.list(key);
    if (!origins.stream().allMatch(origin -> origin.matches(ORIGIN))) {
      reader.wrong(
          key,
          "has an entry that is no web origin",
          "Give scheme, host and port, like https://app.example.org,http://localhost:3000, or * for"
              + " all.");
    }
    return new Access(
        origins.isEmpty() ? List.of("*") : origins,
        reader.number("bradawl.http.failures-per-minute", DEFAULT_FAILURES, 1, 60_000),
        trustedProxies(reader),
        Duration.ofSeconds(
            reader.number(
                "bradawl.turn.credential-lifetime", DEFAULT_CREDENTIAL_LIFETIME, 60, 604_800)));
  }

  /** A proxy on the same machine, unless others are named. */
  private static List<Cidr> trustedProxies(ConfigurationReader reader) {
    String key = "bradawl.http.trusted-proxies";
    List<String> given = reader.list(key);
    try {
      return (given.isEmpty() ? List.of("127.0.0.0/8", "::1/128") : given)
          .stream().map(Cidr::parse).toList();
    } catch (IllegalArgumentException notARange) {
      reader.wrong(
          key,
          "has an entry that is no range of addresses",
          "Give CIDR ranges, like 10.0.0.0/8,2001:db8::/32.");
      return List.of();
    }
  }

  private static DatabaseSettings database(ConfigurationReader reader, Path data) {
    Optional<String> given = reader.text("bradawl.db.url");
    DatabaseUrl file = DatabaseUrl.fileIn(data);
    DatabaseUrl url = given.flatMap(DatabaseUrl::of).orElse(file);
    if (given.isPresent() && DatabaseUrl.of(given.get()).isEmpty()) {
      reader.wrong(
          "bradawl.db.url",
          "is not the JDBC URL of a database this server knows",
          "Give jdbc:postgresql://HOST/DATABASE or jdbc:h2:file:PATH, or leave it out for a file in"
              + " the data directory.");
    }
    return new DatabaseSettings(
        url, reader.text("bradawl.db.user", ""), reader.raw("bradawl.db.password").orElse(""));
  }

  private static Optional<String> adminToken(ConfigurationReader reader) {
    Optional<String> token = reader.text("bradawl.admin.token");
    if (token.isPresent() && !token.get().matches(TOKEN)) {
      reader.wrong(
          "bradawl.admin.token",
          "has characters a bearer token cannot have",
          "Use letters, digits and . _ ~ + / = : - without blanks, 32 of them chosen at random.");
    }
    return token;
  }

  private static List<ApplicationKey> applications(ConfigurationReader reader) {
    String key = "bradawl.applications";
    List<ApplicationKey> found = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (String entry : reader.list(key)) {
      int colon = entry.indexOf(':');
      String name = colon < 0 ? entry : entry.substring(0, colon);
      String secret = colon < 0 ? "" : entry.substring(colon + 1);
      if (!name.matches(APPLICATION_NAME) || !secret.matches(TOKEN)) {
        reader.wrong(
            key,
            "has an entry that is not NAME:KEY",
            "Give NAME:KEY,… with names of 1 to 64 letters, digits and . _ ~ - and keys of letters,"
                + " digits and . _ ~ + / = : - without blanks.");
        return List.of();
      }
      if (!keys.add(secret)) {
        reader.wrong(key, "has the same key twice", "Give every application keys of its own.");
      }
      found.add(new ApplicationKey(name, secret));
    }
    return found;
  }

  /**
   * The datapath stops at its first problem. So it is asked again without that key, and without the
   * keys beside it where their values do not go with its default.
   */
  private static DatapathSettings datapath(ConfigurationReader reader) {
    Set<String> leftOut = new HashSet<>();
    while (true) {
      try {
        return DatapathSettings.from(key -> {
          Optional<String> value = reader.raw(key);
          return leftOut.stream().anyMatch(key::startsWith) ? Optional.empty() : value;
        });
      } catch (ConfigurationProblem problem) {
        String key = problem.key();
        if (leftOut.add(key)) {
          reader.wrong(String.valueOf(problem.getMessage()));
        } else if (!leftOut.add(key.substring(0, key.lastIndexOf('.') + 1))) {
          throw problem; // the defaults alone are wrong, which no operator can mend
        }
      }
    }
  }

  private static void configFile(ConfigurationReader reader) {
    reader
        .text(ConfigFileSource.KEY)
        .ifPresent(file -> {
          try {
            ConfigFileSource.read(Path.of(file));
          } catch (IOException unreadable) {
            reader.wrong(
                ConfigFileSource.KEY,
                "names a file that cannot be read as properties",
                "Name a readable file of KEY=VALUE lines in UTF-8.");
          }
        });
  }

  /** An operator who asks for a cluster must not believe to have got it. */
  private static void refuseWhatIsNotServed(ConfigurationReader reader) {
    if (reader.text("bradawl.cluster.address").isPresent()) {
      reader.wrong(
          "bradawl.cluster.address",
          "asks for a cluster, which this version does not form",
          "Leave it out: one node.");
    }
  }
}
