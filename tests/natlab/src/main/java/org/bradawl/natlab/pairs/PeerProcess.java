package org.bradawl.natlab.pairs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bradawl.agent.json.Json;
import org.bradawl.natlab.net.Command;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.natlab.program.JavaCommands;
import org.bradawl.natlab.program.LabServer;

/** A {@link PeerProgram}, or another agent, in a namespace, and what it has said. */
public final class PeerProcess implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String name;
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private PeerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread.ofVirtual().name("output of " + name).start(this::read);
  }

  /**
   * Starts one.
   *
   * @param transports {@code udp}, {@code tcp} or {@code both}
   */
  public static PeerProcess start(
      Namespace namespace, String name, boolean relayFirst, String transports) {
    return start(
        namespace,
        name,
        JavaCommands.program(
            PeerProgram.class.getName(),
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
            LabServer.URL,
            LabServer.KEY,
            name,
            relayFirst ? "relay-first" : "direct-first",
            transports));
  }

  /**
   * Starts any program that writes what happens as JSON, one object a line.
   *
   * @param command its command line, outside the namespace
   */
  public static PeerProcess start(Namespace namespace, String name, List<String> command) {
    try {
      return new PeerProcess(
          name, new ProcessBuilder(namespace.inside(command)).redirectErrorStream(true).start());
    } catch (IOException e) {
      throw new LabFailure("cannot start " + name, e);
    }
  }

  /** What others connect to. */
  public String name() {
    return name;
  }

  /** Gives an order. */
  public void order(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new LabFailure(name + " takes no orders:\n" + said(0), e);
    }
  }

  /** How much it has said until now; what it says later comes after this mark. */
  public int mark() {
    synchronized (lines) {
      return lines.size();
    }
  }

  /** All that it said after a mark. */
  public String said(int mark) {
    synchronized (lines) {
      return String.join("\n", lines.subList(mark, lines.size()));
    }
  }

  /** The first event of this name after a mark, if it comes in time. */
  public Optional<Json> await(String event, int mark, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    String start = "{\"event\":\"" + event + "\"";
    synchronized (lines) {
      int seen = mark;
      while (true) {
        for (; seen < lines.size(); seen++) {
          if (lines.get(seen).startsWith(start)) {
            return Optional.of(Json.parse(lines.get(seen)));
          }
        }
        long left = deadline - System.nanoTime();
        if (ended || left <= 0) {
          return Optional.empty();
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(lines, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return Optional.empty();
        }
      }
    }
  }

  /** What each of its threads does, for people; it goes on. */
  public String threads() {
    int mark = mark();
    Command.run("kill", "-QUIT", Long.toString(process.pid()));
    await("never", mark, Duration.ofSeconds(2));
    return said(mark);
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException e) {
      // It was ended: that is the end of what it says.
    } finally {
      synchronized (lines) {
        ended = true;
        lines.notifyAll();
      }
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
