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
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.bradawl.datapath.CertificateReload;
import org.bradawl.datapath.Datapath;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.datapath.Engines;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.bradawl.turn.auth.PhasedOutCredentials;
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
      most over UDP, others over TCP, TLS and DTLS, over a network that loses a tenth in each direction, while secrets
      rotate, keys are revoked, sessions are ended, and limits, peer rules or certificates change every second. A run of
      600 s and more also leaves fifty allocations alone until their lifetime ends. At the end ports, quotas,
      descriptors, heap and every gauge must be what they were, and allocations must have ended in every way that the
      run is about. Exit code 0 if so, 1 if not.
      """;

  private static final double LOST = 0.1;

  /**
   * Below the ports that the system gives to the clients' own sockets: those are not ours to have.
   */
  private static final int FIRST_PORT = 20_000;

  private static final int SLEEPERS = 50;

  /** So many that hardly a transport is left out. */
  private static final int WARMING = 150;

  /** RFC 8656 §3.2: nothing lives shorter than this by its lifetime alone. */
  private static final Duration SHORTEST_LIFETIME = Duration.ofMinutes(10);

  /**
   * A credential lives for 15 s at the most, and a DTLS session that nobody speaks over is kept for
   * 60 s after that; the rest is for a slow machine.
   */
  private static final int SETTLE_SECONDS = 120;

  private final int clients;
  private final Duration time;
  private final String engine;
  private final int ports;
  private final SplittableRandom seeds = new SplittableRandom();
  private final Ends ends = new Ends();
  private final CertificateFile certificate;
  private int reloads;

  private ChurnRun(Map<String, String> options, Path folder) throws IOException {
    this.clients = Integer.parseInt(options.getOrDefault("clients", "1000"));
    this.time = Duration.ofSeconds(Long.parseLong(options.getOrDefault("seconds", "600")));
    this.engine = options.getOrDefault("engine", "auto");
    this.ports = clients + clients / 5;
    this.certificate = new CertificateFile(folder);
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
    Path folder = Files.createTempDirectory("bradawl-churn");
    boolean whole = new ChurnRun(options, folder).run();
    Files.deleteIfExists(folder.resolve("relay.pem"));
    Files.deleteIfExists(folder);
    System.exit(whole ? 0 : 1);
  }

  private DatapathSettings settings(String... changes) {
    Map<String, String> values = new HashMap<>();
    values.put("bradawl.engine", engine);
    values.put("bradawl.listen.address", "127.0.0.1");
    values.put("bradawl.listen.port", "23478");
    values.put("bradawl.listen.alternate-port", "23479");
    values.put("bradawl.listen.tls-port", "25349");
    values.put("bradawl.tls.certificate", certificate.path().toString());
    values.put("bradawl.tls.key", certificate.path().toString());
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
                .start(settings, new EphemeralCredentials("secret-0"), Thread::new, ends);
        DatagramSocket echo = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.ofPlatform().daemon().start(() -> echo(echo));
      TransportAddress peer =
          new TransportAddress(IpAddress.parse("127.0.0.1"), echo.getLocalPort());
      Crowd crowd = new Crowd(datapath, peer, LOST);
      datapath.credentials(crowd.source(crowd.secret()));
      // Once before, so that classes, code and what virtual threads wait with are there.
      boolean whole = crowd.fill(ports, seeds.split());
      warm(crowd);
      settle(datapath);
      Figures before = Figures.of(datapath, ends);
      System.out.println("engine " + datapath.engine() + "; at the start " + before);
      churn(datapath, crowd);
      Figures after = Figures.of(datapath, ends);
      System.out.println("at the end   " + after);
      System.out.println(
          crowd.progress() + "; " + crowd.answers() + "; " + events(datapath.statistics()));
      System.out.println("ends " + ends + "; certificates replaced " + reloads);
      boolean filled = crowd.fill(ports, seeds.split());
      return whole && filled && after.isAsBefore(before) && covered();
    }
  }

  private void warm(Crowd crowd) throws InterruptedException {
    List<Thread> first = new ArrayList<>();
    for (int i = 0; i < WARMING; i++) {
      SplittableRandom random = seeds.split();
      first.add(Thread.ofVirtual().start(() -> crowd.live(random, 1)));
    }
    for (Thread thread : first) {
      thread.join();
    }
  }

  private void churn(Datapath datapath, Crowd crowd) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    if (time.compareTo(SHORTEST_LIFETIME) >= 0) {
      System.out.println(crowd.sleep(SLEEPERS, seeds.split()) + " allocations are left alone");
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      SplittableRandom random = seeds.split();
      threads.add(Thread.ofVirtual().start(() -> crowd.live(random, Integer.MAX_VALUE)));
    }
    for (int second = 1; System.nanoTime() - end < 0; second++) {
      Thread.sleep(1_000);
      disturb(datapath, crowd, second);
      if (second % 10 == 0) {
        System.out.printf(
            "%4d s: %d live, %s, %d descriptors%n",
            second, datapath.allocations().size(), crowd.progress(), Figures.openDescriptors());
      }
    }
    crowd.stop();
    for (Thread thread : threads) {
      thread.join();
    }
    datapath.credentials(crowd.source(crowd.secret()));
    datapath.policy(settings().policy());
    settle(datapath);
  }

  private static void settle(Datapath datapath) throws InterruptedException {
    for (int i = 0; i < SETTLE_SECONDS && !Figures.idle(datapath); i++) {
      Thread.sleep(1_000);
    }
    Thread.sleep(1_500); // statistics are published once a second
  }

  /** What operators do, every second something else. */
  private void disturb(Datapath datapath, Crowd crowd, int second) throws IOException {
    switch (second % 7) {
      case 0 -> {
        String old = crowd.secret();
        crowd.secret("secret-" + second);
        datapath.credentials(
            new RotatedCredentials(
                crowd.source(crowd.secret()),
                new PhasedOutCredentials(crowd.source(old), Instant.now().plusSeconds(4))));
      }
      case 1 -> {
        String issuer = crowd.revoke(second / 7);
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
      case 5 -> {
        certificate.renew();
        if (datapath.reloadCertificates() instanceof CertificateReload.Replaced) {
          reloads++;
        }
      }
      default -> {
        datapath.policy(settings().policy());
        crowd.pardonAll();
      }
    }
  }

  /** Whether the run has seen what it is about. */
  private boolean covered() {
    Set<EndReason> expected =
        EnumSet.of(
            EndReason.RELEASED,
            EndReason.CLIENT_GONE,
            EndReason.CREDENTIAL_EXPIRED,
            EndReason.CREDENTIAL_REVOKED,
            EndReason.ADMIN);
    if (time.compareTo(SHORTEST_LIFETIME) >= 0) {
      expected.add(EndReason.EXPIRED);
    }
    Set<EndReason> missing = ends.missing(expected);
    if (!missing.isEmpty() || reloads == 0) {
      System.out.println("not seen: " + missing + (reloads == 0 ? ", a new certificate" : ""));
    }
    return missing.isEmpty() && reloads > 0;
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

  private static String events(DatapathStatistics statistics) {
    StringBuilder text = new StringBuilder("events");
    for (Event event : Event.values()) {
      long count = statistics.turn().count(event);
      if (count > 0) {
        text.append(' ').append(event).append('=').append(count);
      }
    }
    return text.toString();
  }
}
