package org.bradawl.natlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bradawl.natlab.net.Command;
import org.bradawl.natlab.program.JavaCommands;
import org.bradawl.natlab.world.Host;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.natlab.world.Router;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A port that a real daemon opened is closed again when its agent leaves. */
class PortMappingTest {

  private static final String PORT = "23456";

  @BeforeAll
  static void look() {
    Requires.networkNamespaces();
    Requires.program("nft", "Debian package nftables");
    Requires.program("miniupnpd", "Debian package miniupnpd-nftables");
  }

  @ParameterizedTest
  @ValueSource(strings = {"upnp", "nat-pmp", "pcp"})
  void whatWasOpenedIsClosedAtTheEnd(String protocol) throws Exception {
    LabNat nat = LabNat.parse("apdm+apdf:random:" + protocol).orElseThrow();
    try (Internet internet = new Internet();
        Router router = internet.router("nat", nat)) {
      Host host = router.host("host");
      Process agent = agent(host);
      try (BufferedReader said = agent.inputReader(StandardCharsets.UTF_8)) {
        assertThat(said.readLine()).isEqualTo("open at " + router.address() + ":" + PORT);
        assertThat(opened(router)).contains(PORT);

        agent.getOutputStream().close();
        assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(opened(router)).doesNotContain(PORT);
      } finally {
        agent.destroyForcibly();
      }
    }
  }

  private static Process agent(Host host) throws IOException {
    List<String> command =
        JavaCommands.program(
            OpenedPort.class.getName(),
            List.of("-XX:TieredStopAtLevel=1"),
            host.gateway(),
            host.address(),
            PORT);
    return new ProcessBuilder(host.namespace().inside(command)).redirectErrorStream(true).start();
  }

  /** The rules by which the daemon lets strangers in. */
  private static String opened(Router router) {
    return Command.run(
        router.namespace().inside("nft", "list", "chain", "inet", "filter", "prerouting_miniupnpd"),
        "");
  }
}
