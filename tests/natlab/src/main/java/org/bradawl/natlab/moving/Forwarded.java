package org.bradawl.natlab.moving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.natlab.program.HttpFiles;
import org.bradawl.natlab.program.JavaCommands;
import org.bradawl.natlab.program.LabServer;
import org.bradawl.natlab.world.Host;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.natlab.world.Router;
import org.bradawl.tests.support.Program;

/**
 * {@code ./bradawl forward} to an HTTP server and to sshd in another home, for a while; first the
 * side that forwards and later the side that serves goes from one network to another, and then the
 * router of the serving side gets another public address, of which its host sees nothing.
 */
public final class Forwarded {

  private static final int HTTP = 8000;
  private static final int SSH = 2222;
  private static final int LOCAL_HTTP = 18000;
  private static final int LOCAL_SSH = 12222;

  private static final Duration START = Duration.ofSeconds(60);

  /** Between two networks there is none for a moment. */
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  /** What the download takes a second, so that it lasts as long as the whole. */
  private static final int BYTES_PER_SECOND = 100_000;

  /** What the last bytes may take once everything has been said. */
  private static final Duration REST = Duration.ofSeconds(40);

  /**
   * How it went.
   *
   * @param counted how many of the {@code seconds} numbers came over SSH, in their order
   * @param session whether the session came to its own end, with nothing missing or twice
   * @param pauses the longest time in seconds between two numbers: before anything moved, and then
   *     after each move until the next
   * @param download whether a file that was fetched all the while is the same at both ends
   * @param answered small requests that were answered, each over a connection of its own
   * @param failures what became of the other requests
   */
  public record Result(
      int seconds,
      int counted,
      boolean session,
      List<Double> pauses,
      boolean download,
      long downloaded,
      int answered,
      List<String> failures,
      double slowest,
      String said) {
    /** Copies the lists. */
    public Result {
      pauses = List.copyOf(pauses);
      failures = List.copyOf(failures);
    }

    /** Whether nothing was lost. */
    public boolean isWhole() {
      return session && download && failures.isEmpty();
    }
  }

  private final Internet internet;
  private final int seconds;

  /** Runs of this many seconds. */
  public Forwarded(Internet internet, int seconds) {
    this.internet = internet;
    this.seconds = seconds;
  }

  /** Builds the homes and goes through all of it. */
  public Result run(LabNat nat) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("bradawl-lab-");
    try (Router a = internet.router("nat-a", nat);
        Router a2 = internet.router("nat-a2", nat);
        Router b = internet.router("nat-b", nat);
        Router b2 = internet.router("nat-b2", nat)) {
      Host alice = a.host("alice");
      Host bob = b.host("bob");
      String hash = write(folder);
      try (SshServer sshd = SshServer.start(bob.namespace(), folder, SSH);
          Program _ = httpServer(bob.namespace(), folder.resolve("files"));
          Program listen = listen(bob.namespace());
          Program http = forward(alice.namespace(), LOCAL_HTTP + ":bob:127.0.0.1:" + HTTP);
          Program ssh = forward(alice.namespace(), LOCAL_SSH + ":bob:127.0.0.1:" + SSH)) {
        List<Move> moves =
            List.of(
                new Move(alice::unplug, () -> alice.plugInto(a2)),
                new Move(bob::unplug, () -> bob.plugInto(b2)),
                new Move(b2::unplug, () -> b2.plugInto(internet)));
        Result result = carry(alice, moves, sshd, folder, hash);
        return with(result, http, ssh, listen);
      }
    } finally {
      remove(folder);
    }
  }

  private record Move(Runnable away, Runnable back) {

    void make() throws InterruptedException {
      away.run();
      Thread.sleep(BETWEEN);
      back.run();
    }
  }

  private Result carry(Host alice, List<Move> moves, SshServer sshd, Path folder, String hash)
      throws IOException, InterruptedException {
    String url = "http://127.0.0.1:" + LOCAL_HTTP + "/";
    Path fetched = folder.resolve("fetched");
    Counting counting =
        Counting.start(alice.namespace().inside(sshd.client(LOCAL_SSH, Counting.script(seconds))));
    Requests requests = Requests.start(alice.namespace(), url + "small");
    try (counting;
        Program download =
            Program.start(
                Map.of(),
                alice
                    .namespace()
                    .inside(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--limit-rate",
                        Integer.toString(BYTES_PER_SECOND),
                        "--output",
                        fetched.toString(),
                        url + "large"))) {
      Duration part = Duration.ofSeconds(seconds / (moves.size() + 1));
      List<Long> moments = new ArrayList<>();
      for (Move move : moves) {
        Thread.sleep(part);
        moments.add(System.nanoTime());
        move.make();
      }
      boolean ended = counting.hasEnded(part.plus(REST));
      Program.Result fetching = download.waitForEnd(REST);
      requests.stop();
      return new Result(
          seconds,
          counting.counted(),
          ended && counting.isWhole(seconds),
          counting.longestPauses(moments),
          fetching.exitCode() == 0 && hash.equals(hash(fetched)),
          Files.exists(fetched) ? Files.size(fetched) : 0,
          requests.answered(),
          requests.failures(),
          requests.slowest(),
          "SSH: "
              + counting.said()
              + "\ndownload: "
              + fetching.output()
              + "\nmoves after seconds: "
              + requests.after(moments)
              + "\nrequests:\n"
              + requests.said());
    }
  }

  private static Result with(Result result, Program http, Program ssh, Program listen) {
    return new Result(
        result.seconds(),
        result.counted(),
        result.session(),
        result.pauses(),
        result.download(),
        result.downloaded(),
        result.answered(),
        result.failures(),
        result.slowest(),
        result.said()
            + "\nforward, HTTP:\n"
            + http.output()
            + "\nforward, SSH:\n"
            + ssh.output()
            + "\nlisten:\n"
            + listen.output());
  }

  private String write(Path folder) throws IOException {
    Path files = Files.createDirectory(folder.resolve("files"));
    Files.writeString(files.resolve("small"), "a small page\n");
    byte[] bytes = new byte[BYTES_PER_SECOND * seconds];
    new SplittableRandom().nextBytes(bytes);
    Files.write(files.resolve("large"), bytes);
    return hash(files.resolve("large"));
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = Deliveries.sha256();
    return Files.exists(file)
        ? HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)))
        : "";
  }

  private static Program httpServer(Namespace host, Path files) {
    List<String> command =
        JavaCommands.program(
            HttpFiles.class.getName(),
            List.of("-XX:TieredStopAtLevel=1"),
            Integer.toString(HTTP),
            files.toAbsolutePath().toString());
    return ready(Program.start(Map.of(), host.inside(command)), HttpFiles.READY);
  }

  private static Program listen(Namespace host) {
    return agent(
        host,
        "\"listening\"",
        "listen",
        "--id",
        "bob",
        "--serve",
        "127.0.0.1:" + HTTP + ",127.0.0.1:" + SSH);
  }

  private static Program forward(Namespace host, String what) {
    return agent(host, "\"forwarding\"", "forward", what);
  }

  private static Program agent(Namespace host, String line, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--json";
    return ready(
        Program.start(
            Map.of("BRADAWL_SERVER", LabServer.URL, "BRADAWL_TOKEN", LabServer.KEY),
            host.inside(JavaCommands.agent(all))),
        line);
  }

  private static Program ready(Program program, String line) {
    try {
      program.waitForLine(START, said -> said.contains(line));
      return program;
    } catch (AssertionError e) {
      program.close();
      throw new LabFailure("a program does not start: " + e.getMessage(), e);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
