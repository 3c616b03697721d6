package org.bradawl.agent.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckupTest {

  private static TransportAddress loopback(int port) {
    return new TransportAddress(IpAddress.parse("127.0.0.1"), port);
  }

  private static Checkup.Result check(TransportAddress server, boolean tcp) throws Exception {
    try (EventLoop loop = new EventLoop("check")) {
      return new Checkup(loop, _ -> {}).run(List.of(server), tcp, false, Optional.empty());
    }
  }

  @Test
  void coturnSaysThatLoopbackHasNoNat(@TempDir Path folder) throws Exception {
    int port = FreePorts.consecutive(2);
    try (Program _ = coturn(folder, port)) {
      Checkup.Result result = check(loopback(port), true);

      assertThat(result.view())
          .containsEntry("udp", true)
          .containsEntry("mapping", "none")
          .containsEntry("filtering", "none")
          .containsEntry("tcpMapping", "none")
          .containsEntry("legacyType", "open-internet");
      assertThat(result.words().getFirst()).contains("open internet");
    }
  }

  @Test
  void whereNobodyAnswersItEndsAndSaysSo() {
    assertThatThrownBy(() -> check(loopback(FreePorts.one()), false))
        .isInstanceOfSatisfying(
            AgentException.class,
            e -> assertThat(e.kind()).isEqualTo(AgentException.Kind.UNREACHABLE));
  }

  private static Program coturn(Path folder, int port) throws IOException {
    Path program = Requires.program("turnserver", "Debian package coturn");
    Path configuration = Files.createFile(folder.resolve("empty.conf"));
    Program server =
        Program.start(
            program.toString(),
            "-c",
            configuration.toString(),
            "--listening-ip=127.0.0.1",
            "--listening-ip=127.0.0.2",
            "--listening-port=" + port,
            "--alt-listening-port=" + (port + 1),
            "--no-auth",
            "--no-tls",
            "--no-dtls",
            "--no-cli",
            "--log-file=stdout",
            "--userdb=" + folder.resolve("users"),
            "--pidfile=" + folder.resolve("pid"));
    server.waitForLine(Duration.ofSeconds(20), line -> line.contains("auth thread"));
    return server;
  }
}
