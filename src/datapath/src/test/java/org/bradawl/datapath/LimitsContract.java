package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.tests.support.Requires;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients may use, with real sockets and every shard. A subclass names the engine. */
@Timeout(120)
abstract class LimitsContract {

  abstract Engine engine();

  TestRelay relay(String... overrides) {
    return TestRelay.start(engine(), overrides);
  }

  @Test
  void racingClientsOverUdpAndTcpGetExactlyTheQuota() throws Exception {
    try (TestRelay relay = relay("bradawl.turn.quota.per-user=7", "bradawl.engine.shards=2")) {
      for (int round = 0; round < 3; round++) {
        List<TurnClient> clients = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
          clients.add(i % 2 == 0 ? relay.udp() : relay.tcp());
        }
        List<Integer> codes = allocateAtOnce(clients);
        assertThat(Collections.frequency(codes, 0)).isEqualTo(7);
        assertThat(Collections.frequency(codes, 486)).isEqualTo(17);
        for (int i = 0; i < clients.size(); i++) {
          if (codes.get(i) == 0 && i % 2 == 0) {
            assertThat(clients.get(i).refresh(0)).isZero();
          }
          clients.get(i).close(); // over TCP, what releases
        }
        Wait.until("everything is given back", () -> relay.datapath().allocations().isEmpty());
      }
    }
  }

  private static List<Integer> allocateAtOnce(List<TurnClient> clients) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(clients.size())) {
      List<Future<Integer>> codes = new ArrayList<>();
      for (TurnClient client : clients) {
        codes.add(
            pool.submit(() -> {
              go.await();
              return client.allocateError();
            }));
      }
      go.countDown();
      List<Integer> result = new ArrayList<>();
      for (Future<Integer> code : codes) {
        result.add(get(code));
      }
      return result;
    }
  }

  private static int get(Future<Integer> code) throws InterruptedException {
    try {
      return code.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPolicyHoldsForEveryShardAtOnceAndWithoutARestart() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.udp();
        CanaryPeer peer = new CanaryPeer()) {
      client.allocate();
      assertThat(client.bind(0x4000, peer.address())).isZero();
      client.send(0x4000, "before");
      assertThat(peer.receive(EngineContract.SOON)).contains("before");

      relay.datapath().policy(settings("bradawl.relay.allowed-peers=").policy());
      client.send(0x4000, "while denied");
      assertThat(client.permit(peer.address())).isEqualTo(403);
      assertThat(peer.receive(EngineContract.NEVER)).isEmpty();

      relay.datapath().policy(settings("bradawl.turn.rate.per-user=1").policy());
      client.send(0x4000, "x".repeat(1500)); // into debt, for 25 minutes
      client.send(0x4000, "over the rate");
      assertThat(peer.receive(EngineContract.SOON)).isPresent();
      assertThat(peer.receive(EngineContract.NEVER)).isEmpty();
      Wait.until(
          "it is counted",
          () -> relay.datapath().statistics().turn().count(Event.OVER_USER_RATE) == 1);

      relay.datapath().policy(settings().policy());
      client.send(0x4000, "after");
      assertThat(peer.receive(EngineContract.SOON)).contains("after");
    }
  }

  /**
   * RFC 6062 under a rate: two allocations of one user, on any shards, both ways at once. The
   * senders are slowed down to the rate, and all that they sent arrives.
   */
  @Test
  void aRateSlowsRelayedTcpDownAndLosesNothing() throws Exception {
    int each = 150_000;
    int rate = 400_000;
    String slow = "bradawl.turn.rate.per-user=" + rate;
    try (TestRelay relay = relay(slow, "bradawl.engine.shards=4");
        RelayedStream first = RelayedStream.open(relay);
        RelayedStream second = RelayedStream.open(relay)) {
      long begin = System.nanoTime();
      List<CompletableFuture<Void>> transfers =
          List.of(first.up(each), first.down(each), second.up(each), second.down(each));
      for (CompletableFuture<Void> transfer : transfers) {
        transfer.get(30, TimeUnit.SECONDS);
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      // A quarter of a second's worth may come at once, and each shard may hold a lease of 5 ms.
      assertThat(4 * each).as("in %s s", seconds).isLessThan((int) (rate * (seconds + 0.3)));
      DatapathStatistics statistics = relay.datapath().statistics();
      assertThat(statistics.turn().count(Event.OVER_USER_RATE)).as("nothing is dropped").isZero();
      Wait.until(
          "it was held back",
          () -> relay.datapath().statistics().turn().count(Event.STREAM_HELD_BACK) > 0);

      CompletableFuture<Void> much = first.down(40 * each);
      relay.datapath().policy(settings().policy());
      much.get(8, TimeUnit.SECONDS); // at the rate of before it would take 15
    }
  }

  private static DatapathSettings settings(String... overrides) {
    Map<String, String> values = TestRelay.values(overrides);
    return DatapathSettings.from(key -> Optional.ofNullable(values.get(key)));
  }

  /**
   * A hundred thousand requests with forged sources: half from 50,000 addresses in 200 prefixes,
   * which all stay below the bound, half from two prefixes, which do not.
   */
  @Test
  void aFloodFromForgedSourcesCostsNothingAndReflectsLittle() throws Exception {
    Requires.that(
        System.getProperty("os.name").equals("Linux"), "binds to every address of 127.0.0.0/8");
    try (TestRelay relay = relay("bradawl.engine.shards=2", "bradawl.turn.rate.exempt=none")) {
      flood(relay, 1_000); // classes loaded, buffers made
      Wait.until("it is warm", () -> in(relay) > 0);
      long descriptors = Descriptors.open();
      long heap = Memory.used();
      DatapathStatistics before = settled(relay);
      long begin = System.nanoTime();

      flood(relay, 50_000);

      DatapathStatistics after = settled(relay);
      double seconds = (System.nanoTime() - begin) / 1e9;
      long in = after.bytesIn() - before.bytesIn();
      long out = after.bytesOut() - before.bytesOut();
      long withheld =
          after.turn().count(Event.REPLY_LIMITED) - before.turn().count(Event.REPLY_LIMITED);
      System.out.printf(
          "flood: %.1f s, %d requests arrived (%d B), %d replies (%d B), %d withheld%n",
          seconds,
          after.packetsIn() - before.packetsIn(),
          in,
          after.packetsOut() - before.packetsOut(),
          out,
          withheld);
      assertThat(after.packetsIn() - before.packetsIn()).isGreaterThan(50_000);
      assertThat(out).isLessThan(8 * in);
      assertThat(withheld).as("two prefixes get 500 a second and a burst").isPositive();
      assertThat(after.packetsOut() - before.packetsOut())
          .isLessThanOrEqualTo(50_000 + 2 * (long) (1_000 + 500 * (seconds + 1)));
      assertThat(Memory.used() - heap).as("heap").isLessThan(8_000_000);
      Descriptors.fallTo(descriptors);
      assertThat(relay.datapath().allocations()).isEmpty();
      try (TurnClient client = relay.udp()) {
        assertThat(client.allocateError()).as("another prefix is served").isZero();
      }
    }
  }

  /** Sends as many from many prefixes, and as many again from two. */
  private static void flood(TestRelay relay, int each) throws IOException {
    InetSocketAddress server = relay.server().toSocketAddress();
    for (int i = 0; i < each; i++) {
      // Shards keep up when they have a moment now and then; what is lost would prove nothing.
      if (i % 100 == 0) {
        LockSupport.parkNanos(1_000_000);
      }
      send(new byte[] {127, 20, (byte) (i / 250), (byte) (1 + i % 250)}, request(i), server);
      send(new byte[] {127, 30, (byte) (i & 1), (byte) (1 + i / 2 % 250)}, request(i), server);
    }
  }

  private static ByteBuffer request(int i) {
    StunMessage.Builder request =
        StunMessage.request(
            i % 4 < 2 ? Method.Known.BINDING : Method.Known.ALLOCATE, TransactionId.of(1, i));
    if (i % 4 >= 2) {
      request.add(new RequestedTransport(RequestedTransport.UDP));
    }
    return Encoder.PLAIN.encode(request.build());
  }

  private static void send(byte[] source, ByteBuffer request, InetSocketAddress server)
      throws IOException {
    try (DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET)) {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
      socket.send(request, server);
    }
  }

  /** The statistics once a second has passed without news. */
  private static DatapathStatistics settled(TestRelay relay) {
    DatapathStatistics[] last = {relay.datapath().statistics()};
    long[] since = {System.nanoTime()};
    Wait.until(
        "the flood is over",
        () -> {
          DatapathStatistics now = relay.datapath().statistics();
          if (now.packetsIn() != last[0].packetsIn()) {
            last[0] = now;
            since[0] = System.nanoTime();
          }
          return System.nanoTime() - since[0] > 1_200_000_000L;
        });
    return relay.datapath().statistics();
  }

  private static long in(TestRelay relay) {
    return relay.datapath().statistics().packetsIn();
  }
}
