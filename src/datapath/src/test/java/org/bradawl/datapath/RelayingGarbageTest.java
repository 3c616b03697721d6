package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the threads of a relay allocate while they relay, over real sockets. */
@Timeout(60)
class RelayingGarbageTest {

  private static final int CHANNEL = 0x4000;
  private static final int BURST = 32;

  /** Round trips; the first ones are run by an interpreter and then compiled. */
  private static final int ROUND_TRIPS = 12_800;

  private static final int ATTEMPTS = 8;

  /**
   * Bytes for each packet. Once a second a shard publishes its counters, some kB, which over an
   * attempt's packets is far less than one. The JDK's selector makes a small object for each time
   * it wakes up, which is for every few packets here and for hundreds under load.
   */
  private static double bound(EngineUnderTest kind) {
    return switch (kind) {
      case LINUX -> 1;
      case PORTABLE -> 8;
    };
  }

  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final ThreadMXBean figures = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final byte[] message = new byte[4 + 160];
  private final DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);

  @ParameterizedTest
  @EnumSource
  void relayingAllocatesNothing(EngineUnderTest kind) throws Exception {
    Engine engine = kind.engine();
    Map<String, String> values = TestRelay.values("bradawl.engine.shards=1");
    DatapathSettings settings = DatapathSettings.from(key -> Optional.ofNullable(values.get(key)));
    try (Datapath relay =
            engine.start(
                settings, settings.turn().credentials(), this::thread, RelayObserver.none());
        DatagramSocket client = socket();
        DatagramSocket peer = socket()) {
      TransportAddress server = relay.listeners().getFirst().address();
      bind(client, server, peer);
      double least = Double.MAX_VALUE;
      for (int attempt = 0; attempt < ATTEMPTS && least > bound(kind); attempt++) {
        long before = allocated();
        int packets = relay(client, server, peer);
        least = Math.min(least, (double) (allocated() - before) / packets);
      }
      assertThat(least).as("bytes for each relayed packet").isLessThan(bound(kind));
      assertThat(threads).as("threads looked at").isNotEmpty();
    }
  }

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task);
    threads.add(thread);
    return thread;
  }

  private long allocated() {
    return threads.stream()
        .mapToLong(thread -> figures.getThreadAllocatedBytes(thread.threadId()))
        .sum();
  }

  private static DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout((int) Duration.ofSeconds(5).toMillis());
    return socket;
  }

  private void bind(DatagramSocket client, TransportAddress server, DatagramSocket peer)
      throws IOException {
    ClientWire wire = new ClientWire.Udp(client, server);
    TurnClient turn = new TurnClient(wire, TestRelay.USER, TestRelay.PASSWORD);
    turn.allocate();
    assertThat(turn.bind(CHANNEL, new TransportAddress(loopback(), peer.getLocalPort()))).isZero();
    message[0] = (byte) (CHANNEL >> 8);
    message[3] = (byte) 160;
  }

  private static IpAddress loopback() {
    return IpAddress.of(InetAddress.getLoopbackAddress());
  }

  /** Relays round trips in bursts, and says how many packets that were. */
  private int relay(DatagramSocket client, TransportAddress server, DatagramSocket peer)
      throws IOException {
    DatagramPacket up = new DatagramPacket(message, message.length, server.toSocketAddress());
    for (int sent = 0; sent < ROUND_TRIPS; sent += BURST) {
      for (int i = 0; i < BURST; i++) {
        client.send(up);
      }
      for (int i = 0; i < BURST; i++) {
        packet.setLength(2_000);
        peer.receive(packet);
        peer.send(packet);
      }
      for (int i = 0; i < BURST; i++) {
        packet.setLength(2_000);
        client.receive(packet);
      }
    }
    return 2 * ROUND_TRIPS;
  }
}
