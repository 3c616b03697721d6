package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TCP clients take neither a thread each nor the datagrams' turn. */
@Timeout(60)
class StreamsBesideDatagramsTest {

  private static final int FLOODS = 8;
  private static final int ROUND_TRIPS = 500;
  private static final int IDLE = 300;

  @ParameterizedTest
  @EnumSource
  void aFloodOverTcpKeepsNoDatagramWaiting(EngineUnderTest kind) throws Exception {
    try (TestRelay relay = kind.relay("bradawl.engine.shards=1");
        TurnClient client = relay.udp();
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"));
        Flood flood = new Flood(relay.server())) {
      client.allocate();
      assertThat(client.bind(0x4000, peer.address())).isZero();
      flood.awaitAnswers(10_000);
      List<Long> nanos = new ArrayList<>();
      for (int i = 0; i < ROUND_TRIPS; i++) {
        long from = System.nanoTime();
        client.send(0x4000, "through " + i);
        assertThat(client.receive(Duration.ofSeconds(2))).contains("through " + i);
        nanos.add(System.nanoTime() - from);
      }
      assertThat(flood.answers()).as("the flood went on").isGreaterThan(10_000);
      nanos.sort(null);
      // A machine that builds other things at once takes its time; starving would take seconds.
      assertThat(Duration.ofNanos(nanos.get(ROUND_TRIPS * 95 / 100)))
          .isLessThan(Duration.ofMillis(250));
    }
  }

  @ParameterizedTest
  @EnumSource
  void idleConnectionsTakeNoThreads(EngineUnderTest kind) throws Exception {
    List<Socket> idle = new ArrayList<>();
    try (TestRelay relay = kind.relay();
        TurnClient first = relay.tcp()) {
      assertThat(first.allocateError()).isZero();
      int before = ManagementFactory.getThreadMXBean().getThreadCount();
      for (int i = 0; i < IDLE; i++) {
        idle.add(new Socket(relay.server().address().toInetAddress(), relay.server().port()));
      }
      Wait.until(
          "all are connected", () -> relay.datapath().statistics().connections() == IDLE + 1);
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - before).isLessThan(10);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  /** Connections that ask for bindings as fast as they are answered. */
  private static final class Flood implements AutoCloseable {

    private static final int AT_ONCE = 200;
    private static final int REQUEST = 20;

    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();

    Flood(TransportAddress server) throws IOException {
      ByteBuffer requests = ByteBuffer.allocate(AT_ONCE * REQUEST);
      while (requests.hasRemaining()) {
        requests.putShort((short) 1).putShort((short) 0).putInt(TransactionId.MAGIC_COOKIE);
        requests.putLong(requests.position()).putInt(0);
      }
      for (int i = 0; i < FLOODS; i++) {
        Socket socket = new Socket(server.address().toInetAddress(), server.port());
        sockets.add(socket);
        Thread.ofVirtual().start(() -> write(socket, requests.array()));
        Thread.ofVirtual().start(() -> read(socket));
      }
    }

    private void write(Socket socket, byte[] requests) {
      try {
        while (!over.get()) {
          socket.getOutputStream().write(requests);
        }
      } catch (IOException e) {
        // Closed: the test is over.
      }
    }

    private void read(Socket socket) {
      byte[] chunk = new byte[65_536];
      try {
        int length = socket.getInputStream().read(chunk);
        while (length >= 0) {
          bytes.addAndGet(length);
          length = socket.getInputStream().read(chunk);
        }
      } catch (IOException e) {
        // Closed: the test is over.
      }
    }

    /** At least so many; an answer to a request without attributes has 32 bytes and more. */
    long answers() {
      return bytes.get() / 100;
    }

    void awaitAnswers(long count) {
      Wait.until(count + " answers", () -> answers() >= count);
    }

    @Override
    public void close() throws IOException {
      over.set(true);
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
