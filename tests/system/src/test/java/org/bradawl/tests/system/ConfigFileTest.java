package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.tests.support.Checkout;
import org.bradawl.tests.support.Program;
import org.junit.jupiter.api.Test;

/** A file that changes under a running server, and a stop that waits: one story, for one start. */
class ConfigFileTest {

  private static final String PATH = "/api/v1/configuration/bradawl.turn.quota.per-user";
  private static final String TOKEN = "token-of-the-story";

  @Test
  void theFileIsTakenAgainAndTheStopWaitsForWhoIsThere() throws Exception {
    Path data = Checkout.freshFolder("config");
    Path file = data.resolve("bradawl.properties");
    write(file, "1000");
    Bradawl.Plan plan =
        Bradawl.Plan.in(data)
            .with("bradawl.config", file.toString())
            .with("bradawl.admin.token", TOKEN)
            .with("bradawl.drain.seconds", "60");
    try (Bradawl server = Bradawl.start(plan);
        TurnClient staying = client(plan)) {
      assertThat(setting(server)).contains("\"value\":\"1000\"", "\"source\":\"file\"");
      assertThat(allocate(staying)).isZero();

      write(file, "1");
      await("the change is taken", () -> setting(server).contains("\"value\":\"1\""));
      assertThat(allocateOnce(plan)).isEqualTo(486);
      await(
          "the record names the file",
          () -> server.get("/api/v1/audit", TOKEN).body().contains("configuration file"));

      write(file, "lots");
      await("the log says why not", () -> server.log().contains("Nothing has changed."));
      assertThat(server.log()).contains("bradawl.turn.quota.per-user is no number of them.");
      assertThat(setting(server)).contains("\"value\":\"1\"");

      write(file, "1000");
      await("it is right again", () -> setting(server).contains("\"value\":\"1000\""));
      stopWaits(plan, server, staying);
    }
  }

  private static void stopWaits(Bradawl.Plan plan, Bradawl server, TurnClient staying) {
    CompletableFuture<Program.Result> end =
        CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(80)));
    await("it drains", () -> server.log().contains("draining before the stop: 1 allocations"));
    assertThat(allocateOnce(plan)).as("nobody new").isEqualTo(508);
    assertThat(staying.permit("127.0.0.9", 9)).as("who is there goes on").isZero();
    assertThat(end).isNotDone();
    assertThat(staying.release()).isZero();
    assertThat(end.orTimeout(20, TimeUnit.SECONDS).join().exitCode()).isZero();
    assertThat(server.log()).contains("bradawl stopped; all records written");
  }

  private static String setting(Bradawl server) {
    return server.get(PATH, TOKEN).body();
  }

  private static void write(Path file, String quota) throws IOException {
    Files.writeString(file, "bradawl.turn.quota.per-user=" + quota + "\n");
  }

  private static TurnClient client(Bradawl.Plan plan) {
    return new TurnClient(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), plan.stun()), "tester", "secret");
  }

  private static int allocateOnce(Bradawl.Plan plan) {
    try (TurnClient client = client(plan)) {
      return allocate(client);
    }
  }

  private static int allocate(TurnClient client) {
    return client.allocate().first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as(what).isNegative();
      LockSupport.parkNanos(100_000_000);
    }
  }
}
