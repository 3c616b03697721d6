package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.bradawl.stun.MessageClass;
import org.bradawl.tests.support.Checkout;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL is stopped for 20 seconds under relay and signaling load: no packet and no message is
 * lost, newcomers come in, and afterwards every record is there.
 */
class DatabaseAwayTest {

  private static final int AWAY_SECONDS = 20;

  /** Two clients, a packet each every 20 ms, for longer than the database is away. */
  private static final int PACKETS = 1_600;

  private static final long MESSAGE_EVERY_MILLIS = 20;

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @Test
  void nothingIsLostAndTheRecordIsComplete() throws Exception {
    Requires.linux();
    Requires.that(
        "amd64".equals(System.getProperty("os.arch")), "needs an amd64 machine for PostgreSQL");
    String uclient = Requires.program("turnutils_uclient", "Debian package coturn").toString();
    String peer = Requires.program("turnutils_peer", "Debian package coturn").toString();
    Path folder = Checkout.freshFolder("away");
    int port = FreePorts.one();
    EmbeddedPostgres postgres = postgres(folder, port);
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    Bradawl.Plan plan =
        Bradawl.Plan.in(Checkout.freshFolder("away-server"))
            .with("bradawl.db.url", url)
            .with("bradawl.db.user", "postgres")
            .with("bradawl.applications", "test:test-key");
    int echo = FreePorts.one();
    try (Bradawl server = Bradawl.start(plan);
        Program echoes = Program.start(peer, "-L", "127.0.0.1", "-p", Integer.toString(echo));
        Chat alice = Chat.join(plan.http(), "test-key", "alice");
        Chat bob = Chat.join(plan.http(), "test-key", "bob");
        Program relayed = Program.start(relayLoad(uclient, plan, echo));
        ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor()) {
      ScheduledFuture<?> sending =
          beat.scheduleAtFixedRate(
              () -> alice.sendNext("bob"), 0, MESSAGE_EVERY_MILLIS, TimeUnit.MILLISECONDS);

      postgres.close();
      List<String> newcomers = whileAway(server);
      postgres = postgres(folder, port);

      eventually("all records are written", () -> isCaughtUp(server));
      Program.Result relayResult = relayed.waitForEnd(Duration.ofMinutes(2));
      assertThat(sending.state()).as("sending went on").isEqualTo(Future.State.RUNNING);
      beat.shutdown();
      assertThat(beat.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

      assertThat(relayResult.output()).contains("Total lost packets 0 ");
      eventually("bob has acknowledged all", () -> alice.delivered() == alice.sent());
      assertThat(bob.received())
          .isEqualTo(LongStream.rangeClosed(1, alice.sent()).boxed().toList());
      assertThat(alice.complaints()).isEmpty();
      assertThat(alice.sent()).isGreaterThan(AWAY_SECONDS * 1000L / MESSAGE_EVERY_MILLIS / 2);

      assertThat(server.stop(Duration.ofSeconds(10)).exitCode()).as(server.log()).isZero();
      assertThat(echoes.running()).isTrue();
      assertComplete(url, newcomers);
    } finally {
      postgres.close();
    }
  }

  private static EmbeddedPostgres postgres(Path folder, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(folder.resolve("pg"))
        .setCleanDataDirectory(false)
        .start();
  }

  private static String[] relayLoad(String uclient, Bradawl.Plan plan, int echo) {
    return new String[] {
      uclient,
      "-u",
      "tester",
      "-w",
      "secret",
      "-c",
      "-m",
      "2",
      "-z",
      "20",
      "-n",
      Integer.toString(PACKETS),
      "-e",
      "127.0.0.1",
      "-r",
      Integer.toString(echo),
      "-p",
      Integer.toString(plan.stun()),
      "127.0.0.1"
    };
  }

  /**
   * Every second a peer comes and goes, and a client takes an allocation.
   *
   * @return the addresses of the clients
   */
  private static List<String> whileAway(Bradawl server) throws InterruptedException {
    List<String> clients = new ArrayList<>();
    long start = System.nanoTime();
    for (int second = 0; second < AWAY_SECONDS; second++) {
      try (Chat visitor = Chat.join(server.plan().http(), "test-key", "visitor-" + second);
          TurnClient client =
              new TurnClient(
                  new InetSocketAddress(LOOPBACK, server.plan().stun()), "tester", "secret")) {
        visitor.leave();
        assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        clients.add(client.address());
      }
      if (second == AWAY_SECONDS / 2) {
        assertThat(server.get("/health/ready", "").statusCode()).isEqualTo(200);
        assertThat(server.get("/health/ready", "").body()).contains("\"database\":\"away\"");
      }
      long next = start + TimeUnit.SECONDS.toNanos(second + 1L);
      TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
    }
    return clients;
  }

  private static boolean isCaughtUp(Bradawl server) {
    String health = server.get("/health/ready", "").body();
    return health.contains("\"database\":\"up\"") && health.contains("\"records-waiting\":\"0\"");
  }

  private static void assertComplete(String url, List<String> newcomers) throws SQLException {
    assertThat(column(url, "select client_address from relay_session where transport = 'udp'"))
        .as("relay sessions")
        .containsAll(newcomers)
        .hasSizeGreaterThanOrEqualTo(newcomers.size() + 2)
        .doesNotHaveDuplicates();
    assertThat(
            column(url, "select id from relay_session where ended is null or end_reason is null"))
        .as("sessions without an end")
        .isEmpty();
    assertThat(
            column(url, "select cast(packets_up as varchar) from relay_session where bytes_up > 0"))
        .as("packets of the two that sent, each way")
        .hasSize(2)
        .allSatisfy(
            packets -> assertThat(Integer.parseInt(packets)).isGreaterThanOrEqualTo(PACKETS));
    List<String> peers = new ArrayList<>(List.of("alice", "bob"));
    for (int second = 0; second < AWAY_SECONDS; second++) {
      peers.add("visitor-" + second);
    }
    assertThat(column(url, "select peer from peer where application = 'test'"))
        .as("peers")
        .containsExactlyInAnyOrderElementsOf(peers);
    assertThat(column(url, "select peer from peer where online_since is not null"))
        .as("peers still thought to be online")
        .isEmpty();
  }

  private static List<String> column(String url, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url, "postgres", "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  private static void eventually(String what, BooleanSupplier condition)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as(what)
          .isLessThan(Duration.ofSeconds(30));
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
