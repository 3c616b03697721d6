package org.bradawl.tests.interop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bradawl.datapath.Main;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;

/** The relay alone in a process of its own, on 127.0.0.1, 127.0.0.2 (alternate) and ::1. */
final class RelayProcess implements AutoCloseable {

  static final String USER = "user";
  static final String PASSWORD = "pass";
  static final String SECRET = "north";

  /**
   * The test keys in turnutils_uclient, cut to the length of their cipher as it cuts them: AES-256
   * for "north" and "oldempire", AES-128 for "union".
   */
  private static final String TOKEN_KEYS =
      "north:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=,"
          + "union:MTIzNDU2Nzg5MDEyMzQ1Ng==,"
          + "oldempire:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=";

  private static final Duration START = Duration.ofSeconds(30);

  private final Program program;
  private final String readyLine;
  private final int port;

  private RelayProcess(Program program, String readyLine, int port) {
    this.program = program;
    this.readyLine = readyLine;
    this.port = port;
  }

  /**
   * Starts a relay and waits until it is ready.
   *
   * @param properties added to, or put in place of, those that every test wants
   */
  static RelayProcess start(Map<String, String> properties) {
    int port = FreePorts.consecutive(3);
    Map<String, String> all = new HashMap<>();
    all.put("bradawl.listen.address", "127.0.0.1,::1");
    all.put("bradawl.listen.alternate-address", "127.0.0.2");
    all.put("bradawl.listen.port", Integer.toString(port));
    all.put("bradawl.listen.alternate-port", Integer.toString(port + 1));
    all.put("bradawl.listen.tls-port", Integer.toString(port + 2));
    all.put("bradawl.data.directory", Path.of("target", "relay-" + port).toString());
    all.put("bradawl.relay.allowed-peers", "127.0.0.0/8,::1");
    all.put("bradawl.turn.users", USER + ":" + PASSWORD);
    all.put("bradawl.turn.secret", SECRET);
    all.put("bradawl.turn.oauth.keys", TOKEN_KEYS);
    all.putAll(properties);
    Program program = Program.start(Map.of(), command(all));
    String ready = program.waitForLine(START, line -> line.startsWith("bradawl relay ready"));
    return new RelayProcess(program, ready, port);
  }

  /** The command line of a relay with these properties. */
  static List<String> command(Map<String, String> properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    return command;
  }

  Program program() {
    return program;
  }

  String readyLine() {
    return readyLine;
  }

  int port() {
    return port;
  }

  /** Where TLS and DTLS are. */
  int tlsPort() {
    return port + 2;
  }

  @Override
  public void close() {
    program.close();
  }
}
