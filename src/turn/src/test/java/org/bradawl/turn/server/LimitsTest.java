package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.BOB;
import static org.bradawl.turn.server.Bench.CAROL_TCP;
import static org.bradawl.turn.server.Bench.PEER;
import static org.bradawl.turn.server.Bench.SECOND;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.server.AllocationQuota.Place;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.bradawl.turn.server.TurnSettings.Quotas;
import org.junit.jupiter.api.Test;

/** Quotas, rates and peer rules: what one may use, and how that changes while the server runs. */
class LimitsTest {

  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);
  private static final String KILOBYTE = "x".repeat(1000);

  private final Bench bench = new Bench();
  private final RelayPortsLeft pools = new RelayPortsLeft();

  /** How many ports are lent. */
  private final class RelayPortsLeft {
    int lent() {
      return bench.shared.ports().values().stream()
          .mapToInt(pool -> pool.size() - pool.free())
          .sum();
    }
  }

  @Test
  void anApplicationsPeersShareItsQuota() {
    AllocationQuota quota = new AllocationQuota(new Quotas(9, 2, 3, 1, 1));
    assertThat(quota.take(Principal.of("shop/a"))).isEqualTo(Place.TAKEN);
    assertThat(quota.take(Principal.of("shop/a"))).isEqualTo(Place.TAKEN);
    assertThat(quota.take(Principal.of("shop/a"))).isEqualTo(Place.USER_FULL);
    assertThat(quota.take(Principal.of("shop/b"))).isEqualTo(Place.TAKEN);
    assertThat(quota.take(Principal.of("shop/c"))).isEqualTo(Place.APPLICATION_FULL);
    assertThat(quota.take(Principal.of("game/a"))).isEqualTo(Place.TAKEN);
    for (int i = 0; i < 4; i++) {
      assertThat(quota.take(Principal.of("user" + i))).as("no application").isEqualTo(Place.TAKEN);
    }
    assertThat(quota.total()).isEqualTo(8);
    assertThat(quota.applications()).isEqualTo(3);
  }

  @Test
  void aFullApplicationGets486OverUdpAndTcp() {
    policy(new Quotas(9, 9, 1, 9, 9), Rates.UNLIMITED, PeerRules.defaults());
    assertThat(allocate(ALICE, "shop/a")).isZero();
    assertThat(allocate(BOB, "shop/b")).isEqualTo(486);
    assertThat(allocate(CAROL_TCP, "shop/c")).isEqualTo(486);
    assertThat(allocate(BOB, "game/b")).isZero();
    bench.server.clientGone(ALICE, bench.now);
    assertThat(allocate(CAROL_TCP, "shop/c")).isZero();
    assertThat(bench.count(Event.QUOTA)).isEqualTo(2);
  }

  @Test
  void aLoweredQuotaEndsNothingAndLetsNothingBegin() {
    assertThat(allocate(ALICE, "shop/a")).isZero();
    assertThat(allocate(BOB, "shop/a")).isZero();
    policy(new Quotas(9, 1, 9, 9, 9), Rates.UNLIMITED, PeerRules.defaults());
    assertThat(bench.server.allocations()).hasSize(2);
    bench.server.clientGone(ALICE, bench.now);
    assertThat(allocate(ALICE, "shop/a")).isEqualTo(486);
    bench.server.clientGone(BOB, bench.now);
    assertThat(allocate(ALICE, "shop/a")).isZero();
  }

  @Test
  void everyEndGivesEverythingBack() {
    assertThat(allocate(ALICE, "shop/a")).isZero();
    assertThat(allocate(BOB, "shop/a")).isZero();
    assertThat(allocate(CAROL_TCP, "game/c")).isZero();
    assertThat(bench.shared.bandwidth().scopes()).isEqualTo(5);
    bench.server.clientGone(CAROL_TCP, bench.now);
    bench.server.endAllocation(
        bench.server.allocations().getFirst().info().id(), EndReason.ADMIN, bench.now);
    bench.passAndAdvance(601);
    assertThat(bench.shared.quota().total()).isZero();
    assertThat(bench.shared.quota().users()).isZero();
    assertThat(bench.shared.quota().applications()).isZero();
    assertThat(bench.shared.bandwidth().scopes()).isZero();
    assertThat(pools.lent()).isZero();
  }

  @Test
  void eachRateRefusesForItsOwnCause() {
    List<Rates> rates =
        List.of(
            new Rates(0, 0, 0, 10_000),
            new Rates(0, 0, 10_000, 0),
            new Rates(0, 10_000, 0, 0),
            new Rates(10_000, 0, 0, 0));
    List<Event> causes =
        List.of(
            Event.OVER_ALLOCATION_RATE,
            Event.OVER_USER_RATE,
            Event.OVER_APPLICATION_RATE,
            Event.OVER_TOTAL_RATE);
    RelayId relay = channel(ALICE, "shop/a");
    for (int i = 0; i < rates.size(); i++) {
      policy(Quotas.DEFAULT, rates.get(i), PeerRules.defaults());
      bench.pass(10);
      long passed = 0;
      for (int n = 0; n < 30; n++) {
        passed += bench.fromPeer(relay, PEER, KILOBYTE).size();
        passed += bench.fromClient(ALICE, Bench.channelData(0x4000, KILOBYTE)).size();
      }
      assertThat(passed).as("both directions in one: %s", causes.get(i)).isBetween(2L, 6L);
      assertThat(bench.count(causes.get(i))).isEqualTo(60 - passed);
    }
  }

  @Test
  void aRateHoldsInTheLongRun() {
    RelayId relay = channel(ALICE, "shop/a");
    policy(Quotas.DEFAULT, new Rates(0, 0, 100_000, 0), PeerRules.defaults());
    int passed = 0;
    for (int i = 0; i < 20_000; i++) {
      passed += bench.fromPeer(relay, PEER, KILOBYTE).size();
      bench.now += SECOND / 1000;
    }
    assertThat(passed).as("kilobytes in 20 s").isBetween(1990, 2030);
  }

  @Test
  void aDatagramLargerThanTheBurstStillPasses() {
    RelayId relay = channel(ALICE, "shop/a");
    policy(Quotas.DEFAULT, new Rates(0, 0, 0, 1000), PeerRules.defaults());
    assertThat(bench.fromPeer(relay, PEER, "x".repeat(20_000))).hasSize(1);
    bench.pass(19);
    assertThat(bench.fromPeer(relay, PEER, "x")).isEmpty();
    bench.pass(2);
    assertThat(bench.fromPeer(relay, PEER, "x")).hasSize(1);
  }

  @Test
  void comingBackDoesNotFillABucket() {
    policy(Quotas.DEFAULT, new Rates(0, 0, 10_000, 0), PeerRules.defaults());
    int passed = 0;
    for (int i = 0; i < 20; i++) {
      RelayId relay = channel(ALICE, "shop/a");
      for (int n = 0; n < 5; n++) {
        passed += bench.fromPeer(relay, PEER, KILOBYTE).size();
      }
      bench.server.clientGone(ALICE, bench.now);
    }
    assertThat(passed).isLessThan(7);
    assertThat(bench.shared.bandwidth().scopes()).isZero();
  }

  @Test
  void racingShardsTogetherKeepARate() throws InterruptedException {
    RateBucket bucket = new RateBucket(() -> 1_000_000, 0);
    AtomicLong clock = new AtomicLong();
    AtomicLong passed = new AtomicLong();
    Thread[] shards = new Thread[4];
    for (int i = 0; i < shards.length; i++) {
      shards[i] =
          Thread.ofPlatform()
              .start(() -> {
                Lease lease = new Lease(bucket);
                for (long now = clock.getAndAdd(1000);
                    now < 10 * SECOND;
                    now = clock.getAndAdd(10_000)) {
                  if (lease.covers(1200, now)) {
                    lease.spend(1200);
                    passed.addAndGet(1200);
                  }
                }
              });
    }
    for (Thread shard : shards) {
      shard.join();
    }
    // 10 s and the burst; the clock of a thread that was set back may lag a little.
    assertThat(passed.get()).isBetween(9_900_000L, 10_300_000L);
  }

  @Test
  void aPeerDeniedLaterIsCutOffAtOnceAndComesBackWhenAllowed() {
    RelayId relay = channel(ALICE, "shop/a");
    assertThat(bench.fromPeer(relay, PEER, "in")).hasSize(1);
    Cidr range = Cidr.parse(PEER.address() + "/32");
    policy(Quotas.DEFAULT, Rates.UNLIMITED, new PeerRules(List.of(), List.of(range)));
    assertThat(bench.fromPeer(relay, PEER, "in")).isEmpty();
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "out"))).isEmpty();
    assertThat(bench.count(Event.FORBIDDEN_PEER)).isEqualTo(2);
    policy(Quotas.DEFAULT, Rates.UNLIMITED, PeerRules.defaults());
    assertThat(bench.fromPeer(relay, PEER, "in")).hasSize(1);
  }

  @Test
  void aDenialNamesWhoWhomAndWhy() {
    channel(ALICE, "alice");
    Cidr range = Cidr.parse("9.9.9.0/24");
    policy(Quotas.DEFAULT, Rates.UNLIMITED, new PeerRules(List.of(), List.of(range)));
    for (String peer : List.of("9.9.9.9:53", "10.1.2.3:80", "192.0.2.1:3478", "1.2.3.4:8080")) {
      bench.permit(ALICE, "alice", Bench.address(peer));
    }
    assertThat(bench.shell.denials())
        .extracting(PeerDenial::rule)
        .containsExactly(
            PeerDenial.Rule.DENIED, PeerDenial.Rule.NOT_GLOBAL, PeerDenial.Rule.OWN_SERVICE);
    PeerDenial first = bench.shell.denials().getFirst();
    assertThat(first.range()).contains(range);
    assertThat(first.principal().user()).isEqualTo("alice");
    assertThat(first.peer()).isEqualTo(Bench.address("9.9.9.9:53"));
    assertThat(bench.shell.denials().get(1).range()).contains(Cidr.parse("10.0.0.0/8"));
  }

  @Test
  void quotasOfOneAllocationChangeToo() {
    channel(ALICE, "alice");
    policy(new Quotas(9, 9, 9, 1, 1), Rates.UNLIMITED, PeerRules.defaults());
    assertThat(bench.permit(ALICE, "alice", Bench.address("1.1.1.1:1"))).isEqualTo(508);
    assertThat(bench.bind(ALICE, "alice", 0x4001, PEER)).isNotZero();
    assertThat(bench.permit(ALICE, "alice", PEER)).as("what it has stays").isZero();
  }

  private void policy(Quotas quotas, Rates rates, PeerRules peers) {
    TurnPolicy policy = new TurnPolicy(quotas, rates, ReplyBounds.NONE, peers);
    bench.shared.policy(policy);
    bench.server.policy(policy);
  }

  /** The error code of an Allocate request, 0 for success. */
  private int allocate(FiveTuple path, String user) {
    List<Action> actions = bench.fromClient(path, signed(path, user, Method.Known.ALLOCATE, UDP));
    if (actions.getFirst() instanceof Action.Open open) {
      bench.server.relayOpened(open.relay(), bench.now);
      actions = bench.shell.take();
    }
    return Bench.response(actions).first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }

  private RelayId channel(FiveTuple path, String user) {
    List<Action> actions = bench.fromClient(path, signed(path, user, Method.Known.ALLOCATE, UDP));
    RelayId relay = Bench.open(actions).relay();
    bench.server.relayOpened(relay, bench.now);
    bench.shell.take();
    StunMessage bound =
        Bench.response(
            bench.fromClient(
                path,
                signed(
                    path,
                    user,
                    Method.Known.CHANNEL_BIND,
                    new org.bradawl.stun.attribute.ChannelNumber(0x4000),
                    new org.bradawl.stun.attribute.XorPeerAddress(PEER))));
    assertThat(bound.has(ErrorCode.class)).isFalse();
    return relay;
  }

  private ByteBuffer signed(FiveTuple path, String user, Method method, Attribute... attributes) {
    if (user.equals("alice")) {
      return bench.signed(path, user, method, attributes);
    }
    Minted minted = Bench.EPHEMERAL.mint(user, bench.calendar.plusSeconds(3600));
    return bench.signed(
        path, minted.username(), minted.password(), bench.nonce(path), method, attributes);
  }
}
