package org.bradawl.server.platform.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.peers.control.PeerRecord;
import org.bradawl.server.peers.control.PeerStore;
import org.bradawl.server.platform.control.HistoryEntry.AdminActed;
import org.bradawl.server.platform.control.HistoryEntry.PeerSeen;
import org.bradawl.server.platform.control.HistoryEntry.RelaySession;
import org.bradawl.server.platform.control.HistoryEntry.RelayStarted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What the server expects of its database, whichever it is. The tests share one database and keep
 * out of each other's way by names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PersistenceContract
    implements SecretsContract,
        RelaySessionsContract,
        PeersContract,
        TraversalsContract,
        ApplicationsContract {

  @Test
  void migratingAgainChangesNothing() {
    database().run(em -> new SecretStore(em).keep("kept", "content", NOW));

    new DatabaseSuite(database().settings()).close();

    assertThat(database().<Optional<String>>call(em -> new SecretStore(em).find("kept")))
        .contains("content");
  }

  @Test
  void textsFromOutsideAreMadeToFit() {
    String hostile = "nul\0" + "ü€😀'\";--".repeat(300);
    RelaySession session =
        new RelaySession(
            "hostile", hostile, hostile, hostile, "192.0.2.1:1", "192.0.2.2:2", "", "tcp", NOW);
    tell(new RelayStarted(session));
    database()
        .run(
            em -> new PeerStore(em).write(new PeerSeen("hostile", hostile, NOW, hostile, hostile)));

    assertThat(
            database()
                .<Slice<PeerRecord>>call(em -> new PeerStore(em).list("hostile", 0, 10))
                .items())
        .singleElement()
        .satisfies(peer -> {
          assertThat(peer.peer()).hasSizeLessThanOrEqualTo(64).startsWith("nulü€😀");
          assertThat(peer.userAgent()).hasSizeBetween(255, 256);
        });
  }

  @Test
  void adminActionsAreKeptOnce() {
    AdminActed acted =
        new AdminActed(UUID.randomUUID(), NOW.plusSeconds(1), "admin", "end-allocation", "x", "");
    for (int i = 0; i < 2; i++) {
      database().run(em -> new AuditStore(em).write(acted));
    }

    assertThat(database().<Slice<AuditEntry>>call(em -> new AuditStore(em).list(0, 10)).items())
        .filteredOn(entry -> entry.id().equals(acted.id()))
        .singleElement()
        .satisfies(entry -> assertThat(entry.happened()).isEqualTo(acted.when()));
  }
}
