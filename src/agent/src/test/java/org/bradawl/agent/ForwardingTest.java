package org.bradawl.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.bradawl.agent.path.Path;
import org.bradawl.agent.tunnel.Duplex;
import org.junit.jupiter.api.Test;

/** What a program on this side meets at the port that is forwarded. */
class ForwardingTest {

  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  /** Bytes without end from the other side, until this side wants no more. */
  private static final class Endless implements Connection {
    final CompletableFuture<String> aborted = new CompletableFuture<>();
    final CompletableFuture<String> said = new CompletableFuture<>();
    private volatile boolean over;

    @Override
    public Duplex open(Map<String, ?> purpose) throws IOException {
      InputStream bytes =
          new InputStream() {
            @Override
            public int read() {
              return 7;
            }
          };
      OutputStream heard =
          new ByteArrayOutputStream() {
            @Override
            public void close() {
              said.complete("all");
            }
          };
      return new Duplex(bytes, heard, () -> aborted.complete("aborted"));
    }

    @Override
    public String peer() {
      return "home";
    }

    @Override
    public Optional<Path> path() {
      return Optional.empty();
    }

    @Override
    public OptionalLong roundTripNanos() {
      return OptionalLong.empty();
    }

    @Override
    public void improve() {}

    @Override
    public boolean isOver() {
      return over;
    }

    @Override
    public void close() {
      over = true;
    }
  }

  private static Forwarding.Rule rule(int port) {
    return Forwarding.Rule.parse(port + ":home:localhost:22");
  }

  @Test
  void aPortThatSomebodyElseHasIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, HERE)) {
      int port = other.getLocalPort();

      assertThatThrownBy(() -> Forwarding.open(rule(port)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("port " + port + " of 127.0.0.1");
    }
  }

  /**
   * A download that is given up: the program has said all it has to say, so that the end of its
   * connection says nothing new, and only a write that fails shows that nobody reads any more.
   */
  @Test
  void whatNobodyReadsAnyMoreIsGivenUpAtTheOtherSideToo() throws Exception {
    Endless connection = new Endless();
    try (Forwarding.Port port = Forwarding.open(rule(0))) {
      Thread running =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  port.run(connection);
                } catch (IOException e) {
                  connection.aborted.completeExceptionally(e);
                }
              });
      try (Socket program = new Socket(HERE, port.number())) {
        program.shutdownOutput();
        assertThat(connection.said).succeedsWithin(Duration.ofSeconds(10));
        assertThat(program.getInputStream().readNBytes(100_000)).hasSize(100_000);
      }
      assertThat(connection.aborted).succeedsWithin(Duration.ofSeconds(10));
      connection.close();
      running.join();
    }
  }
}
