package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.BOB;
import static org.bradawl.turn.server.Bench.CAROL_TCP;
import static org.bradawl.turn.server.Bench.PEER;
import static org.bradawl.turn.server.Bench.address;

import java.nio.ByteBuffer;
import java.util.List;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnSettings.Quotas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refresh, CreatePermission and ChannelBind, and the end of what they made. */
class PermittingTest {

  private final Bench bench = new Bench();

  @Test
  void everythingNeedsAnAllocationOfOnesOwn() {
    for (Method method :
        List.of(Method.Known.REFRESH, Method.Known.CREATE_PERMISSION, Method.Known.CHANNEL_BIND)) {
      assertThat(Bench.code(bench.request(ALICE, "alice", method))).isEqualTo(437);
    }
    bench.allocated(ALICE, "alice");
    for (Method method :
        List.of(Method.Known.REFRESH, Method.Known.CREATE_PERMISSION, Method.Known.CHANNEL_BIND)) {
      assertThat(Bench.code(bench.request(ALICE, "bob", method))).isEqualTo(441);
      assertThat(Bench.code(bench.request(BOB, "alice", method))).isEqualTo(437);
    }
  }

  @Test
  void anAllocationEndsAtItsTimeAndGivesBackEverything() {
    RelayId relay = bench.allocated(ALICE, "alice");
    assertThat(bench.permit(ALICE, "alice", PEER)).isZero();
    bench.server.fromPeer(relay, PEER, Recorder.bytes("12345"), bench.now);
    bench.shell.take();
    assertThat(bench.passAndAdvance(599)).isEmpty();
    AllocationInfo info = bench.server.allocations().getFirst().info();
    List<Action> end = bench.passAndAdvance(1);
    assertThat(end)
        .containsExactly(
            new Action.Close(relay),
            new Action.Ended(
                new AllocationSummary(
                    info, bench.now, new Traffic(0, 0, 5, 1), EndReason.EXPIRED)));
    assertThat(bench.server.deadlineNanos()).isEqualTo(StunTurnServer.NO_DEADLINE);
    assertThat(bench.shared.quota().total()).isZero();
    assertThat(bench.shared.relayAddresses().size()).isZero();
    assertThat(bench.shared.pool(Bench.RELAY_V4).free()).isEqualTo(100);
  }

  @Test
  void aRefreshSetsTheTimeAnew() {
    bench.allocated(ALICE, "alice");
    bench.passAndAdvance(500);
    StunMessage answer = Bench.response(refresh(ALICE, "alice", 1200));
    assertThat(answer.first(Lifetime.class)).contains(new Lifetime(1200));
    assertThat(bench.passAndAdvance(1199)).isEmpty();
    assertThat(bench.passAndAdvance(1)).hasSize(2);
  }

  @Test
  void aRefreshMayShortenTheTime() {
    bench.allocate(ALICE, "alice", new Lifetime(3600));
    assertThat(Bench.code(bench.request(ALICE, "alice", Method.Known.REFRESH))).isZero();
    assertThat(bench.server.deadlineNanos() - bench.now).isEqualTo(600 * Bench.SECOND);
    assertThat(bench.passAndAdvance(600)).hasSize(2);
  }

  @Test
  void aRefreshToZeroReleasesAndIsAnsweredAlike() {
    RelayId relay = bench.allocated(ALICE, "alice");
    ByteBuffer request = bench.signed(ALICE, "alice", Method.Known.REFRESH, new Lifetime(0));
    List<Action> actions = bench.fromClient(ALICE, request.duplicate());
    assertThat(actions.getFirst()).isEqualTo(new Action.Close(relay));
    assertThat(((Action.Ended) actions.get(1)).allocation().reason()).isEqualTo(EndReason.RELEASED);
    StunMessage answer = Bench.response(actions);
    assertThat(answer.first(Lifetime.class)).contains(new Lifetime(0));
    assertThat(Bench.response(bench.fromClient(ALICE, request.duplicate()))).isEqualTo(answer);
    bench.allocated(ALICE, "alice");
    assertThat(Bench.response(bench.fromClient(ALICE, request.duplicate()))).isEqualTo(answer);
    assertThat(bench.server.allocations()).as("the new one is not hit").hasSize(1);
  }

  @Test
  void aRefreshOfAnotherFamilyIsRefused() {
    bench.allocated(ALICE, "alice");
    assertThat(
            Bench.code(
                bench.request(
                    ALICE, "alice", Method.Known.REFRESH, new RequestedAddressFamily(Family.IPV6))))
        .isEqualTo(443);
  }

  @Test
  void createPermissionChecksItsPeers() {
    bench.allocated(ALICE, "alice");
    assertThat(bench.permit(ALICE, "alice")).isEqualTo(400);
    assertThat(bench.permit(ALICE, "alice", address("[2400:cb00::1]:1"))).isEqualTo(443);
    assertThat(bench.permit(ALICE, "alice", address("10.0.0.1:1"))).isEqualTo(403);
    assertThat(bench.permit(ALICE, "alice", PEER, address("10.0.0.1:1"))).isEqualTo(403);
    assertThat(bench.server.allocations().getFirst().permissions()).as("atomic").isZero();
    assertThat(bench.permit(ALICE, "alice", PEER, address("8.8.4.4:1"), address("1.1.1.1:0")))
        .isZero();
    assertThat(bench.server.allocations().getFirst().permissions()).isEqualTo(2);
  }

  @Test
  void permissionsAreCappedAtomically() {
    Bench bench =
        new Bench(Bench.settings(PeerRules.defaults(), new Quotas(9, 9, 2, 9), 1000, 1999));
    bench.allocated(ALICE, "alice");
    assertThat(bench.permit(ALICE, "alice", address("1.1.1.1:1"))).isZero();
    assertThat(bench.permit(ALICE, "alice", address("1.1.1.2:1"), address("1.1.1.3:1")))
        .isEqualTo(508);
    assertThat(bench.permit(ALICE, "alice", address("1.1.1.2:1"), address("1.1.1.1:1"))).isZero();
    assertThat(bench.bind(ALICE, "alice", 0x4000, address("1.1.1.3:1"))).isEqualTo(508);
    assertThat(bench.bind(ALICE, "alice", 0x4000, address("1.1.1.2:1"))).isZero();
  }

  @Test
  void aPermissionLastsFiveMinutes() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.permit(ALICE, "alice", PEER);
    bench.pass(299);
    assertThat(bench.fromPeer(relay, PEER, "x")).hasSize(1);
    bench.pass(1);
    assertThat(bench.fromPeer(relay, PEER, "x")).as("before advance is called").isEmpty();
    bench.server.advance(bench.now);
    assertThat(bench.server.allocations().getFirst().permissions()).isZero();
    bench.permit(ALICE, "alice", PEER);
    assertThat(bench.fromPeer(relay, PEER, "x")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x3fff, 0x7fff, 0x8000, 0xffff})
  void otherNumbersAreNoChannels(int number) {
    bench.allocated(ALICE, "alice");
    assertThat(bench.bind(ALICE, "alice", number, PEER)).isEqualTo(400);
  }

  /** The range of RFC 5766, which clients of its time choose from. */
  @ParameterizedTest
  @ValueSource(ints = {0x4000, 0x4fff, 0x5000, 0x7ffe})
  void theNumbersOfOlderClientsAreChannelsToo(int number) {
    RelayId relay = bench.allocated(ALICE, "alice");
    assertThat(bench.bind(ALICE, "alice", number, PEER)).isZero();
    assertThat(bench.fromClient(ALICE, Bench.channelData(number, "x")))
        .containsExactly(new Action.ToPeer(relay, PEER, "x"));
  }

  @Test
  void aChannelIsBoundToOnePeerAndBack() {
    bench.allocated(ALICE, "alice");
    TransportAddress samePeerOtherPort = address("8.8.4.4:5001");
    assertThat(bench.bind(ALICE, "alice", 0x4000, PEER)).isZero();
    assertThat(bench.bind(ALICE, "alice", 0x4000, PEER)).as("again").isZero();
    assertThat(bench.bind(ALICE, "alice", 0x4000, samePeerOtherPort)).isEqualTo(400);
    assertThat(bench.bind(ALICE, "alice", 0x4001, PEER)).isEqualTo(400);
    assertThat(bench.bind(ALICE, "alice", 0x4fff, samePeerOtherPort)).isZero();
    assertThat(bench.bind(ALICE, "alice", 0x4fff, PEER)).isEqualTo(400);
    AllocationView view = bench.server.allocations().getFirst();
    assertThat(view.channels()).isEqualTo(2);
    assertThat(view.permissions()).isEqualTo(1);
  }

  @Test
  void channelBindChecksItsAttributes() {
    bench.allocated(ALICE, "alice");
    assertThat(
            Bench.code(
                bench.request(
                    ALICE, "alice", Method.Known.CHANNEL_BIND, new ChannelNumber(0x4000))))
        .isEqualTo(400);
    assertThat(
            Bench.code(
                bench.request(ALICE, "alice", Method.Known.CHANNEL_BIND, new XorPeerAddress(PEER))))
        .isEqualTo(400);
    assertThat(bench.bind(ALICE, "alice", 0x4000, address("[2400:cb00::1]:1"))).isEqualTo(443);
    assertThat(bench.bind(ALICE, "alice", 0x4000, address("192.168.0.1:1"))).isEqualTo(403);
    assertThat(bench.bind(ALICE, "alice", 0x4000, address("8.8.4.4:0"))).isEqualTo(403);
  }

  @Test
  void aChannelLastsTenMinutesAndIsFreeThen() {
    bench.allocate(ALICE, "alice", new Lifetime(3600));
    bench.bind(ALICE, "alice", 0x4000, PEER);
    bench.passAndAdvance(599);
    assertThat(bench.bind(ALICE, "alice", 0x4000, address("1.1.1.1:1"))).isEqualTo(400);
    bench.passAndAdvance(1);
    assertThat(bench.bind(ALICE, "alice", 0x4000, address("1.1.1.1:1"))).isZero();
    assertThat(bench.bind(ALICE, "alice", 0x4001, PEER)).isZero();
  }

  @Test
  void rebindingRefreshesChannelAndPermission() {
    RelayId relay = bench.allocated(ALICE, "alice", new Lifetime(3600));
    bench.bind(ALICE, "alice", 0x4000, PEER);
    bench.passAndAdvance(550);
    assertThat(bench.fromPeer(relay, PEER, "x")).as("the permission is over").isEmpty();
    bench.bind(ALICE, "alice", 0x4000, PEER);
    bench.passAndAdvance(299);
    assertThat(bench.fromPeer(relay, PEER, "x"))
        .containsExactly(new Action.ChannelDataTo(ALICE, 0x4000, "x"));
    bench.passAndAdvance(301);
    assertThat(bench.server.allocations().getFirst().channels()).isZero();
  }

  @Test
  void channelsAreCapped() {
    Bench bench =
        new Bench(Bench.settings(PeerRules.defaults(), new Quotas(9, 9, 9, 2), 1000, 1999));
    bench.allocated(ALICE, "alice");
    assertThat(bench.bind(ALICE, "alice", 0x4000, address("1.1.1.1:1"))).isZero();
    assertThat(bench.bind(ALICE, "alice", 0x4001, address("1.1.1.1:2"))).isZero();
    assertThat(bench.bind(ALICE, "alice", 0x4002, address("1.1.1.1:3"))).isEqualTo(508);
  }

  @Test
  void aClientThatIsGoneTakesItsAllocationAlong() {
    RelayId relay = bench.allocated(CAROL_TCP, "alice");
    bench.server.clientGone(CAROL_TCP, bench.now);
    List<Action> actions = bench.shell.take();
    assertThat(actions.getFirst()).isEqualTo(new Action.Close(relay));
    assertThat(ended(actions).reason()).isEqualTo(EndReason.CLIENT_GONE);
    assertThat(actions).hasSize(2);
  }

  @Test
  void anAdministratorEndsOneAllocationAndItsConnection() {
    bench.allocated(ALICE, "alice");
    bench.allocated(CAROL_TCP, "bob");
    AllocationId id =
        bench.server.allocations().stream()
            .map(AllocationView::info)
            .filter(info -> info.client().equals(CAROL_TCP))
            .findFirst()
            .orElseThrow()
            .id();
    assertThat(bench.server.endAllocation(id, EndReason.ADMIN, bench.now)).isTrue();
    List<Action> actions = bench.shell.take();
    assertThat(ended(actions).reason()).isEqualTo(EndReason.ADMIN);
    assertThat(actions).contains(new Action.HangUp(CAROL_TCP));
    assertThat(bench.server.endAllocation(id, EndReason.ADMIN, bench.now)).isFalse();
    assertThat(AllocationId.parse(id.toString())).isEqualTo(id);
    assertThat(bench.server.allocations()).hasSize(1);
  }

  @Test
  void aRelayThatFailsEndsItsAllocation() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.server.relayFailed(relay, bench.now);
    assertThat(ended(bench.shell.take()).reason()).isEqualTo(EndReason.RELAY_FAILED);
    bench.server.relayFailed(relay, bench.now);
    assertThat(bench.shell.take()).isEmpty();
  }

  @Test
  void shutdownEndsAll() {
    bench.allocate(ALICE, "alice", new org.bradawl.stun.attribute.EvenPort(true));
    bench.allocated(CAROL_TCP, "bob");
    bench.server.endAll(EndReason.SHUTDOWN, bench.now);
    List<Action> actions = bench.shell.take();
    assertThat(actions).filteredOn(Action.Ended.class::isInstance).hasSize(2);
    assertThat(actions).filteredOn(Action.HangUp.class::isInstance).hasSize(1);
    assertThat(bench.server.allocations()).isEmpty();
    assertThat(bench.server.deadlineNanos()).isEqualTo(StunTurnServer.NO_DEADLINE);
    assertThat(bench.shared.pool(Bench.RELAY_V4).free()).isEqualTo(100);
    assertThat(bench.shared.quota().total()).isZero();
  }

  private List<Action> refresh(FiveTuple path, String user, long seconds) {
    return bench.request(path, user, Method.Known.REFRESH, new Lifetime(seconds));
  }

  private static AllocationSummary ended(List<Action> actions) {
    return actions.stream()
        .filter(Action.Ended.class::isInstance)
        .map(action -> ((Action.Ended) action).allocation())
        .findFirst()
        .orElseThrow();
  }
}
