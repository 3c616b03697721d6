package org.bradawl.tests.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;

/**
 * The WAR on Payara Micro, with the files and options of {@code deploy/payara}, a database of its
 * own and loopback peers allowed. One for all test classes of this run; it ends with the run.
 */
final class RunningServer {

  /** Payara starts in 10 to 20 s alone; beside a build on two cores it takes several times that. */
  private static final Duration START = Duration.ofMinutes(3);

  /** The token of its administrators. */
  static final String ADMIN_TOKEN = "the-administrator-of-the-browser-tests";

  private static final Path ROOT =
      Path.of(System.getenv().getOrDefault("BRADAWL_ROOT", "../..")).toAbsolutePath().normalize();

  private static final class Holder {
    static final RunningServer SERVER = start();
  }

  private final URI address;
  private final InetSocketAddress turn;

  private RunningServer(int http, int stun) {
    this.address = URI.create("http://127.0.0.1:" + http);
    this.turn = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), stun);
  }

  /** The server, started if it does not run yet. */
  static RunningServer get() {
    return Holder.SERVER;
  }

  /** Where its HTTP listens. */
  URI address() {
    return address;
  }

  /** Where its STUN and TURN listen, over UDP and TCP. */
  InetSocketAddress turn() {
    return turn;
  }

  /** The same server by the name that its certificate is for. */
  URI named() {
    return URI.create("http://" + Certificate.HOST + ":" + address.getPort());
  }

  private static RunningServer start() {
    Path deployed = ROOT.resolve("deploy/payara/target/bradawl");
    Requires.that(
        Files.exists(deployed.resolve("bradawl.war")),
        "needs the server put together in " + deployed + ": run mvn verify");
    Path data = freshFolder();
    int http = FreePorts.one();
    int stun = FreePorts.consecutive(3);
    Program program =
        Program.start(Map.of(), command(ROOT.resolve("deploy/payara"), deployed, data, http, stun));
    Runtime.getRuntime().addShutdownHook(new Thread(program::close, "stop the server"));
    program.waitForLine(START, line -> line.contains("bradawl ready http"));
    return new RunningServer(http, stun);
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
            Integer.toString(stun + 2),
            "bradawl.relay.allowed-peers",
            "127.0.0.0/8",
            "bradawl.admin.token",
            ADMIN_TOKEN,
            "bradawl.data.directory",
            data.toString());
    Certificate.settings().forEach((key, value) -> command.add("-D" + key + "=" + value));
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
      Path target = Files.createDirectories(ROOT.resolve("tests/browser/target"));
      return Files.createTempDirectory(target, "data-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
