package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.bradawl.tests.support.Checkout;
import org.bradawl.tests.support.Program;
import org.junit.jupiter.api.Test;

/** A start that cannot succeed ends, says why, and what to do. */
class RefusedStartTest {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private static Bradawl.Plan plan() {
    return Bradawl.Plan.in(Checkout.freshFolder("refused"));
  }

  /** The last words of a server that must not start. */
  private static String refusal(Bradawl.Plan plan) {
    try (Bradawl server = Bradawl.launch(plan)) {
      Program.Result end = server.waitForEnd();
      assertThat(end.exitCode()).as(server.log()).isEqualTo(1);
      assertThat(server.output()).as("standard output").isEmpty();
      String log = server.log();
      int last = log.lastIndexOf("cannot start:");
      assertThat(last).as(log).isPositive();
      assertThat(log.substring(last).lines().count()).as(log).isLessThan(10);
      return log.substring(last);
    }
  }

  @Test
  void everyWrongValueIsNamedWithItsRemedy() {
    assertThat(
            refusal(
                plan()
                    .with("bradawl.db.url", "jdbc:oracle:thin:@db")
                    .with("bradawl.relay.min-port", "lots")
                    .with("bradawl.relay.denied-peers", "10.0.0.0/99")
                    .with("bradawl.applications", "no-key")))
        .contains("bradawl.db.url ", "Give jdbc:postgresql://HOST/DATABASE")
        .contains("bradawl.relay.min-port ", "bradawl.relay.denied-peers ")
        .contains("bradawl.applications ", "Give NAME:KEY")
        .doesNotContain("\tat ");
  }

  @Test
  void anHttpPortInUse() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK)) {
      assertThat(refusal(plan().with("bradawl.http.port", Integer.toString(other.getLocalPort()))))
          .contains("bradawl.http.port is in use", "give another port");
    }
  }

  @Test
  void anHttpPortThatIsNone() {
    assertThat(refusal(plan().with("bradawl.http.port", "http")))
        .contains("bradawl.http.port is not a number from 1 to 65535");
  }

  @Test
  void aStunPortInUse() throws IOException {
    try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
      assertThat(
              refusal(plan().with("bradawl.listen.port", Integer.toString(other.getLocalPort()))))
          .contains("bradawl.listen.port ", Integer.toString(other.getLocalPort()));
    }
  }

  /** It accepts connections and never says a word. */
  @Test
  void aDatabaseThatDoesNotAnswer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, LOOPBACK)) {
      String refusal =
          refusal(
              plan()
                  .with(
                      "bradawl.db.url",
                      "jdbc:postgresql://127.0.0.1:%d/bradawl?password=hush"
                          .formatted(silent.getLocalPort())));

      assertThat(refusal)
          .contains("bradawl.db.url leads to a database that does not answer")
          .contains("127.0.0.1:" + silent.getLocalPort())
          .contains("Start it, or correct the URL")
          .doesNotContain("hush");
    }
  }
}
