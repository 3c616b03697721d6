package org.bradawl.benchmarks.signaling;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.benchmarks.ProcessFigures;
import org.bradawl.benchmarks.signaling.Contestant.Running;
import org.bradawl.benchmarks.signaling.Generator.Load;

/** Measures signaling servers one after the other, round by round, and says what came of it. */
public final class SignalingBenchmark {

  private static final String HELP =
      """
      usage: ./bradawl bench signaling [OPTIONS]

      Connects peers in pairs to our server, and to PeerServer 1.0.2 where node and the package are
      found, and has them send offer-like messages of 1.7 kB to each other at rising rates. Ours
      acknowledges every message and confirms it to its sender; PeerServer confirms nothing.
      Server and generator are pinned to a core each where taskset is found.

        --peers N         connections                              (default 2000)
        --rates A,B,…     messages a second                        (default 2000,5000,10000,15000,17500,20000)
        --seconds N       measured, for each rate                  (default 5)
        --warmup N        seconds at each rate before that         (default 2)
        --rounds N        how often the servers take turns         (default 1)
        --acknowledge HOW each: every message by a frame of its own; next: with the peer's next message (default each)
        --only NAME       bradawl or peerserver
        --peer FOLDER     where `npm install peer@1.0.2` was run, or the package itself;
                          otherwise tests/benchmarks/signaling/node_modules and the global ones
        --server-core N   (default 0)        --generator-core N   (default 1)
        --attach PORT --pid PID --key KEY
                          only a server of ours that runs already: its port, process and application key
        --json FILE       also one line of JSON for each run

      A rate is held if at least 99 % of it was sent and 98 % of it arrived in time, nothing was lost,
      disordered or left unconfirmed, and the 99th percentile of the way through the server stayed below 50 ms.
      The exit code is 0 if our server held 10000 messages a second, or was not asked to.
      """;

  /** The bound that the design set itself. */
  private static final double P99_MILLIS = 50;

  private static final int TARGET_RATE = 10_000;

  private final Options options;
  private final Optional<Path> json;
  private boolean held = true;

  /** Asked before this process gives up all processors but one. */
  private final boolean pins =
      Contestant.onPath("taskset").isPresent() && Runtime.getRuntime().availableProcessors() > 1;

  private SignalingBenchmark(Options options) {
    this.options = options;
    this.json = options.path("json");
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.print(HELP);
      return;
    }
    Options options;
    try {
      options = Options.of(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("bench signaling: " + e.getMessage() + "\n\n" + HELP);
      System.exit(2);
      return;
    }
    SignalingBenchmark benchmark = new SignalingBenchmark(options);
    benchmark.run();
    System.exit(benchmark.held ? 0 : 1);
  }

  private void run() throws IOException, InterruptedException {
    pinMyself();
    List<Contestant> contestants = contestants();
    System.out.println(
        "server      rate  sent/s  arrived/s  lost  unconf  disord   p50 ms   p99 ms   max ms  CPU"
            + " s/1000  held");
    for (int round = 0; round < options.number("rounds", 1); round++) {
      for (Contestant contestant : contestants) {
        measure(contestant, round);
      }
    }
  }

  private List<Contestant> contestants() {
    boolean withNext = options.text("acknowledge").filter("next"::equals).isPresent();
    Path root = options.path("root").orElse(Path.of("."));
    List<Contestant> contestants = new ArrayList<>();
    if (options.text("attach").isPresent()) {
      int port = options.number("attach", 0);
      int pid = options.number("pid", 0);
      return List.of(new Contestant.Attached(port, pid, options.text("key").orElse(""), withNext));
    }
    contestants.add(new Contestant.Bradawl(root, withNext));
    Optional<Contestant> peerServer = Contestant.PeerServer.find(root, options.path("peer"));
    if (peerServer.isEmpty()) {
      System.err.println(
          "PeerServer is not compared: node or the npm package peer 1.0.2 is not here"
              + " (cd tests/benchmarks/signaling && npm install peer@1.0.2)");
    }
    peerServer.ifPresent(contestants::add);
    options.text("only").ifPresent(name -> contestants.removeIf(c -> !c.name().equals(name)));
    return contestants;
  }

  private void pinMyself() throws IOException, InterruptedException {
    if (core("server-core", 0).isPresent()) {
      String core = Integer.toString(options.number("generator-core", 1));
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("taskset", "-a", "-c", "-p", core, self)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  private Optional<Integer> core(String option, int otherwise) {
    return pins ? Optional.of(options.number(option, otherwise)) : Optional.empty();
  }

  private void measure(Contestant contestant, int round) throws IOException, InterruptedException {
    if (contestant instanceof Contestant.Attached attached) {
      measure(contestant, attached.process(), attached.address(), round);
      return;
    }
    Path work = Files.createTempDirectory("bradawl-bench");
    try (Running running = contestant.start(work, freePort(), core("server-core", 0))) {
      measure(contestant, server(running.process()), running.address(), round);
    }
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void measure(
      Contestant contestant, ProcessHandle server, InetSocketAddress address, int round)
      throws IOException, InterruptedException {
    int peers = options.number("peers", 2_000);
    contestant.settle(server);
    double before = ProcessFigures.residentKilobytes(server);
    try (Generator generator = new Generator(address, contestant.protocol(), peers)) {
      long start = System.nanoTime();
      generator.connect(50);
      double seconds = (System.nanoTime() - start) / 1e9;
      contestant.settle(server);
      generator.idle(2_000);
      double each = (ProcessFigures.residentKilobytes(server) - before) / peers;
      connected(contestant, round, peers, seconds, each);
      for (int rate :
          options.numbers("rates", List.of(2_000, 5_000, 10_000, 15_000, 17_500, 20_000))) {
        load(contestant, round, generator, server, rate);
        generator.idle(500);
      }
    }
  }

  private void load(
      Contestant contestant, int round, Generator generator, ProcessHandle server, int rate)
      throws IOException {
    double[] cpu = new double[1];
    Generator.Window window =
        new Generator.Window() {
          @Override
          public void begins() {
            cpu[0] -= ProcessFigures.cpuSeconds(server);
          }

          @Override
          public void ends() {
            cpu[0] += ProcessFigures.cpuSeconds(server);
          }
        };
    Load load =
        generator.run(rate, options.number("warmup", 2), options.number("seconds", 5), window);
    double perThousand = cpu[0] / load.receivedInWindow() * 1_000;
    boolean ok = holds(load);
    if (!ok && rate <= TARGET_RATE && contestant instanceof Contestant.Bradawl) {
      held = false;
    }
    System.out.printf(
        Locale.ROOT,
        "%-10s %5d  %6.0f  %9.0f %5d  %6d  %6d  %7.2f  %7.2f  %7.1f  %10.4f  %s%n",
        contestant.name(),
        rate,
        load.sentPerSecond(),
        load.receivedPerSecond(),
        load.lost(),
        load.unconfirmed(),
        load.disordered(),
        load.p50(),
        load.p99(),
        load.max(),
        perThousand,
        ok ? "yes" : load.overloaded() ? "no (overloaded)" : "no");
    line(
        String.format(
            Locale.ROOT,
            "{\"kind\":\"load\",\"server\":\"%s\",\"round\":%d,\"rate\":%d,\"messageBytes\":%d,\"sentPerSecond\":%s,"
                + "\"arrivedPerSecond\":%s,\"lost\":%d,\"unconfirmed\":%d,\"disordered\":%d,\"closed\":%d,"
                + "\"p50Millis\":%s,\"p99Millis\":%s,\"maxMillis\":%s,\"cpuSecondsPerThousand\":%s,\"held\":%b}",
            contestant.name(),
            round,
            rate,
            generator.messageLength(),
            Contestant.decimals(load.sentPerSecond(), 0),
            Contestant.decimals(load.receivedPerSecond(), 0),
            load.lost(),
            load.unconfirmed(),
            load.disordered(),
            load.closed(),
            Contestant.decimals(load.p50(), 3),
            Contestant.decimals(load.p99(), 3),
            Contestant.decimals(load.max(), 3),
            Contestant.decimals(perThousand, 4),
            ok));
  }

  private static boolean holds(Load load) {
    return !load.overloaded()
        && load.lost() == 0
        && load.unconfirmed() == 0
        && load.disordered() == 0
        && load.sentPerSecond() >= 0.99 * load.rate()
        && load.receivedPerSecond() >= 0.98 * load.rate()
        && load.p99() < P99_MILLIS;
  }

  private void connected(
      Contestant contestant, int round, int peers, double seconds, double kilobytes)
      throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%-10s %d peers connected in %.1f s, %.1f kB resident for each%n",
        contestant.name(),
        peers,
        seconds,
        kilobytes);
    line(
        String.format(
            Locale.ROOT,
            "{\"kind\":\"connect\",\"server\":\"%s\",\"round\":%d,\"peers\":%d,\"seconds\":%s,\"residentKilobytesEach\":%s}",
            contestant.name(),
            round,
            peers,
            Contestant.decimals(seconds, 2),
            Contestant.decimals(kilobytes, 1)));
  }

  private void line(String text) throws IOException {
    if (json.isPresent()) {
      Files.writeString(
          json.get(),
          text + System.lineSeparator(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  /** The process that does the work: the launcher is a script that waits for it. */
  private static ProcessHandle server(Process process) {
    return process
        .descendants()
        .filter(p -> p.info().command().filter(c -> c.endsWith("java")).isPresent())
        .findFirst()
        .orElse(process.toHandle());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
