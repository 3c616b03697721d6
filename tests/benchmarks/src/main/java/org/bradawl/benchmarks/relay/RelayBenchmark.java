package org.bradawl.benchmarks.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.benchmarks.ProcessFigures;
import org.bradawl.datapath.linux.DatagramLoop;

/** Measures relays in turns, cell by cell and round by round, and says what came of it. */
public final class RelayBenchmark {

  private static final String HELP =
      """
      usage: ./bradawl bench relay [OPTIONS]

      Relays packets through our server and through coturn, in turns, and reports for each cell the server's CPU
      for each packet, packets a second, losses and latency: medians and spread over the rounds, and the ratio of
      each pair. Server and generator are pinned to a core each where taskset is found; the server that is not
      being measured is stopped meanwhile. The table goes to standard output, progress to standard error.

        --rounds N            how often the servers take turns                        (default 5)
        --quick               a few cells, and 2 rounds unless told otherwise
        --only A,B,…          cells by name; * stands for anything: 'echo-*,binding'
        --list                print the names of the cells and end
        --server A,B,…        ours: war (the default), war-portable, standalone, standalone-portable;
                              or IP:PORT of a server that runs, with --pid PID and --user NAME:PASSWORD
        --coturn PATH|none    the turnserver to compare with                          (default: the one on the PATH)
        --seconds S           measured, for each run                                  (default 1)
        --warmup S            before that                                             (default 0.3)
        --heat S              load on each of our servers at first, so that its code is compiled (default 40);
                              before set-up is measured, half as long of set-ups alone
        --server-core N       (default 1)        --generator-core N   (default 0)
        --java-options "…"    for our servers
        --write FOLDER        also write relay.md and relay.svg there, or relay-portable.* if the portable
                              engine is the first of ours

      Cells: echo, up and down (up: from client to peer) of 160 or 1200 bytes through 1, 16, 100 or 1000 allocations;
      bulk: bursts of 1200 bytes as network cards hand them over; paced: 20,000 packets a second, for latency;
      binding: Binding requests; set-up: allocations with permission and channel, authenticated, made and given back,
      until the server is done with them; idle: memory.
      In an echo each round trip is two packets. A generator near 100 % was the limit: compare CPU there, not rates.
      Ctrl-C ends it, and the servers with it.
      """;

  /** How often a run may fail to begin. */
  private static final int TRIES = 3;

  private final Options options;
  private final Results results = new Results();
  private final List<Server> servers = new ArrayList<>();
  private final Path work;

  /** Asked before this process gives up all processors but one. */
  private final boolean pins =
      Programs.onPath("taskset").isPresent() && Runtime.getRuntime().availableProcessors() > 1;

  private RelayBenchmark(Options options, Path work) {
    this.options = options;
    this.work = work;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.print(HELP);
      return;
    }
    try {
      Options options = Options.of(arguments);
      if (options.has("list")) {
        Cell.matrix().forEach(cell -> System.out.println(cell.name()));
        return;
      }
      run(options);
    } catch (IllegalArgumentException e) {
      System.err.println("bench relay: " + e.getMessage() + "\n\n" + HELP);
      System.exit(2);
    }
  }

  private static void run(Options options) throws IOException, InterruptedException {
    Optional<String> obstacle = DatagramLoop.obstacle();
    if (obstacle.isPresent()) {
      System.err.println("bench relay: the generator needs the Linux engine: " + obstacle.get());
      System.exit(2);
    }
    if (options.cells().isEmpty()) {
      throw new IllegalArgumentException("no cell has such a name; --list prints them");
    }
    Path work = Files.createTempDirectory("bradawl-bench");
    RelayBenchmark benchmark = new RelayBenchmark(options, work);
    Thread end = new Thread(benchmark::end, "end");
    Runtime.getRuntime().addShutdownHook(end);
    benchmark.measureAll();
    benchmark.report();
  }

  private void measureAll() throws IOException, InterruptedException {
    pinMyself();
    startAll();
    List<Cell> cells = options.cells();
    idle(cells);
    heatSetUps(cells);
    int rounds = options.number("rounds", options.has("quick") ? 2 : 5);
    for (int round = 1; round <= rounds; round++) {
      for (Cell cell : cells) {
        if (!(cell instanceof Cell.Idle)) {
          for (Server server : round % 2 == 0 ? servers.reversed() : servers) {
            measure(cell, server, "round " + round + "/" + rounds);
          }
        }
      }
    }
  }

  private void measure(Cell cell, Server server, String when)
      throws IOException, InterruptedException {
    server.wake();
    try {
      Measurement measurement = measureAtLast(cell, server);
      results.add(cell, server.name(), measurement);
      progress(when, cell, server, measurement);
    } finally {
      server.rest();
    }
  }

  /** One run that cannot begin must not cost all that were measured before it. */
  private Measurement measureAtLast(Cell cell, Server server)
      throws IOException, InterruptedException {
    for (int tries = 1; tries < TRIES; tries++) {
      try {
        return measure(cell, server);
      } catch (IOException | IllegalStateException e) {
        System.err.println(cell.name() + " is tried again, with other ports: " + e.getMessage());
      }
    }
    return measure(cell, server);
  }

  private Measurement measure(Cell cell, Server server) throws IOException, InterruptedException {
    double warmup = options.seconds("warmup", 0.3);
    double seconds = options.seconds("seconds", 1);
    return switch (cell) {
      case Cell.Flow flow -> {
        try (RelayLoad load = new RelayLoad(server.target(), flow)) {
          yield load.run(warmup, seconds, flow.rate());
        }
      }
      case Cell.Binding binding -> {
        try (BindingLoad load = new BindingLoad(server.target(), binding)) {
          yield load.run(warmup, seconds, 0);
        }
      }
      case Cell.SetUp setUp -> {
        try (Idling idling = new Idling(server.target(), setUp.allocations())) {
          yield idling.live();
        }
      }
      case Cell.Idle _ -> throw new IllegalStateException("measured apart");
    };
  }

  private static void progress(String when, Cell cell, Server server, Measurement measurement) {
    System.err.printf(
        Locale.ROOT,
        "%-10s  %-15s %-20s %8.2f µs  %9.0f /s  lost %.3f %%  p50 %.0f  p99 %.0f  server %.0f %% "
            + " generator %.0f %%%n",
        when,
        cell.name(),
        server.name(),
        measurement.cpuMicros(),
        measurement.perSecond(),
        100 * measurement.loss(),
        measurement.p50(),
        measurement.p99(),
        100 * measurement.cpuShare(),
        100 * measurement.generatorShare());
  }

  /** Memory is measured before anything else has grown the process of the server in C. */
  private void idle(List<Cell> cells) throws IOException, InterruptedException {
    for (Cell cell : cells) {
      if (cell instanceof Cell.Idle idle) {
        for (Server server : servers) {
          server.wake();
          double kilobytes = kilobytes(server, idle.allocations());
          server.rest();
          System.err.printf(
              Locale.ROOT,
              "%-10s  %-15s %-20s %8.2f kB%n",
              "once",
              "idle",
              server.name(),
              kilobytes);
          results.add(cell, server.name(), new Measurement(0, 0, 0, 0, 0, 0, kilobytes, 0));
        }
      }
    }
  }

  /**
   * Growth for each allocation, of the process's resident memory or of what lives in its heap,
   * whichever is more: a heap that was resident before grows into what it has.
   */
  private double kilobytes(Server server, int allocations)
      throws IOException, InterruptedException {
    double liveBefore = server.liveKilobytes();
    double before = ProcessFigures.residentKilobytes(server.target().process());
    try (Idling idling = new Idling(server.target(), allocations)) {
      idling.setUp();
      double live = (server.liveKilobytes() - liveBefore) / allocations;
      double resident = ProcessFigures.residentKilobytes(server.target().process()) - before;
      idling.release();
      System.err.printf(
          Locale.ROOT, "resident %.2f kB, in the heap %.2f kB%n", resident / allocations, live);
      return Math.max(resident / allocations, live);
    }
  }

  private void startAll() throws IOException, InterruptedException {
    Path root = options.path("root").orElse(Path.of(".")).toAbsolutePath();
    for (String name : options.list("server", "war")) {
      Server server = name.contains(":") ? attached(name) : start(ours(name, root));
      servers.add(server);
      if (server.isJava()) {
        heat(server);
      }
      server.rest();
    }
    Optional<Path> coturn = coturn();
    if (coturn.isPresent()) {
      Server server = start(new Contestant.Coturn("coturn", coturn.get()));
      servers.add(server);
      server.rest();
    } else {
      System.err.println("coturn is not compared: there is no turnserver");
    }
  }

  private Server attached(String address) {
    List<String> user = options.list("user", Contestant.USER + ":" + Contestant.PASSWORD);
    String[] nameAndPassword = user.getFirst().split(":", 2);
    return Server.attached(
        address, options.number("pid", 0), nameAndPassword[0], nameAndPassword[1]);
  }

  private static Contestant ours(String name, Path root) {
    return switch (name) {
      case "war" -> new Contestant.War(name, root, "auto");
      case "war-portable" -> new Contestant.War(name, root, "portable");
      case "standalone" -> new Contestant.Standalone(name, root, "auto");
      case "standalone-portable" -> new Contestant.Standalone(name, root, "portable");
      default -> throw new IllegalArgumentException("there is no server " + name);
    };
  }

  private Server start(Contestant contestant) throws IOException, InterruptedException {
    System.err.println("starting " + contestant.name());
    Contestant.Ports ports = Contestant.Ports.of(servers.size());
    return Server.start(
        contestant, work, ports, pin("server-core", 1), options.text("java-options"));
  }

  private Optional<Path> coturn() {
    String given = options.text("coturn").orElse("");
    if (given.equals("none")) {
      return Optional.empty();
    }
    return given.isEmpty() ? Programs.onPath("turnserver") : Optional.of(Path.of(given));
  }

  /** The virtual machine compiles what it has seen run; that time is not what is asked for. */
  private void heat(Server server) throws IOException, InterruptedException {
    double seconds = options.seconds("heat", 40);
    System.err.printf(Locale.ROOT, "warming up %s for %.0f s%n", server.name(), seconds);
    List<Cell> cells = new ArrayList<>();
    Cell.matrix().stream()
        .filter(Cell::isQuick)
        .forEach(cell -> cells.addAll(List.of(cell, new Cell.SetUp("heat", 1_000))));
    long until = System.nanoTime() + (long) (seconds * 1e9);
    while (until - System.nanoTime() > 0) {
      for (Cell cell : cells) {
        measureAtLast(cell, server);
      }
    }
  }

  /**
   * A set-up runs far more code for each packet than relaying does, and less often: without this
   * its first rounds pay for a compiler that is not done. A server in C gets the same, for its
   * memory.
   */
  private void heatSetUps(List<Cell> cells) throws IOException, InterruptedException {
    double seconds = options.seconds("heat", 40) / 2;
    for (Cell cell : cells) {
      if (cell instanceof Cell.SetUp) {
        for (Server server : servers) {
          System.err.printf(Locale.ROOT, "set-ups on %s%n", server.name());
          server.wake();
          long until = System.nanoTime() + (long) (seconds * 1e9);
          do {
            measureAtLast(cell, server);
          } while (until - System.nanoTime() > 0);
          server.rest();
        }
      }
    }
  }

  private List<String> pin(String option, int otherwise) {
    String core = Integer.toString(options.number(option, otherwise));
    return pins ? List.of("taskset", "-c", core) : List.of();
  }

  private void pinMyself() throws IOException, InterruptedException {
    List<String> pin = pin("generator-core", 0);
    if (!pin.isEmpty()) {
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("taskset", "-a", "-c", "-p", pin.getLast(), self)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  private void report() throws IOException, InterruptedException {
    List<String> names = servers.stream().map(Server::name).toList();
    String text = Machine.description(coturn()) + "\n" + new Table(results, names).markdown();
    System.out.println(text);
    Optional<Path> folder = options.path("write");
    if (folder.isPresent()) {
      Files.createDirectories(folder.get());
      String name = names.getFirst().endsWith("-portable") ? "relay-portable" : "relay";
      Files.writeString(folder.get().resolve(name + ".md"), text);
      Files.writeString(folder.get().resolve(name + ".svg"), new Picture(results, names).svg());
    }
  }

  private void end() {
    servers.forEach(Server::close);
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + work);
    }
  }
}
