package org.bradawl.tests.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.tests.support.Checkout;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.PayaraServer;
import org.bradawl.tests.support.Program;

/**
 * A server started as people start it: {@code ./bradawl serve}, on loopback, with ports of its own.
 */
final class Bradawl implements AutoCloseable {

  /** Payara starts in under 10 s alone; beside a build on two cores it takes several times that. */
  static final Duration START = Duration.ofMinutes(4);

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  /**
   * What a server is started with.
   *
   * @param data its data directory
   * @param http where HTTP listens on 127.0.0.1
   * @param stun where STUN and TURN listen on 127.0.0.1
   * @param settings every key with its value
   */
  record Plan(Path data, int http, int stun, Map<String, String> settings) {

    /** Loopback, free ports, loopback peers allowed, a static user {@code tester:secret}. */
    static Plan in(Path data) {
      int http = FreePorts.one();
      int stun = FreePorts.consecutive(2);
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("bradawl.data.directory", data.toString());
      settings.put("bradawl.http.address", "127.0.0.1");
      settings.put("bradawl.http.port", Integer.toString(http));
      settings.put("bradawl.listen.address", "127.0.0.1");
      settings.put("bradawl.listen.port", Integer.toString(stun));
      settings.put("bradawl.listen.alternate-port", Integer.toString(stun + 1));
      settings.put("bradawl.listen.tls-port", "0");
      settings.put("bradawl.relay.allowed-peers", "127.0.0.0/8");
      settings.put("bradawl.turn.users", "tester:secret");
      return new Plan(data, http, stun, settings);
    }

    /** The same with one more key. */
    Plan with(String key, String value) {
      Map<String, String> more = new LinkedHashMap<>(settings);
      more.put(key, value);
      return new Plan(data, http, stun, more);
    }
  }

  private final Plan plan;
  private final Program program;
  private final Path log;

  private Bradawl(Plan plan, Program program, Path log) {
    this.plan = plan;
    this.program = program;
    this.log = log;
  }

  /** Starts a server and does not wait for it. */
  static Bradawl launch(Plan plan) {
    Checkout.deployed();
    Path log = plan.data().resolve("stderr-" + System.nanoTime() + ".log");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("bash", "-c", "exec \"$0\" serve \"$@\" 2>\"$LOG\""));
    command.add(Checkout.ROOT.resolve("bradawl").toString());
    plan.settings().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Map<String, String> environment =
        Map.of("LOG", log.toString(), "BRADAWL_JAVA_OPTIONS", PayaraServer.QUICK_START);
    return new Bradawl(plan, Program.start(environment, command), log);
  }

  /** Starts a server and waits until it says that it is ready. */
  static Bradawl start(Plan plan) {
    Bradawl server = launch(plan);
    try {
      server.program.waitForLine(START, line -> line.startsWith("bradawl ready "));
      return server;
    } catch (AssertionError failed) {
      String said = server.log();
      server.close();
      throw new AssertionError(failed.getMessage() + "\nits log:\n" + said, failed);
    }
  }

  /** What it was started with. */
  Plan plan() {
    return plan;
  }

  /** What it has written to standard output. */
  String output() {
    return program.output();
  }

  /** What it has written to standard error. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first group of the pattern in the log. */
  Optional<String> said(String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(log());
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** Asks for the stop as Ctrl-C and systemd do, and waits for the end. */
  Program.Result stop(Duration within) {
    program.terminate();
    return program.waitForEnd(within);
  }

  /** Waits for it to end by itself. */
  Program.Result waitForEnd() {
    return program.waitForEnd(START);
  }

  /** Ends the Java process without giving it a chance, as a crash does. */
  void crash() {
    ProcessHandle.of(program.pid())
        .orElseThrow()
        .descendants()
        .filter(process -> process.info().command().filter(c -> c.endsWith("/java")).isPresent())
        .forEach(ProcessHandle::destroyForcibly);
  }

  /** The answer to a GET of {@code path}. */
  HttpResponse<String> get(String path, String bearer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plan.http() + path))
            .timeout(Duration.ofSeconds(30));
    if (!bearer.isEmpty()) {
      request.header("Authorization", "Bearer " + bearer);
    }
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while asking the server", e);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
