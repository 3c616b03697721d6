package org.bradawl.tests.support;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The WAR on Payara Micro, with the files and options of {@code deploy/payara}, a database of its
 * own, ports that nobody holds and loopback peers allowed. It ends with the run.
 *
 * @param address where its HTTP listens
 * @param turn where its STUN and TURN listen, over UDP and TCP
 * @param program the process
 */
public record PayaraServer(URI address, InetSocketAddress turn, Program program) {

  /**
   * An option for servers that live for seconds: without the second compiler a start takes 13 s
   * instead of 17 on two cores.
   */
  public static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  /** Payara starts in 10 to 20 s alone; beside a build on two cores it takes several times that. */
  private static final Duration START = Duration.ofMinutes(5);

  /**
   * Starts one and waits until it is ready.
   *
   * @param tls whether it serves TLS and DTLS, too
   * @param settings configuration keys beside those above; they may hold secrets, so they go by the
   *     environment
   */
  public static PayaraServer start(boolean tls, Map<String, String> settings) {
    Path deployed = Checkout.deployed();
    int http = FreePorts.one();
    int stun = FreePorts.consecutive(3);
    Map<String, String> open = new LinkedHashMap<>();
    Path data = Checkout.freshFolder("data");
    open.put("bradawl.data.directory", data.toString());
    open.put("bradawl.http.address", "127.0.0.1");
    open.put("bradawl.http.port", Integer.toString(http));
    open.put("bradawl.listen.address", "127.0.0.1");
    open.put("bradawl.listen.port", Integer.toString(stun));
    open.put("bradawl.listen.alternate-port", Integer.toString(stun + 1));
    open.put("bradawl.listen.tls-port", tls ? Integer.toString(stun + 2) : "0");
    open.put("bradawl.relay.allowed-peers", "127.0.0.0/8");
    Program program = Program.start(environment(settings), command(deployed, data, open));
    Runtime.getRuntime().addShutdownHook(new Thread(program::close, "stop the server"));
    program.waitForLine(START, line -> line.contains("bradawl ready http"));
    return new PayaraServer(
        URI.create("http://127.0.0.1:" + http),
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), stun),
        program);
  }

  private static Map<String, String> environment(Map<String, String> settings) {
    Map<String, String> environment = new LinkedHashMap<>();
    settings.forEach((key, value) -> environment.put(variable(key), value));
    return environment;
  }

  /** A configuration key as MicroProfile Config looks it up in the environment. */
  private static String variable(String key) {
    return key.replaceAll("[^a-zA-Z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  private static List<String> command(Path deployed, Path data, Map<String, String> settings) {
    Path files = Checkout.ROOT.resolve("deploy/payara");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("@" + files.resolve("jvm.options"));
    command.add(QUICK_START);
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
}
