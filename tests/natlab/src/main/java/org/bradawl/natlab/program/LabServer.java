package org.bradawl.natlab.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.world.Internet;
import org.bradawl.tests.support.Program;

/** The whole server, the WAR on Payara Micro, on the two server addresses of an internet. */
public final class LabServer implements AutoCloseable {

  /** Where agents find it. */
  public static final String URL = "http://" + Internet.SERVER.getFirst() + ":8080";

  /** The key of the application that agents enter. */
  public static final String KEY = "key-of-the-lab";

  /** The token of its admin API. */
  public static final String ADMIN = "admin-token-of-the-lab";

  /** Payara starts in 10 to 20 s alone; beside a build on two cores it takes several times that. */
  private static final Duration START = Duration.ofMinutes(4);

  private final Program program;
  private final Path data;

  private LabServer(Program program, Path data) {
    this.program = program;
    this.data = data;
  }

  /**
   * Starts it and waits until it serves. What is started is what {@code ./bradawl} has put together
   * in its checkout, which the property {@code bradawl.lab.root} names.
   */
  public static LabServer start(Internet internet) {
    Path root = Path.of(System.getProperty("bradawl.lab.root", "."));
    Path deployed = root.resolve("deploy/payara/target/bradawl");
    if (!Files.exists(deployed.resolve("bradawl.war"))) {
      throw new LabFailure("the server is not put together; ./bradawl lab does that");
    }
    try {
      Path data = Files.createTempDirectory("bradawl-lab-");
      List<String> command = command(root.resolve("deploy/payara"), deployed, data);
      Program program =
          Program.start(
              Map.of("BRADAWL_ADMIN_TOKEN", ADMIN, "BRADAWL_APPLICATIONS", "lab:" + KEY),
              internet.namespace().inside(command));
      LabServer server = new LabServer(program, data);
      try {
        program.waitForLine(START, line -> line.contains("bradawl ready http"));
      } catch (AssertionError e) {
        server.close();
        throw new LabFailure("the server does not start: " + e.getMessage(), e);
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(Path files, Path deployed, Path data) {
    List<String> command = new ArrayList<>(List.of(JavaCommands.java()));
    command.add("@" + files.resolve("jvm.options"));
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("bradawl.http.address", Internet.SERVER.get(0));
    // Payara itself reads it too, and knows no defaults.
    keys.put("bradawl.http.port", "8080");
    keys.put("bradawl.listen.address", Internet.SERVER.get(0) + "," + Internet.SERVER_V6);
    keys.put("bradawl.listen.alternate-address", Internet.SERVER.get(1));
    keys.put("bradawl.listen.tls-port", "0");
    keys.put("bradawl.data.directory", data.toString());
    keys.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-jar", deployed.resolve("payara-micro.jar").toString()));
    command.addAll(List.of("--rootdir", data.resolve("payara").toString()));
    command.addAll(List.of("--prebootcommandfile", files.resolve("pre-boot.asadmin").toString()));
    command.addAll(List.of("--logproperties", files.resolve("logging.properties").toString()));
    command.addAll(List.of("--contextroot", "/"));
    command.addAll(List.of("--deploy", deployed.resolve("bradawl.war").toString()));
    return command;
  }

  /** What it has logged. */
  public String log() {
    return program.output();
  }

  @Override
  public void close() {
    program.close();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + data + " (" + e.getMessage() + ")");
    }
  }
}
