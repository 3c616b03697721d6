package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.MessageClass;
import org.bradawl.tests.support.Checkout;
import org.bradawl.tests.support.Program;
import org.junit.jupiter.api.Test;

/**
 * From a fresh start over a crash to a clean stop: one story, because every start costs seconds.
 */
class LifeOfAServerTest {

  /** What the launcher promises for a stop. */
  private static final Duration STOP = Duration.ofSeconds(10);

  /** What the second life grants to those who are there. */
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private static final String ADMIN_TOKEN = "admin token, shown this once: (\\S+)";
  private static final String DEMO_KEY = "application demo, .*shown this once: (\\S+)";

  @Test
  void itStartsCrashesRecoversAndStops() throws SQLException {
    Path data = Checkout.freshFolder("life");
    Bradawl.Plan plan = Bradawl.Plan.in(data);

    String adminToken = firstLife(plan);
    secondLife(plan.with("bradawl.drain.seconds", "2"), adminToken);

    List<String> reasons = endReasons(data);
    assertThat(reasons).as("every session has an end").doesNotContain("null");
    assertThat(reasons.stream().distinct())
        .as("what the crash cut off, and what the stop ended")
        .containsExactlyInAnyOrder("server-lost", "shutdown");
  }

  private static String firstLife(Bradawl.Plan plan) {
    try (Bradawl server = Bradawl.start(plan)) {
      assertThat(server.output())
          .isEqualTo(
              "bradawl ready http://127.0.0.1:%d stun:127.0.0.1:%d turn:127.0.0.1:%d%n"
                  .formatted(plan.http(), plan.stun(), plan.stun()));
      assertThat(server.get("/health/ready", "").statusCode()).isEqualTo(200);
      assertThat(server.get("/health/live", "").statusCode()).isEqualTo(200);
      assertThat(server.get("/", "").statusCode()).isEqualTo(200);
      String demoKey = server.said(DEMO_KEY).orElseThrow();
      assertThat(server.get("/api/v1/ice-servers?peer=alice", demoKey).body())
          .contains("turn:127.0.0.1:" + plan.stun());
      String adminToken = server.said(ADMIN_TOKEN).orElseThrow();
      assertThat(server.get("/api/v1/allocations", adminToken).statusCode()).isEqualTo(200);
      try (TurnClient client = allocated(plan)) {
        awaitNothingWaiting(server);
        server.crash();
        assertThat(server.waitForEnd().exitCode()).as("after " + client.address()).isEqualTo(1);
      }
      return adminToken;
    }
  }

  private static void secondLife(Bradawl.Plan plan, String adminToken) {
    try (Bradawl server = Bradawl.start(plan)) {
      assertThat(server.said(ADMIN_TOKEN)).as("shown once").isEmpty();
      assertThat(server.said(DEMO_KEY)).as("shown once").isEmpty();
      assertThat(server.said("did not stop cleanly: (\\d+) open")).isPresent();
      assertThat(server.get("/api/v1/allocations", adminToken).statusCode()).isEqualTo(200);
      try (TurnClient client = allocated(plan)) {
        Instant asked = Instant.now();
        Program.Result end = server.stop(STOP.plus(DRAIN));
        assertThat(end.exitCode()).as(client.address() + " " + server.log()).isZero();
        assertThat(Duration.between(asked, Instant.now()))
            .as("somebody was there until the wait was over")
            .isGreaterThanOrEqualTo(DRAIN);
        assertThat(server.log()).contains("draining before the stop: 1 allocations are left");
        assertThat(server.log()).contains("bradawl stopped; all records written");
      }
      assertThat(server.output().lines().count()).as("lines on standard output").isEqualTo(1);
    }
  }

  private static TurnClient allocated(Bradawl.Plan plan) {
    TurnClient client =
        new TurnClient(new InetSocketAddress(LOOPBACK, plan.stun()), "tester", "secret");
    assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
    return client;
  }

  /** What the server has not written yet, no crash can leave behind. */
  private static void awaitNothingWaiting(Bradawl server) {
    long start = System.nanoTime();
    while (!server.get("/health/ready", "").body().contains("\"records-waiting\":\"0\"")) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }
  }

  private static List<String> endReasons(Path data) throws SQLException {
    List<String> reasons = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:h2:file:" + data.resolve("bradawl"), "", "");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select end_reason from relay_session where ended is not null"
                    + " union all select 'null' from relay_session where ended is null")) {
      while (rows.next()) {
        reasons.add(rows.getString(1));
      }
    }
    return reasons;
  }
}
