package org.bradawl.server.platform.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.PersistenceException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.allocations.control.RelaySessionRecord;
import org.bradawl.server.allocations.control.RelaySessionStore;
import org.bradawl.server.allocations.control.RelayTotals;
import org.bradawl.server.applications.control.ApplicationRecord;
import org.bradawl.server.applications.control.ApplicationSeed;
import org.bradawl.server.applications.control.ApplicationStore;
import org.bradawl.server.applications.control.KeyRecord;
import org.bradawl.server.peers.control.PeerRecord;
import org.bradawl.server.peers.control.PeerStore;
import org.bradawl.server.platform.control.Configuration.ApplicationKey;
import org.bradawl.server.platform.control.HistoryEntry.AdminActed;
import org.bradawl.server.platform.control.HistoryEntry.Attempt;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileReported;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileTaken;
import org.bradawl.server.platform.control.HistoryEntry.PeerGone;
import org.bradawl.server.platform.control.HistoryEntry.PeerSeen;
import org.bradawl.server.platform.control.HistoryEntry.PlannedAttempt;
import org.bradawl.server.platform.control.HistoryEntry.RelayEnded;
import org.bradawl.server.platform.control.HistoryEntry.RelaySession;
import org.bradawl.server.platform.control.HistoryEntry.RelayStarted;
import org.bradawl.server.platform.control.HistoryEntry.RelayTold;
import org.bradawl.server.platform.control.HistoryEntry.TraversalBrokered;
import org.bradawl.server.platform.control.HistoryEntry.TraversalReported;
import org.bradawl.server.profiles.control.NatProfileRecord;
import org.bradawl.server.profiles.control.NatProfileStore;
import org.bradawl.server.traversals.control.AttemptRecord;
import org.bradawl.server.traversals.control.Lesson;
import org.bradawl.server.traversals.control.NatPair;
import org.bradawl.server.traversals.control.TraversalRecord;
import org.bradawl.server.traversals.control.TraversalStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What the server expects of its database, whichever it is. The tests share one database and keep
 * out of each other's way by names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PersistenceContract {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.123456Z");

  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  /** The database under test. */
  abstract DatabaseSuite database();

  @Test
  void migratingAgainChangesNothing() {
    database().run(em -> new SecretStore(em).keep("kept", "content", NOW));

    new DatabaseSuite(database().settings()).close();

    assertThat(database().<Optional<String>>call(em -> new SecretStore(em).find("kept")))
        .contains("content");
  }

  @Test
  void secretsAreMadeOnceAndKept() {
    Configuration defaults = Configuration.from(key -> Optional.empty());
    SecretsLoader.Loaded first = loadSecrets(defaults);
    SecretsLoader.Loaded second = loadSecrets(defaults);

    String token = first.newAdminToken().orElseThrow();
    assertThat(second.newAdminToken()).isEmpty();
    assertThat(second.secrets().turnSecret()).isEqualTo(first.secrets().turnSecret());
    assertThat(second.secrets().tokenSigningKey()).isEqualTo(first.secrets().tokenSigningKey());
    assertThat(second.secrets().isAdminToken(token)).isTrue();
    assertThat(second.secrets().isAdminToken(token + "x")).isFalse();
    assertThat(
            database()
                .<List<String>>call(em ->
                    em.createQuery("select s.content from StoredSecret s", String.class)
                        .getResultList()))
        .isNotEmpty()
        .doesNotContain(token);
  }

  @Test
  void configuredSecretsWinAndAreNotKept() {
    Map<String, String> values =
        Map.of("bradawl.admin.token", "configured-token", "bradawl.turn.secret", "configured-turn");
    Secrets secrets =
        loadSecrets(Configuration.from(key -> Optional.ofNullable(values.get(key)))).secrets();

    assertThat(secrets.isAdminToken("configured-token")).isTrue();
    assertThat(secrets.turnSecret()).isEqualTo("configured-turn");
    assertThat(
            database()
                .<List<String>>call(em ->
                    em.createQuery("select s.content from StoredSecret s", String.class)
                        .getResultList()))
        .doesNotContain("configured-turn", Secrets.hash("configured-token"));
  }

  private SecretsLoader.Loaded loadSecrets(Configuration configuration) {
    return database()
        .call(em ->
            new SecretsLoader(new SecretStore(em), new SecureRandom(), CLOCK).load(configuration));
  }

  @Test
  void relaySessionsAreKeptOnceHoweverOftenTheyAreTold() {
    RelaySession session = session("once");
    RelayEnded ended = new RelayEnded(session, NOW.plusSeconds(60), 1000, 10, 2000, 20, "expired");

    for (int i = 0; i < 2; i++) {
      database()
          .run(em -> {
            RelaySessionStore store = new RelaySessionStore(em);
            store.write(List.of(new RelayStarted(session)));
            store.write(List.of(ended));
          });
    }
    tell(new RelayStarted(session));
    tell(new RelayStarted(session), ended);
    tell(ended, ended);

    assertThat(relaySessions("once"))
        .containsExactly(
            new RelaySessionRecord(
                "once",
                "app/once",
                "app",
                "once",
                "192.0.2.1:1000",
                "192.0.2.2:50000",
                "udp",
                NOW,
                NOW.plusSeconds(60),
                1000,
                10,
                2000,
                20,
                "expired"));
  }

  @Test
  void anEndWhoseBeginningWasLostIsWholeInItself() {
    RelaySession session = session("end-only");
    tell(new RelayEnded(session, NOW.plusSeconds(1), 1, 1, 0, 0, "released"));

    assertThat(relaySessions("end-only"))
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.started()).isEqualTo(NOW);
          assertThat(kept.endReason()).isEqualTo("released");
        });
  }

  @Test
  void sessionsOfABatchAreToldApart() {
    RelaySession open = session("batch-open");
    RelaySession whole = session("batch-whole");
    RelaySession older = session("batch-older");
    RelaySession headless = session("batch-headless");
    RelaySession half = session("batch-half");
    tell(new RelayStarted(older), new RelayStarted(half));

    for (int i = 0; i < 2; i++) {
      tell(
          new RelayStarted(open),
          new RelayStarted(whole),
          new RelayEnded(older, NOW.plusSeconds(2), 3, 2, 1, 1, "expired"),
          new RelayStarted(half), // its first telling may have been taken for lost
          new RelayEnded(whole, NOW.plusSeconds(1), 9, 8, 7, 6, "released"),
          new RelayEnded(headless, NOW.plusSeconds(3), 1, 1, 0, 0, "revoked"),
          new RelayEnded(half, NOW.plusSeconds(4), 5, 4, 0, 0, "connection-lost"));
    }

    assertThat(relaySessions("batch-open"))
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.ended()).isNull();
          assertThat(kept.endReason()).isNull();
        });
    assertThat(relaySessions("batch-whole"))
        .containsExactly(
            new RelaySessionRecord(
                "batch-whole",
                "app/batch-whole",
                "app",
                "batch-whole",
                "192.0.2.1:1000",
                "192.0.2.2:50000",
                "udp",
                NOW,
                NOW.plusSeconds(1),
                9,
                8,
                7,
                6,
                "released"));
    assertThat(relaySessions("batch-older"))
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.bytesUp()).isEqualTo(3);
          assertThat(kept.endReason()).isEqualTo("expired");
        });
    assertThat(relaySessions("batch-headless"))
        .singleElement()
        .satisfies(kept -> assertThat(kept.ended()).isEqualTo(NOW.plusSeconds(3)));
    assertThat(relaySessions("batch-half"))
        .singleElement()
        .satisfies(kept -> assertThat(kept.endReason()).isEqualTo("connection-lost"));
  }

  private void tell(RelayTold... told) {
    database().run(em -> new RelaySessionStore(em).write(List.of(told)));
  }

  @Test
  void sessionsThatACrashLeftOpenAreClosedWithAnHonestReason() {
    RelaySession session = session("crashed");
    tell(new RelayStarted(session));
    assertThat(relaySessions("crashed").getFirst().ended()).isNull();

    int closed = database().call(em -> new RelaySessionStore(em).closeLost(NOW.plusSeconds(99)));

    assertThat(closed).isPositive();
    assertThat(relaySessions("crashed"))
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.ended()).isEqualTo(NOW.plusSeconds(99));
          assertThat(kept.endReason()).isEqualTo("server-lost");
        });
  }

  @Test
  void totalsSumWhatEndedSince() {
    Instant later = NOW.plus(1000, ChronoUnit.DAYS);
    for (String id : List.of("sum-1", "sum-2")) {
      tell(new RelayEnded(session(id), later, 10, 1, 20, 2, "expired"));
    }

    assertThat(database().<RelayTotals>call(em -> new RelaySessionStore(em).totals(later)))
        .isEqualTo(new RelayTotals(2, 20, 2, 40, 4));
    assertThat(
            database()
                .<RelayTotals>call(em -> new RelaySessionStore(em).totals(later.plusSeconds(1))))
        .isEqualTo(new RelayTotals(0, 0, 0, 0, 0));
  }

  private List<RelaySessionRecord> relaySessions(String peer) {
    return database()
        .<Slice<RelaySessionRecord>>call(em -> new RelaySessionStore(em).list(0, 1000))
        .items()
        .stream()
        .filter(session -> session.peer().equals(peer))
        .toList();
  }

  private static RelaySession session(String id) {
    return new RelaySession(
        id, "app/" + id, "app", id, "192.0.2.1:1000", "192.0.2.2:50000", "udp", NOW);
  }

  @Test
  void textsFromOutsideAreMadeToFit() {
    String hostile = "nul\0" + "ü€😀'\";--".repeat(300);
    RelaySession session =
        new RelaySession(
            "hostile", hostile, hostile, hostile, "192.0.2.1:1", "192.0.2.2:2", "tcp", NOW);
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
  void peersComeAndGoAndOldNewsChangesNothing() {
    database()
        .run(em -> {
          PeerStore store = new PeerStore(em);
          store.write(new PeerSeen("peers", "alice", NOW, "browser", "192.0.2.7:5"));
          store.write(new PeerGone("peers", "alice", NOW.plusSeconds(5), "left"));
          store.write(new PeerSeen("peers", "alice", NOW.plusSeconds(9), "agent", "192.0.2.8:6"));
          store.write(new PeerGone("peers", "alice", NOW.plusSeconds(5), "left"));
          store.write(new PeerGone("peers", "bob", NOW.plusSeconds(1), "timeout"));
        });

    assertThat(
            database().<Optional<PeerRecord>>call(em -> new PeerStore(em).find("peers", "alice")))
        .contains(
            new PeerRecord(
                "peers",
                "alice",
                NOW,
                NOW.plusSeconds(9),
                NOW.plusSeconds(9),
                "agent",
                "192.0.2.8:6",
                ""));
    Slice<PeerRecord> page = database().call(em -> new PeerStore(em).list("peers", 1, 1));
    assertThat(page.total()).isEqualTo(2);
    assertThat(page.items())
        .singleElement()
        .satisfies(peer -> {
          assertThat(peer.peer()).isEqualTo("bob");
          assertThat(peer.onlineSince()).isNull();
          assertThat(peer.goneReason()).isEqualTo("timeout");
        });
  }

  @Test
  void peersThatACrashLeftOnlineAreTakenOffline() {
    database().run(em -> new PeerStore(em).write(new PeerSeen("lost", "carol", NOW, "", "")));

    assertThat(database().<Integer>call(em -> new PeerStore(em).closeLost())).isPositive();

    assertThat(database().<Optional<PeerRecord>>call(em -> new PeerStore(em).find("lost", "carol")))
        .hasValueSatisfying(peer -> {
          assertThat(peer.onlineSince()).isNull();
          assertThat(peer.goneReason()).isEqualTo("server-lost");
        });
  }

  @Test
  void theNewestNatProfileOfAPeerAndNetworkStays() {
    database()
        .run(em -> {
          NatProfileStore store = new NatProfileStore(em);
          store.write(profile("home", "symmetric", Optional.of(false), NOW));
          store.write(profile("home", "full-cone", Optional.empty(), NOW.plusSeconds(60)));
          store.write(profile("home", "udp-blocked", Optional.of(true), NOW.minusSeconds(60)));
          store.write(profile("office", "symmetric", Optional.of(true), NOW));
        });

    List<NatProfileRecord> kept =
        database()
            .<Slice<NatProfileRecord>>call(
                em -> new NatProfileStore(em).list("profiles", "alice", 0, 10))
            .items();
    assertThat(kept).hasSize(2);
    assertThat(kept.getFirst().legacyType()).isEqualTo("full-cone");
    assertThat(kept.getFirst().hairpinning()).isNull();
    assertThat(kept.getFirst().observed()).isEqualTo(NOW.plusSeconds(60));
    assertThat(kept.getLast().hairpinning()).isTrue();
    assertThat(
            database().<String>call(em -> new NatProfileStore(em).latestType("profiles", "alice")))
        .isEqualTo("full-cone");
    assertThat(
            database().<String>call(em -> new NatProfileStore(em).latestType("profiles", "nobody")))
        .isEqualTo("unknown");
  }

  private static NatProfileReported profile(
      String network, String type, Optional<Boolean> hairpinning, Instant observed) {
    return new NatProfileReported(
        "profiles",
        "alice",
        network,
        "endpoint-independent",
        "unknown",
        type,
        hairpinning,
        "{\"tests\":[]}",
        observed);
  }

  @Test
  void traversalsAreKeptWithWhatWasTried() {
    TraversalReported told = traversal(UUID.randomUUID(), "alice", "bob", true, "punched", NOW);
    for (int i = 0; i < 2; i++) {
      database().run(em -> new TraversalStore(em).write(told, "full-cone", "symmetric"));
    }

    assertThat(
            database()
                .<Optional<TraversalRecord>>call(em -> new TraversalStore(em).find(told.id())))
        .hasValueSatisfying(kept -> {
          assertThat(kept.path()).isEqualTo("punched");
          assertThat(kept.initiatorNat()).isEqualTo("full-cone");
          assertThat(kept.finished()).isEqualTo(told.finished());
        });
    assertThat(
            database()
                .<List<String>>call(em ->
                    new TraversalStore(em)
                        .attempts(told.id()).stream()
                            .map(a ->
                                a.ordinal() + " " + a.kind() + " " + a.outcome() + " " + a.millis())
                            .toList()))
        .containsExactly("0 host failed 20", "1 srflx succeeded 35");
    assertThat(
            database()
                .<Slice<TraversalRecord>>call(
                    em -> new TraversalStore(em).list("traversals", "bob", 0, 10))
                .total())
        .isEqualTo(1);
  }

  @Test
  void natPairsAreCountedByPath() {
    Instant later = NOW.plus(2000, ChronoUnit.DAYS);
    database()
        .run(em -> {
          TraversalStore store = new TraversalStore(em);
          store.write(traversal(UUID.randomUUID(), "a", "b", true, "punched", later), "x", "y");
          store.write(traversal(UUID.randomUUID(), "a", "b", true, "punched", later), "x", "y");
          store.write(traversal(UUID.randomUUID(), "a", "b", false, "", later), "x", "y");
        });

    assertThat(database().<List<NatPair>>call(em -> new TraversalStore(em).natPairs(later)))
        .containsExactly(new NatPair("x", "y", "", 1), new NatPair("x", "y", "punched", 2));
  }

  private static TraversalReported traversal(
      UUID id, String initiator, String responder, boolean connected, String path, Instant start) {
    return new TraversalReported(
        id,
        "traversals",
        initiator,
        responder,
        start,
        start.plusMillis(60),
        connected,
        path,
        "udp",
        "10.0.0.1:1",
        "192.0.2.9:2",
        "because",
        "{}",
        List.of(
            new Attempt("host", "10.0.0.1:1", "10.0.0.2:2", "failed", Duration.ofMillis(20), ""),
            new Attempt(
                "srflx", "10.0.0.1:1", "192.0.2.9:2", "succeeded", Duration.ofMillis(35), "")));
  }

  @Test
  void plannedTraversalsAreKeptOnceWithWhatTheyTaught() {
    UUID id = UUID.randomUUID();
    TraversalReported told =
        new TraversalReported(
            id,
            "brokered",
            "alice",
            "bob",
            NOW,
            NOW.plusMillis(90),
            true,
            "punched",
            "udp",
            "",
            "192.0.2.9:2",
            "because",
            "{}",
            List.of());
    TraversalBrokered brokered =
        new TraversalBrokered(
            told,
            1,
            "connected",
            "full-cone",
            "symmetric",
            "endpoint-independent/none/preserving",
            "address-dependent/none/random",
            Optional.of(Duration.ofMillis(40)),
            "alice and bob are connected.\nalice has no NAT.",
            List.of(
                new PlannedAttempt(
                    new Attempt("punched", "", "", "succeeded", Duration.ofMillis(90), ""),
                    "udp",
                    Duration.ZERO,
                    true),
                new PlannedAttempt(
                    new Attempt("relayed", "", "", "not-needed", Duration.ZERO, ""),
                    "udp",
                    Duration.ofSeconds(1),
                    false)));

    for (int i = 0; i < 2; i++) {
      database().run(em -> new TraversalStore(em).write(brokered));
    }

    TraversalRecord kept =
        database()
            .<Optional<TraversalRecord>>call(em -> new TraversalStore(em).find(id))
            .orElseThrow();
    assertThat(kept.ending()).isEqualTo("connected");
    assertThat(kept.attempt()).isEqualTo(1);
    assertThat(kept.relayedMillis()).isEqualTo(40);
    assertThat(kept.explanation().lines()).hasSize(2);
    assertThat(database().<List<AttemptRecord>>call(em -> new TraversalStore(em).attempts(id)))
        .extracting(AttemptRecord::transport, AttemptRecord::startedMillis)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("udp", 0L),
            org.assertj.core.groups.Tuple.tuple("udp", 1_000L));
    int day = (int) (NOW.getEpochSecond() / 86_400);
    assertThat(database().<List<Lesson>>call(em -> new TraversalStore(em).lessons(NOW)))
        .containsExactly(
            new Lesson(
                "endpoint-independent/none/preserving",
                "address-dependent/none/random",
                "punched",
                "udp",
                "succeeded",
                day,
                1));
    assertThat(
            database()
                .<List<Lesson>>call(
                    em -> new TraversalStore(em).lessons(NOW.plus(Duration.ofDays(2)))))
        .isEmpty();
  }

  @Test
  void profilesAreKeptByNetworkWithTheirStanding() {
    String longName = "2001:db8:1234::/48 via fe80::1234:5678:9abc:def0%" + "x".repeat(30);
    NatProfileTaken first = taken("home", NOW, "doubted");
    NatProfileTaken again = taken("home", NOW.plusSeconds(5), "confirmed");
    database()
        .run(em -> {
          NatProfileStore store = new NatProfileStore(em);
          store.write(taken(longName, NOW, "unconfirmed"));
          store.write(again);
          store.write(first);
        });

    NatProfileRecord home =
        database()
            .<Optional<NatProfileRecord>>call(
                em -> new NatProfileStore(em).find("networks", "alice", "home"))
            .orElseThrow();
    assertThat(home.standing()).isEqualTo("confirmed");
    assertThat(home.observed()).isEqualTo(NOW.plusSeconds(5));
    assertThat(home.doubts()).isEqualTo("one\ntwo");
    assertThat(
            database()
                .<Optional<NatProfileRecord>>call(
                    em -> new NatProfileStore(em).find("networks", "alice", longName)))
        .isPresent();
    assertThat(
            database()
                .<Optional<NatProfileRecord>>call(
                    em -> new NatProfileStore(em).find("networks", "alice", "office")))
        .isEmpty();
  }

  private static NatProfileTaken taken(String network, Instant when, String standing) {
    return new NatProfileTaken(
        new NatProfileReported(
            "networks",
            "alice",
            network,
            "endpoint-independent",
            "address-dependent",
            "restricted-cone",
            Optional.empty(),
            "{}",
            when),
        standing,
        "one\ntwo");
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

  @Test
  void applicationsFollowTheConfigurationAndTheDemoStandsAlone() {
    database()
        .run(em -> {
          em.createQuery("delete from ApplicationKeyRow k").executeUpdate();
          em.createQuery("delete from ApplicationRow a").executeUpdate();
        });

    String demoKey = sow().orElseThrow();
    assertThat(sow()).isEmpty();
    assertThat(liveKeys()).containsExactly("demo " + Secrets.hash(demoKey));

    assertThat(sow(new ApplicationKey("shop", "k1"), new ApplicationKey("shop", "k2"))).isEmpty();
    assertThat(liveKeys())
        .containsExactlyInAnyOrder("shop " + Secrets.hash("k1"), "shop " + Secrets.hash("k2"));

    sow(new ApplicationKey("shop", "k2"));
    assertThat(liveKeys()).containsExactly("shop " + Secrets.hash("k2"));

    sow();
    assertThat(liveKeys()).containsExactly("demo " + Secrets.hash(demoKey));
  }

  private Optional<String> sow(ApplicationKey... configured) {
    return database()
        .call(em -> new ApplicationSeed(new ApplicationStore(em), CLOCK).sow(List.of(configured)));
  }

  private List<String> liveKeys() {
    return database()
        .call(em ->
            new ApplicationStore(em)
                .liveKeys().stream().map(key -> key.application() + " " + key.hash()).toList());
  }

  @Test
  void revokedKeysAndApplicationsOpenNothing() {
    UUID application =
        database().call(em -> new ApplicationStore(em).create("revoking", "rest", NOW));
    UUID key =
        database()
            .call(em ->
                new ApplicationStore(em).addKey(application, "h".repeat(64), "…hhhh", "rest", NOW));
    database()
        .run(em ->
            new ApplicationStore(em).addKey(application, "i".repeat(64), "…iiii", "rest", NOW));

    database().run(em -> new ApplicationStore(em).revokeKey(key, NOW));
    assertThat(liveKeys())
        .contains("revoking " + "i".repeat(64))
        .doesNotContain("revoking " + "h".repeat(64));

    database().run(em -> new ApplicationStore(em).revoke(application, NOW));
    assertThat(liveKeys()).doesNotContain("revoking " + "i".repeat(64));
    assertThat(database().<List<KeyRecord>>call(em -> new ApplicationStore(em).keys(application)))
        .hasSize(2);
    assertThat(
            database()
                .<Optional<ApplicationRecord>>call(
                    em -> new ApplicationStore(em).findByName("revoking")))
        .hasValueSatisfying(found -> assertThat(found.revoked()).isEqualTo(NOW));
  }

  @Test
  void twoApplicationsCannotHaveOneName() {
    database().run(em -> new ApplicationStore(em).create("twice", "rest", NOW));

    assertThatThrownBy(
            () -> database().run(em -> new ApplicationStore(em).create("twice", "rest", NOW)))
        .isInstanceOf(PersistenceException.class);
  }
}
