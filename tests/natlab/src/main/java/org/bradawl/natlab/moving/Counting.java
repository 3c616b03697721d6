package org.bradawl.natlab.moving;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/** A session that prints a number each second; remembers what came, and when. */
final class Counting implements AutoCloseable {

  private record Line(long nanos, String text) {}

  private final Process process;
  private final Thread reader;
  private final List<Line> lines = new ArrayList<>();

  private Counting(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().name("counting").start(this::read);
  }

  /** What a shell prints that counts to {@code last}, a second between two numbers. */
  static String script(int last) {
    return "i=0; while [ $i -lt " + last + " ]; do i=$((i+1)); echo $i; sleep 1; done; echo end";
  }

  /** Runs a command that ends in such a shell. */
  static Counting start(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new Counting(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (lines) {
          lines.add(new Line(System.nanoTime(), line));
        }
      }
    } catch (IOException e) {
      // It was ended: that is the end of what it says.
    }
  }

  /** Waits for the end; whether it came by itself and without an error. */
  boolean hasEnded(Duration within) throws InterruptedException {
    boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    reader.join(Duration.ofSeconds(1));
    return ended && process.exitValue() == 0;
  }

  /** How many numbers have come, in their order and without a gap. */
  int counted() {
    synchronized (lines) {
      int next = 1;
      for (Line line : lines) {
        if (line.text().equals(Integer.toString(next))) {
          next++;
        }
      }
      return next - 1;
    }
  }

  /** Whether exactly the numbers to {@code last} have come, and the end. */
  boolean isWhole(int last) {
    synchronized (lines) {
      List<String> texts = lines.stream().map(Line::text).toList();
      return texts.size() == last + 1 && counted() == last && texts.getLast().equals("end");
    }
  }

  /**
   * The longest time in seconds between two lines: before the first of these moments, and then
   * after each until the next.
   */
  List<Double> longestPauses(List<Long> moments) {
    synchronized (lines) {
      double[] longest = new double[moments.size() + 1];
      for (int i = 1; i < lines.size(); i++) {
        long end = lines.get(i).nanos();
        int part = (int) moments.stream().filter(moment -> moment - end < 0).count();
        longest[part] = Math.max(longest[part], (end - lines.get(i - 1).nanos()) / 1e9);
      }
      return DoubleStream.of(longest).boxed().toList();
    }
  }

  /** Everything that came, for people. */
  String said() {
    synchronized (lines) {
      return String.join(" ", lines.stream().map(Line::text).toList());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
