package org.bradawl.tests.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;

/**
 * The WAR on Payara Micro, with the files and options of {@code deploy/payara}, a database of its
 * own, loopback peers allowed, and two applications. It ends with the run.
 */
public final class RunningServer {

  /** The bearer token of its admin API. */
  public static final String ADMIN_TOKEN = "admin-token-of-the-system-tests";

  /** The key of the application {@code chat}. */
  public static final String CHAT_KEY = "key-of-chat-in-the-system-tests";

  /** The key of the application {@code other}. */
  public static final String OTHER_KEY = "key-of-other-in-the-system-tests";

  /** Payara starts in 10 to 20 s alone; beside a build on two cores it takes several times that. */
  private static final Duration START = Duration.ofMinutes(5);

  private static final Path ROOT =
      Path.of(System.getenv().getOrDefault("BRADAWL_ROOT", "../..")).toAbsolutePath().normalize();

  private static final class Holder {
    static final RunningServer SERVER = start();
  }

  private final URI address;
  private final InetSocketAddress turn;
  private final Program program;

  private RunningServer(int http, int stun, Program program) {
    this.address = URI.create("http://127.0.0.1:" + http);
    this.turn = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), stun);
    this.program = program;
  }

  /** The server, started if it does not run yet. */
  public static RunningServer get() {
    return Holder.SERVER;
  }

  /** Where its HTTP listens. */
  public URI address() {
    return address;
  }

  /** Where its STUN and TURN listen, over UDP and TCP. */
  public InetSocketAddress turn() {
    return turn;
  }

  /** What it has logged until now. */
  public String log() {
    return program.output();
  }

  private static RunningServer start() {
    Path deployed = ROOT.resolve("deploy/payara/target/bradawl");
    Requires.that(
        Files.exists(deployed.resolve("bradawl.war")),
        "needs the server put together in " + deployed + ": run mvn verify");
    int http = FreePorts.one();
    int stun = FreePorts.consecutive(2);
    Program program =
        Program.start(
            environment(),
            command(ROOT.resolve("deploy/payara"), deployed, freshFolder(), http, stun));
    Runtime.getRuntime().addShutdownHook(new Thread(program::close, "stop the server"));
    program.waitForLine(START, line -> line.contains("bradawl ready http"));
    return new RunningServer(http, stun, program);
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("BRADAWL_ADMIN_TOKEN", ADMIN_TOKEN);
    environment.put("BRADAWL_APPLICATIONS", "chat:" + CHAT_KEY + ",other:" + OTHER_KEY);
    return environment;
  }

  private static List<String> command(Path files, Path deployed, Path data, int http, int stun) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("@" + files.resolve("jvm.options"));
    Map<String, String> settings =
        Map.of(
            "bradawl.http.address",
            "127.0.0.1",
            "bradawl.http.port",
            Integer.toString(http),
            "bradawl.listen.address",
            "127.0.0.1",
            "bradawl.listen.port",
            Integer.toString(stun),
            "bradawl.listen.alternate-port",
            Integer.toString(stun + 1),
            "bradawl.listen.tls-port",
            "0",
            "bradawl.relay.allowed-peers",
            "127.0.0.0/8",
            "bradawl.data.directory",
            data.toString());
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(
        List.of(
            "-jar",
            deployed.resolve("payara-micro.jar").toString(),
            "--rootdir",
            data.resolve("payara").toString(),
            "--prebootcommandfile",
            files.resolve("pre-boot.asadmin").toString(),
            "--logproperties",
            files.resolve("logging.properties").toString(),
            "--contextroot",
            "/",
            "--deploy",
            deployed.resolve("bradawl.war").toString()));
    return command;
  }

  private static Path freshFolder() {
    try {
      Path target = Files.createDirectories(ROOT.resolve("tests/system/target"));
      return Files.createTempDirectory(target, "data-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
