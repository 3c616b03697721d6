package org.bradawl.benchmarks.relay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server to be measured: how it is started, and how one sees that it is ready. */
sealed interface Contestant {

  String USER = "user";
  String PASSWORD = "benchmark";
  String REALM = "bench.example";

  /** Its name in the table. */
  String name();

  /** The command line. */
  List<String> command(Path work, Ports ports) throws IOException;

  /** What its output says when it is ready; empty for: when it answers. */
  String readyLine();

  /**
   * The ports of one contestant. None is among those that Linux gives to clients.
   *
   * @param listen for UDP; the two after it are free, too
   */
  record Ports(int listen, int http, int firstRelay, int lastRelay) {

    private static final int RELAYS = 6_000;

    /** Those of the n-th of up to three. */
    static Ports of(int number) {
      int relays = 10_000 + number * RELAYS;
      return new Ports(28_000 + number * 10, 28_005 + number * 10, relays, relays + RELAYS - 1);
    }
  }

  /** Our server, as {@code ./bradawl serve} starts it. */
  record War(String name, Path root, String engine) implements Contestant {
    @Override
    public List<String> command(Path work, Ports ports) {
      List<String> command = new ArrayList<>(List.of(root.resolve("bradawl").toString(), "serve"));
      Stream.concat(
              settings(engine, ports),
              Stream.of(
                  "bradawl.http.address=127.0.0.1",
                  "bradawl.http.port=" + ports.http(),
                  "bradawl.applications=demo:benchmark-0123456789abcdef",
                  "bradawl.data.directory=" + work.resolve("data")))
          .forEach(setting -> command.addAll(List.of("--set", setting)));
      return command;
    }

    @Override
    public String readyLine() {
      return "bradawl ready http";
    }
  }

  /** The relay alone, on a small heap. */
  record Standalone(String name, Path root, String engine) implements Contestant {
    @Override
    public List<String> command(Path work, Ports ports) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
      settings(engine, ports).forEach(setting -> command.add("-D" + setting));
      command.add("-cp");
      command.add(
          String.join(
              ":",
              Stream.concat(
                      Stream.of("stun", "turn", "datapath")
                          .map(module -> root.resolve("src/" + module + "/target/classes")),
                      Stream.of(root.resolve("src/server/target/bradawl/WEB-INF/lib/*")))
                  .map(Path::toString)
                  .toList()));
      command.add("org.bradawl.datapath.Main");
      return command;
    }

    @Override
    public String readyLine() {
      return "bradawl relay ready";
    }
  }

  /** coturn, with one relay thread and nothing that it would not need. */
  record Coturn(String name, Path program) implements Contestant {
    @Override
    public List<String> command(Path work, Ports ports) {
      return List.of(
          program.toString(),
          "-n",
          "-L",
          "127.0.0.1",
          "-E",
          "127.0.0.1",
          "-p",
          Integer.toString(ports.listen()),
          "--min-port",
          Integer.toString(ports.firstRelay()),
          "--max-port",
          Integer.toString(ports.lastRelay()),
          "-m",
          "1",
          "-a",
          "-u",
          USER + ":" + PASSWORD,
          "-r",
          REALM,
          "--no-tls",
          "--no-dtls",
          "--no-tcp",
          "--no-cli",
          "--allow-loopback-peers",
          "--no-software-attribute",
          "--log-file",
          work.resolve("coturn-own.log").toString(),
          "--simple-log",
          "--pidfile",
          work.resolve("coturn.pid").toString());
    }

    @Override
    public String readyLine() {
      return "";
    }
  }

  private static Stream<String> settings(String engine, Ports ports) {
    return Stream.of(
        "bradawl.engine=" + engine,
        "bradawl.listen.address=127.0.0.1",
        "bradawl.turn.rate.exempt=127.0.0.0/8", // a flood of Binding requests from one place
        "bradawl.turn.quota.per-user=100000", // one user has all allocations here
        "bradawl.listen.port=" + ports.listen(),
        "bradawl.listen.alternate-port=" + (ports.listen() + 1),
        "bradawl.listen.tls-port=0",
        "bradawl.relay.min-port=" + ports.firstRelay(),
        "bradawl.relay.max-port=" + ports.lastRelay(),
        "bradawl.relay.allowed-peers=127.0.0.0/8",
        "bradawl.turn.realm=" + REALM,
        "bradawl.turn.users=" + USER + ":" + PASSWORD);
  }
}
