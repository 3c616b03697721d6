package org.bradawl.server.platform.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bradawl.server.peers.control.PeerRecord;
import org.bradawl.server.peers.control.PeerStore;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileReported;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileTaken;
import org.bradawl.server.platform.control.HistoryEntry.PeerGone;
import org.bradawl.server.platform.control.HistoryEntry.PeerSeen;
import org.bradawl.server.profiles.control.NatProfileRecord;
import org.bradawl.server.profiles.control.NatProfileStore;
import org.junit.jupiter.api.Test;

/** What the server expects of its database for peers and the NATs they are behind. */
interface PeersContract extends OnDatabase {

  @Test
  default void peersComeAndGoAndOldNewsChangesNothing() {
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
  default void peersThatACrashLeftOnlineAreTakenOffline() {
    database().run(em -> new PeerStore(em).write(new PeerSeen("lost", "carol", NOW, "", "")));

    assertThat(database().<Integer>call(em -> new PeerStore(em).closeLost())).isPositive();

    assertThat(database().<Optional<PeerRecord>>call(em -> new PeerStore(em).find("lost", "carol")))
        .hasValueSatisfying(peer -> {
          assertThat(peer.onlineSince()).isNull();
          assertThat(peer.goneReason()).isEqualTo("server-lost");
        });
  }

  @Test
  default void theNewestNatProfileOfAPeerAndNetworkStays() {
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
  default void profilesAreKeptByNetworkWithTheirStanding() {
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
}
