package org.bradawl.natlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.bradawl.natlab.net.Command;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing of the lab is left behind. */
class NamespaceTest {

  @BeforeEach
  void needs() {
    Requires.networkNamespaces();
  }

  @Test
  void aClosedNamespaceIsGoneWithWhatRanInIt() {
    Namespace namespace = Namespace.create("test");
    assertThat(Command.run("ip", "netns", "list")).contains(namespace.name());
    try (Program inside = Program.start(Map.of(), namespace.inside("sleep", "60"))) {
      namespace.ip("link set lo down");
      namespace.close();

      assertThat(Command.run("ip", "netns", "list")).doesNotContain(namespace.name());
      assertThat(inside.waitForEnd(Duration.ofSeconds(10)).exitCode()).isNotZero();
    }
  }

  /** A name with the id of no process, as a killed run leaves one. */
  @Test
  void whatADeadRunLeftIsRemoved() {
    String left = "bradawl-999999999-1-left";
    Command.run("ip", "netns", "add", left);

    Namespace.sweep();

    assertThat(Command.run("ip", "netns", "list")).doesNotContain(left);
  }
}
