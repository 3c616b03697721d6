package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;

/**
 * From a fresh start over a crash to a clean stop: one story, because every start costs seconds.
 */
class LifeOfAServerTest {

  /** What the launcher promises for a stop. */
  private static final Duration STOP = Duration.ofSeconds(10);

  private static final Duration CLIENT = Duration.ofSeconds(30);

  private static final String ADMIN_TOKEN = "admin token, shown this once: (\\S+)";
  private static final String DEMO_KEY = "application demo, .*shown this once: (\\S+)";

  @Test
  void itStartsCrashesRecoversAndStops() throws SQLException {
    String uclient = Requires.program("turnutils_uclient", "Debian package coturn").toString();
    Path data = Checkout.freshFolder("life");
    Bradawl.Plan plan = Bradawl.Plan.in(data);

    String adminToken = firstLife(plan, uclient);
    secondLife(plan, uclient, adminToken);

    List<String> reasons = endReasons(data);
    assertThat(reasons).as("every session has an end").doesNotContain("null");
    assertThat(reasons.stream().distinct())
        .as("what the crash cut off, and what the stop ended")
        .containsExactlyInAnyOrder("server-lost", "shutdown");
  }

  private static String firstLife(Bradawl.Plan plan, String uclient) {
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
      try (Program client = longCall(uclient, plan)) {
        awaitAllocation(server, adminToken);
        server.crash();
        assertThat(server.waitForEnd().exitCode()).isEqualTo(1);
        assertThat(client.running()).isTrue();
      }
      return adminToken;
    }
  }

  private static void secondLife(Bradawl.Plan plan, String uclient, String adminToken) {
    try (Bradawl server = Bradawl.start(plan)) {
      assertThat(server.said(ADMIN_TOKEN)).as("shown once").isEmpty();
      assertThat(server.said(DEMO_KEY)).as("shown once").isEmpty();
      assertThat(server.said("did not stop cleanly: (\\d+) open")).isPresent();
      assertThat(server.get("/api/v1/allocations", adminToken).statusCode()).isEqualTo(200);
      try (Program client = longCall(uclient, plan)) {
        awaitAllocation(server, adminToken);
        Program.Result end = server.stop(STOP);
        assertThat(end.exitCode()).as(server.log()).isZero();
        assertThat(server.log()).contains("bradawl stopped; all records written");
        assertThat(client.running()).isTrue();
      }
      assertThat(server.output().lines().count()).as("lines on standard output").isEqualTo(1);
    }
  }

  /** A client that stays for longer than the test. */
  private static Program longCall(String uclient, Bradawl.Plan plan) {
    return Program.start(
        uclient, "-u", "tester", "-w", "secret", "-e", "127.0.0.1", "-r",
        Integer.toString(FreePorts.one()), "-n", "100000", "-z", "100", "-m", "1", "-p",
        Integer.toString(plan.stun()), "127.0.0.1");
  }

  private static void awaitAllocation(Bradawl server, String adminToken) {
    long start = System.nanoTime();
    while (!server.get("/api/v1/allocations", adminToken).body().contains("\"tester\"")) {
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("an allocation; the list is " + server.get("/api/v1/allocations", adminToken).body())
          .isLessThan(CLIENT);
    }
  }

  private static List<String> endReasons(Path data) throws SQLException {
    List<String> reasons = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:h2:file:" + data.resolve("bradawl"), "", "");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select end_reason from relay_session where ended is not null"
                + " union all select 'null' from relay_session where ended is null")) {
      while (rows.next()) {
        reasons.add(rows.getString(1));
      }
    }
    return reasons;
  }
}
