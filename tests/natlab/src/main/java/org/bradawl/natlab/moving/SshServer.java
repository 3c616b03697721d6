package org.bradawl.natlab.moving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bradawl.natlab.net.Command;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;

/** OpenSSH's sshd on a loopback port, with keys made for it alone. */
final class SshServer implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(20);

  private final Program program;
  private final Path folder;

  private SshServer(Program program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /**
   * Starts it on a host; root may enter with the one key.
   *
   * @param folder for its keys and settings
   */
  static SshServer start(Namespace host, Path folder, int port) {
    Path sshd =
        Requires.find("sshd")
            .orElseThrow(() -> new LabFailure("there is no sshd: install Debian's openssh-server"));
    try {
      // Where it puts itself into a corner before anybody has entered.
      Files.createDirectories(Path.of("/run/sshd"));
      key(folder, "host");
      key(folder, "user");
      Path settings = Files.write(folder.resolve("sshd_config"), settings(folder, port));
      Program program =
          Program.start(
              Map.of(), host.inside(sshd.toString(), "-D", "-e", "-f", settings.toString()));
      try {
        program.waitForLine(START, line -> line.contains("Server listening on"));
      } catch (AssertionError e) {
        program.close();
        throw new LabFailure("sshd does not start: " + e.getMessage(), e);
      }
      return new SshServer(program, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void key(Path folder, String name) {
    Command.run(
        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve(name).toString());
  }

  private static List<String> settings(Path folder, int port) {
    return List.of(
        "ListenAddress 127.0.0.1:" + port,
        "HostKey " + folder.resolve("host"),
        "AuthorizedKeysFile " + folder.resolve("user.pub"),
        "PidFile none",
        "UsePAM no",
        "StrictModes no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password");
  }

  /**
   * The command line that runs a script on it.
   *
   * @param port a port of the client's own host that leads to it
   */
  List<String> client(int port, String script) throws IOException {
    Path known = folder.resolve("known");
    Files.writeString(
        known, "[127.0.0.1]:" + port + " " + Files.readString(folder.resolve("host.pub")));
    return List.of(
        "ssh",
        "-F",
        "none",
        "-p",
        Integer.toString(port),
        "-i",
        folder.resolve("user").toString(),
        "-o",
        "BatchMode=yes",
        "-o",
        "UserKnownHostsFile=" + known,
        "-o",
        "StrictHostKeyChecking=yes",
        "root@127.0.0.1",
        script);
  }

  @Override
  public void close() {
    program.close();
  }
}
