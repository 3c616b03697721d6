package org.bradawl.tests.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManageableThread;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.bradawl.server.allocations.control.Relay;
import org.bradawl.server.applications.control.ApplicationStore;
import org.bradawl.server.peers.control.PeerRecord;
import org.bradawl.server.peers.control.PeerStore;
import org.bradawl.server.platform.control.HistoryEntry.PeerSeen;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.platform.control.Secrets;
import org.bradawl.server.platform.control.Transactions;
import org.bradawl.tests.support.Checkout;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What only the container can show: injection, its data source, its transactions, its threads. */
@ExtendWith(ArquillianExtension.class)
class InsidePayaraTest {

  @Inject private Relay relay;
  @Inject private RecordQueue records;
  @Inject private Secrets secrets;
  @Inject private Transactions transactions;
  @Inject private PeerStore peers;
  @Inject private ApplicationStore applications;

  @Resource(lookup = "java:app/jdbc/bradawl")
  private DataSource dataSource;

  @Deployment
  static WebArchive server() {
    Path war = Checkout.deployed().resolve("bradawl.war");
    return ShrinkWrap.create(ZipImporter.class, "bradawl.war")
        .importFrom(war.toFile())
        .as(WebArchive.class);
  }

  @Test
  void theRelayRunsOnThreadsOfTheContainer() {
    assertTrue(relay.running().isPresent(), "the relay runs");
    List<Thread> shards =
        Thread.getAllStackTraces().entrySet().stream()
            .filter(running ->
                Arrays.stream(running.getValue()).anyMatch(InsidePayaraTest::isOfDatapath))
            .map(Map.Entry::getKey)
            .toList();

    assertFalse(shards.isEmpty(), "threads are seen at work in the datapath");
    shards.forEach(shard -> assertInstanceOf(ManageableThread.class, shard));
  }

  private static boolean isOfDatapath(StackTraceElement frame) {
    return frame.getClassName().startsWith("org.bradawl.datapath");
  }

  @Test
  void aRecordGoesThroughTheQueueIntoTheDatabase() throws InterruptedException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String peer = UUID.randomUUID().toString();

    assertTrue(records.offer(new PeerSeen("inside", peer, now, "test", "")));

    eventually(() -> find(peer).isPresent());
    assertEquals(now, find(peer).orElseThrow().onlineSince());
  }

  @Test
  void whatThrowsIsRolledBack() {
    String name = UUID.randomUUID().toString();

    assertThrows(
        IllegalStateException.class,
        () ->
            transactions.call(() -> {
              applications.create(name, ApplicationStore.FROM_REST, Instant.now());
              throw new IllegalStateException("changed my mind");
            }));

    assertTrue(transactions.call(() -> applications.findByName(name)).isEmpty());
  }

  @Test
  void theDataSourceIsOurOwnDatabaseAndNotTheContainers() throws Exception {
    try (Connection connection = dataSource.getConnection()) {
      assertEquals("H2", connection.getMetaData().getDatabaseProductName());
      assertEquals("2.5", connection.getMetaData().getDatabaseProductVersion().substring(0, 3));
    }
  }

  @Test
  void theDemoApplicationIsThereAndSecretsAreMade() {
    assertTrue(transactions.call(() -> applications.findByName("demo")).isPresent());
    assertEquals(32, secrets.tokenSigningKey().length);
  }

  private Optional<PeerRecord> find(String peer) {
    return transactions.call(() -> peers.find("inside", peer));
  }

  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - start < Duration.ofSeconds(10).toNanos(), "not in 10 s");
      Thread.sleep(20);
    }
  }
}
