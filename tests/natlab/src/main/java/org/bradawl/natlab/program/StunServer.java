package org.bradawl.natlab.program;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.natlab.world.Internet;
import org.bradawl.tests.support.Program;

/**
 * A STUN server on two addresses, which RFC 5780 needs: the project's own data path alone, or
 * coturn.
 */
public final class StunServer implements AutoCloseable {

  /** Beside a build on two cores. */
  private static final Duration START = Duration.ofSeconds(30);

  private final Program program;
  private final String address;

  private StunServer(Program program, String address) {
    this.program = program;
    this.address = address;
  }

  /** The project's own. */
  public static StunServer own(Internet internet) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("bradawl.listen.address", Internet.SERVER.get(0));
    keys.put("bradawl.listen.alternate-address", Internet.SERVER.get(1));
    keys.put("bradawl.listen.tls-port", "0");
    keys.put("bradawl.turn.users", "lab:lab");
    List<String> options = new ArrayList<>();
    keys.forEach((key, value) -> options.add("-D" + key + "=" + value));
    List<String> command = JavaCommands.program("org.bradawl.datapath.Main", options);
    return start(internet.namespace(), command, Internet.SERVER.getFirst(), "bradawl relay ready");
  }

  /** Debian's coturn. */
  public static StunServer coturn(Internet internet) {
    List<String> command = new ArrayList<>(List.of("turnserver", "-n", "--no-auth"));
    Internet.CONTROL.forEach(address -> command.addAll(List.of("-L", address)));
    command.addAll(
        List.of("--no-tls", "--no-dtls", "--no-cli", "--stun-only", "--log-file", "stdout"));
    // It removes this file when it ends, so it had better be its own.
    command.addAll(
        List.of(
            "--pidfile",
            Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "bradawl-coturn-" + ProcessHandle.current().pid() + ".pid")
                .toString()));
    return start(
        internet.namespace(), command, Internet.CONTROL.getFirst(), "IO method (main listener");
  }

  private static StunServer start(
      Namespace namespace, List<String> command, String address, String ready) {
    Program program = Program.start(Map.of(), namespace.inside(command));
    try {
      program.waitForLine(START, line -> line.contains(ready));
      return new StunServer(program, address);
    } catch (AssertionError e) {
      program.close();
      throw e;
    }
  }

  /** Its first address; the port is the usual one. */
  public String address() {
    return address;
  }

  @Override
  public void close() {
    program.close();
  }
}
