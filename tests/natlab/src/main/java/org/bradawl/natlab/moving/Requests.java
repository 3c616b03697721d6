package org.bradawl.natlab.moving;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.tests.support.Program;

/** Asks an HTTP server for something small, again and again, each time over a new connection. */
final class Requests {

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** As long as people wait for a page. */
  private static final int PATIENCE_SECONDS = 30;

  private final List<String> command;
  private final Thread thread;
  private final List<String> failures = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final long beganNanos = System.nanoTime();
  private int answered;
  private double slowest;
  private volatile boolean over;

  private Requests(List<String> command) {
    this.command = command;
    this.thread = Thread.ofVirtual().name("requests").start(this::run);
  }

  /** Begins to ask from a host. */
  static Requests start(Namespace host, String url) {
    return new Requests(
        host.inside(
            "curl",
            "--silent",
            "--show-error",
            "--max-time",
            Integer.toString(PATIENCE_SECONDS),
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_code} %{time_total}",
            url));
  }

  private void run() {
    try {
      while (!over) {
        double began = after(System.nanoTime());
        Program.Result result =
            Program.run(Duration.ofSeconds(2 * PATIENCE_SECONDS), command.toArray(String[]::new));
        took(began, result.output().strip());
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void took(double began, String what) {
    said.add(String.format(Locale.ROOT, "%.1f: %s", began, what));
    String[] words = what.split(" ", -1);
    if (words.length == 2 && words[0].equals("200")) {
      answered++;
      slowest = Math.max(slowest, Double.parseDouble(words[1]));
    } else {
      failures.add(what);
    }
  }

  /** How many were answered as they should be. */
  synchronized int answered() {
    return answered;
  }

  /** What became of the others. */
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  private double after(long nanos) {
    return (nanos - beganNanos) / 1e9;
  }

  /** How many seconds after the first request these moments were. */
  List<String> after(List<Long> moments) {
    return moments.stream()
        .map(moment -> String.format(Locale.ROOT, "%.1f", after(moment)))
        .toList();
  }

  /** When each began, in seconds after the first, and what became of it and when. */
  synchronized String said() {
    return String.join("\n", said) + "\n";
  }

  /** How many seconds the slowest answer took. */
  synchronized double slowest() {
    return slowest;
  }

  /** Asks no more, and waits for the last answer. */
  void stop() throws InterruptedException {
    over = true;
    thread.join(Duration.ofSeconds(PATIENCE_SECONDS));
  }
}
