package org.bradawl.datapath;

import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.bradawl.datapath.Datapath.Listener;
import org.bradawl.turn.auth.CredentialSource;

/**
 * The relay alone, without signaling, REST and database: configured by system properties ({@code
 * bradawl.listen.port}) or environment variables ({@code BRADAWL_LISTEN_PORT}), in this order.
 * Prints one line when clients are served, and ends cleanly on SIGTERM or Ctrl-C, with exit code 0.
 */
public final class Main {

  private static final Logger LOG = System.getLogger(Main.class.getName());

  /** As for wrong use of a command: the configuration is this program's command line. */
  private static final int WRONG_CONFIGURATION = 2;

  private Main() {}

  /** Runs until the process is told to end. */
  public static void main(String... arguments) throws InterruptedException {
    try {
      Datapath datapath = start(DatapathSettings.from(Main::lookup));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(datapath), "bradawl-stop"));
      print(System.out, readyLine(datapath));
    } catch (ConfigurationProblem e) {
      print(System.err, "bradawl relay cannot start: " + e.getMessage());
      System.exit(WRONG_CONFIGURATION);
    }
    new CountDownLatch(1).await();
  }

  private static Datapath start(DatapathSettings settings) {
    if (settings.turn().allUsers().isEmpty() && settings.turn().secret().isEmpty()) {
      LOG.log(
          Level.WARNING,
          "neither bradawl.turn.users nor bradawl.turn.secret is set: STUN is served, and nobody"
              + " may relay");
    }
    Engine engine = Engines.choose(settings.engine());
    CredentialSource credentials = settings.turn().credentials();
    return engine.start(settings, credentials, Thread::new, RelayObserver.none());
  }

  /** Halts, because a process ended by a signal would otherwise exit with the signal's code. */
  private static void end(Datapath datapath) {
    datapath.close();
    Runtime.getRuntime().halt(0);
  }

  private static String readyLine(Datapath datapath) {
    List<String> urls =
        datapath.listeners().stream().map(Main::url).distinct().collect(Collectors.toList());
    return "bradawl relay ready " + String.join(" ", urls) + " engine " + datapath.engine();
  }

  private static String url(Listener listener) {
    return switch (listener.transport()) {
      case UDP -> "stun:" + listener.address();
      case TLS -> "turns:" + listener.address() + "?transport=tcp";
      case DTLS -> "turns:" + listener.address() + "?transport=udp";
      case TCP -> "turn:" + listener.address() + "?transport=tcp";
    };
  }

  private static Optional<String> lookup(String key) {
    return Optional.ofNullable(System.getProperty(key))
        .or(() -> Optional.ofNullable(System.getenv(variable(key))));
  }

  /** MicroProfile Config's rule: what is no letter or digit becomes an underscore. */
  private static String variable(String key) {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  private static void print(PrintStream stream, String line) {
    stream.println(line);
    stream.flush();
  }
}
