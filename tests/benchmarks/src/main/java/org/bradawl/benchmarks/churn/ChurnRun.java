package org.bradawl.benchmarks.churn;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bradawl.datapath.Datapath;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.datapath.Engines;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.bradawl.turn.auth.PhasedOutCredentials;
import org.bradawl.turn.auth.RevocableCredentials;
import org.bradawl.turn.auth.RotatedCredentials;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.TurnCounters.Event;

/**
 * The endurance run. The relay runs in this process, so that its descriptors and its heap can be
 * counted; the range of ports and the quota are a little larger than the number of clients, so that
 * one lost port in two hundred runs is seen.
 */
public final class ChurnRun {

  private static final String HELP =
      """
      usage: ./bradawl bench churn [--seconds N] [--clients N] [--engine auto|linux|portable]

      Lets clients (1000) allocate, permit, bind, talk, refresh, release, vanish and be revoked for so long (600 s),
      over a network that loses a tenth in each direction, while secrets rotate, keys are revoked, sessions are ended
      and limits and peer rules change every second. At the end ports, quotas, descriptors, heap and gauges must be what
      they were. Exit code 0 if so, 1 if not.
      """;

  private static final int CHANNEL = 0x4000;
  private static final int ISSUERS = 40;
  private static final double LOST = 0.1;

  /**
   * Below the ports that the system gives to the clients' own sockets: those are not ours to have.
   */
  private static final int FIRST_PORT = 20_000;

  /** What compiled code, classes and buffers of the run may leave behind. */
  private static final long HEAP_NOISE = 24 << 20;

  private final int clients;
  private final Duration time;
  private final String engine;
  private final int ports;
  private final AtomicLong lives = new AtomicLong();
  private final AtomicLong echoes = new AtomicLong();
  private final Map<Integer, AtomicLong> codes = new ConcurrentHashMap<>();
  private final Set<String> revoked = ConcurrentHashMap.newKeySet();
  private final SplittableRandom seeds = new SplittableRandom();
  private volatile String secret = "secret-0";
  private volatile boolean over;

  private ChurnRun(Map<String, String> options) {
    this.clients = Integer.parseInt(options.getOrDefault("clients", "1000"));
    this.time = Duration.ofSeconds(Long.parseLong(options.getOrDefault("seconds", "600")));
    this.engine = options.getOrDefault("engine", "auto");
    this.ports = clients + clients / 5;
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (!arguments[i].matches("--(seconds|clients|engine)") || i + 1 == arguments.length) {
        System.err.print(HELP);
        System.exit(arguments[i].equals("--help") ? 0 : 2);
      }
      options.put(arguments[i].substring(2), arguments[i + 1]);
    }
    System.exit(new ChurnRun(options).run() ? 0 : 1);
  }

  private DatapathSettings settings(String... changes) {
    Map<String, String> values = new HashMap<>();
    values.put("bradawl.engine", engine);
    values.put("bradawl.listen.address", "127.0.0.1");
    values.put("bradawl.listen.port", "23478");
    values.put("bradawl.listen.alternate-port", "23479");
    values.put("bradawl.listen.tls-port", "0");
    values.put("bradawl.relay.min-port", Integer.toString(FIRST_PORT));
    values.put("bradawl.relay.max-port", Integer.toString(FIRST_PORT + ports - 1));
    values.put("bradawl.relay.allowed-peers", "127.0.0.0/8");
    values.put("bradawl.turn.quota.total", Integer.toString(ports));
    values.put("bradawl.turn.quota.per-user", Integer.toString(ports));
    values.put("bradawl.turn.rate.exempt", "127.0.0.0/8");
    for (int i = 0; i < changes.length; i += 2) {
      values.put(changes[i], changes[i + 1]);
    }
    return DatapathSettings.from(key -> Optional.ofNullable(values.get(key)));
  }

  private boolean run() throws Exception {
    DatapathSettings settings = settings();
    try (Datapath datapath =
            Engines.choose(settings.engine())
                .start(settings, source("secret-0"), Thread::new, RelayObserver.none());
        DatagramSocket echo = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.ofPlatform().daemon().start(() -> echo(echo));
      TransportAddress server = datapath.listeners().getFirst().address();
      TransportAddress peer =
          new TransportAddress(IpAddress.parse("127.0.0.1"), echo.getLocalPort());
      // Once before, so that classes, code and what virtual threads wait with are there.
      boolean whole = fill(server, datapath);
      Thread warm = Thread.ofVirtual().start(() -> live(server, peer, seeds.split(), 1));
      warm.join();
      for (int i = 0; i < 20 && !datapath.allocations().isEmpty(); i++) {
        Thread.sleep(1_000);
      }
      Figures before = Figures.of(datapath);
      System.out.println("engine " + datapath.engine() + "; at the start " + before);
      churn(datapath, server, peer);
      Figures after = Figures.of(datapath);
      System.out.println("at the end   " + after);
      System.out.println(summary(datapath.statistics()));
      boolean filled = fill(server, datapath);
      return whole && filled && after.isAsBefore(before);
    }
  }

  private void churn(Datapath datapath, TransportAddress server, TransportAddress peer)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      SplittableRandom random = seeds.split();
      threads.add(Thread.ofVirtual().start(() -> live(server, peer, random, Integer.MAX_VALUE)));
    }
    for (int second = 1; System.nanoTime() - end < 0; second++) {
      Thread.sleep(1_000);
      disturb(datapath, second);
      if (second % 10 == 0) {
        System.out.printf(
            "%4d s: %d live, %d lives, %d echoes, %d descriptors%n",
            second, datapath.allocations().size(), lives.get(), echoes.get(), descriptors());
      }
    }
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    datapath.credentials(source(secret));
    datapath.policy(settings().policy());
    // Who vanished did so with a credential of fifteen seconds at most.
    for (int i = 0; i < 40 && !datapath.allocations().isEmpty(); i++) {
      Thread.sleep(1_000);
    }
    Thread.sleep(1_500); // statistics are published once a second
  }

  /** What operators do, every second something else. */
  private void disturb(Datapath datapath, int second) {
    switch (second % 6) {
      case 0 -> {
        String old = secret;
        secret = "secret-" + second;
        datapath.credentials(
            new RotatedCredentials(
                source(secret),
                new PhasedOutCredentials(source(old), Instant.now().plusSeconds(4))));
      }
      case 1 -> {
        String issuer = issuer(second / 6 % ISSUERS);
        revoked.add(issuer);
        datapath.endWhere(who -> who.issuer().equals(issuer), EndReason.CREDENTIAL_REVOKED);
      }
      case 2 -> datapath.policy(settings("bradawl.turn.rate.per-allocation", "1k").policy());
      case 3 ->
          datapath.policy(
              settings(
                      "bradawl.relay.denied-peers",
                      "127.0.0.1",
                      "bradawl.relay.allowed-peers",
                      "127.0.0.2")
                  .policy());
      case 4 -> {
        datapath.policy(settings("bradawl.turn.quota.total", Integer.toString(clients)).policy());
        datapath.allocations().stream()
            .limit(20)
            .map(AllocationView::info)
            .forEach(info -> datapath.endAllocation(info.id()));
      }
      default -> {
        datapath.policy(settings().policy());
        revoked.clear();
      }
    }
  }

  private CredentialSource source(String text) {
    return new RevocableCredentials(
        new EphemeralCredentials(text), who -> !revoked.contains(who.issuer()));
  }

  private static String issuer(int number) {
    return "%08x".formatted(number);
  }

  private void live(
      TransportAddress server, TransportAddress peer, SplittableRandom random, int most) {
    for (int i = 0; i < most && !over; i++) {
      Instant expires = Instant.now().plusSeconds(4 + random.nextInt(12));
      EphemeralCredentials.Minted minted =
          new EphemeralCredentials(secret)
              .mint("app/user" + random.nextInt(99), issuer(random.nextInt(ISSUERS)), expires);
      try (ChurningClient client =
          new ChurningClient(server, minted.username(), minted.password(), LOST, random)) {
        life(client, peer, random);
        echoes.addAndGet(client.echoes());
        lives.incrementAndGet();
      } catch (IOException e) {
        codes.computeIfAbsent(-2, code -> new AtomicLong()).incrementAndGet();
      }
    }
  }

  private void life(ChurningClient client, TransportAddress peer, SplittableRandom random)
      throws IOException {
    int allocated =
        told(client.request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP)));
    if (allocated != 0) {
      return;
    }
    told(client.request(Method.Known.CREATE_PERMISSION, new XorPeerAddress(peer)));
    told(
        client.request(
            Method.Known.CHANNEL_BIND, new ChannelNumber(CHANNEL), new XorPeerAddress(peer)));
    for (int i = random.nextInt(30); i > 0 && !over; i--) {
      client.chat(CHANNEL);
      if (random.nextInt(10) == 0) {
        told(client.request(Method.Known.REFRESH, new Lifetime(600)));
      }
    }
    if (random.nextInt(3) > 0) {
      told(client.request(Method.Known.REFRESH, new Lifetime(0)));
    } // else it vanishes, and the end of its credential is the end of its allocation
  }

  private int told(int code) {
    codes.computeIfAbsent(code, unseen -> new AtomicLong()).incrementAndGet();
    return code;
  }

  /** Takes every port and every place of the quota, finds the next refused, and gives all back. */
  private boolean fill(TransportAddress server, Datapath datapath) throws Exception {
    List<ChurningClient> holders = new ArrayList<>();
    String fresh = secret;
    int refused = 0;
    try {
      for (int i = 0; i < ports; i++) {
        refused += holder(server, fresh, holders) == 0 ? 0 : 1;
      }
      int beyond = holder(server, fresh, holders);
      System.out.printf(
          "of %d ports %d could be had; the next one: %d%n", ports, ports - refused, beyond);
      return refused == 0 && (beyond == 508 || beyond == 486); // no port, or no place in the quota
    } finally {
      for (ChurningClient holder : holders) {
        holder.request(Method.Known.REFRESH, new Lifetime(0));
        holder.close();
      }
      Thread.sleep(1_500);
      if (!datapath.allocations().isEmpty()) {
        System.out.println("allocations are left: " + datapath.allocations().size());
      }
    }
  }

  private int holder(TransportAddress server, String fresh, List<ChurningClient> holders)
      throws IOException {
    EphemeralCredentials.Minted minted =
        new EphemeralCredentials(fresh).mint("app/holder", Instant.now().plusSeconds(600));
    ChurningClient holder =
        new ChurningClient(server, minted.username(), minted.password(), 0, seeds.split());
    holders.add(holder);
    return holder.request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP));
  }

  private static void echo(DatagramSocket socket) {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    while (!socket.isClosed()) {
      try {
        packet.setLength(2048);
        socket.receive(packet);
        socket.send(packet);
      } catch (IOException e) {
        // A relay that is gone meanwhile answers with an ICMP error; the next one is asked.
      }
    }
  }

  private String summary(DatapathStatistics statistics) {
    StringBuilder text =
        new StringBuilder("%d lives, %d echoes; answers".formatted(lives.get(), echoes.get()));
    codes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> text.append(' ').append(entry.getKey()).append('×').append(entry.getValue()));
    text.append("; events");
    for (Event event : Event.values()) {
      long count = statistics.turn().count(event);
      if (count > 0) {
        text.append(' ').append(event).append('=').append(count);
      }
    }
    return text.toString();
  }

  private static long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      return -1;
    }
  }

  /** What must be as it was. */
  private record Figures(int allocations, long unended, long descriptors, long heap, long faults) {

    static Figures of(Datapath datapath) {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      Runtime runtime = Runtime.getRuntime();
      DatapathStatistics now = datapath.statistics();
      return new Figures(
          now.turn().allocations(),
          now.turn().count(Event.ALLOCATED) - now.turn().count(Event.ENDED),
          ChurnRun.descriptors(),
          runtime.totalMemory() - runtime.freeMemory(),
          now.faults());
    }

    boolean isAsBefore(Figures before) {
      return allocations == 0
          && unended == 0
          && descriptors <= before.descriptors
          && heap <= before.heap + HEAP_NOISE
          && faults == 0;
    }
  }
}
