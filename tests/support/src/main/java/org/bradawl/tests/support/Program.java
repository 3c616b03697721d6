package org.bradawl.tests.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A program of the machine that a test started: its output is captured as it comes, every wait is
 * bounded, and closing it ends the process and what it started.
 */
public final class Program implements AutoCloseable {

  /** How long a closed program may take over SIGTERM before it is killed. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /**
   * How a program ended.
   *
   * @param exitCode its exit code; 143 after SIGTERM
   * @param output standard output and error, in the order written
   */
  public record Result(int exitCode, String output) {}

  private final Process process;
  private final Thread reader;
  private final StringBuilder output = new StringBuilder();
  private boolean outputEnded;

  private Program(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().name("output of " + process.pid()).start(this::read);
  }

  /** Starts a program with the environment of the tests. */
  public static Program start(String... command) {
    return start(Map.of(), List.of(command));
  }

  /**
   * Starts a program.
   *
   * @param environment variables added to the environment of the tests
   * @throws UncheckedIOException if it cannot be started
   */
  public static Program start(Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new Program(process);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command, e);
    }
  }

  /**
   * Runs a program to its end.
   *
   * @throws AssertionError with its output if it takes longer than {@code limit}; it is then killed
   */
  public static Result run(Duration limit, String... command) {
    try (Program program = start(command)) {
      return program.waitForEnd(limit);
    }
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it still runs. */
  public boolean running() {
    return process.isAlive();
  }

  /** What it has written until now to standard output and error. */
  public String output() {
    synchronized (output) {
      return output.toString();
    }
  }

  /**
   * Waits for a line of output.
   *
   * @return the first line, old or new, that {@code wanted} accepts, without its end
   * @throws AssertionError with the output if the program ends or {@code limit} passes without one
   */
  public String waitForLine(Duration limit, Predicate<String> wanted) {
    long deadline = System.nanoTime() + limit.toNanos();
    int seen = 0;
    synchronized (output) {
      while (true) {
        for (int end = output.indexOf("\n", seen); end >= 0; end = output.indexOf("\n", seen)) {
          String line = output.substring(seen, end);
          seen = end + 1;
          if (wanted.test(line)) {
            return line;
          }
        }
        long left = deadline - System.nanoTime();
        if (outputEnded || left <= 0) {
          String why = outputEnded ? "the program ended" : "no such line within " + limit;
          throw new AssertionError(why + "; its output:\n" + output);
        }
        await(left);
      }
    }
  }

  /**
   * Waits for the program to end by itself.
   *
   * @throws AssertionError with its output if it takes longer than {@code limit}
   */
  public Result waitForEnd(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + limit + "; its output:\n" + output());
      }
      reader.join(GRACE);
      return new Result(process.exitValue(), output());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while a program ran", e);
    }
  }

  /** Sends SIGTERM; see {@link #waitForEnd} for what comes of it. */
  public void terminate() {
    process.destroy();
  }

  /** Sends SIGKILL, which leaves no time for anything. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Ends the program and its children: SIGTERM, and after a grace SIGKILL. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    try {
      process.destroy();
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      reader.join(GRACE);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private void await(long nanos) {
    try {
      TimeUnit.NANOSECONDS.timedWait(output, nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while a program ran", e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      char[] chunk = new char[4096];
      for (int n = lines.read(chunk); n >= 0; n = lines.read(chunk)) {
        synchronized (output) {
          output.append(chunk, 0, n);
          output.notifyAll();
        }
      }
    } catch (IOException e) {
      // The stream is closed under the reader when the process is killed: that is its end.
    } finally {
      synchronized (output) {
        outputEnded = true;
        output.notifyAll();
      }
    }
  }
}
