package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.BOB;
import static org.bradawl.turn.server.Bench.CAROL_TCP;
import static org.bradawl.turn.server.Bench.PEER;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.MobilityTicket;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;

/** RFC 8016: a client goes on with its allocation from another address. */
class MobilityTest {

  private static final MobilityTicket ASKED = new MobilityTicket(Bytes.EMPTY);
  private static final FiveTuple NEW =
      new FiveTuple(FiveTuple.Transport.UDP, ALICE.server(), Bench.address("203.0.113.50:41000"));
  private static final FiveTuple NEWER =
      new FiveTuple(FiveTuple.Transport.UDP, ALICE.server(), Bench.address("203.0.113.51:41001"));

  private final Bench bench = new Bench();
  private RelayId relay = new RelayId(0);

  @Test
  void whoAsksGetsATicketAndWhoDoesNotGetsNone() {
    assertThat(allocate(bench, ALICE).ticket().isEmpty()).isFalse();
    StunMessage plain = Bench.response(bench.allocate(BOB, "bob"));
    assertThat(plain.has(MobilityTicket.class)).isFalse();
  }

  @Test
  void aTicketInAllocateIsABadRequestAndAForbiddenOneIsRefused() {
    RequestedTransport udp = new RequestedTransport(RequestedTransport.UDP);
    MobilityTicket odd = new MobilityTicket(Bytes.of((byte) 1));
    assertThat(code(bench.request(ALICE, "alice", Method.Known.ALLOCATE, udp, odd))).isEqualTo(400);
    bench.server.mobility(false);
    assertThat(code(bench.request(ALICE, "alice", Method.Known.ALLOCATE, udp, ASKED)))
        .isEqualTo(405);
    assertThat(code(bench.request(NEW, "alice", Method.Known.REFRESH, odd))).isEqualTo(405);
  }

  /** RFC 8016 §3.2.2, the whole way. */
  @Test
  void bothPathsAreServedUntilTheNewOneSends() {
    MobilityTicket first = allocate(bench, ALICE);
    bench.bind(ALICE, "alice", 0x4000, PEER);
    StunMessage answer = refresh(bench, NEW, "alice", first);
    assertThat(code(answer)).isZero();
    MobilityTicket second = answer.first(MobilityTicket.class).orElseThrow();
    assertThat(second).isNotEqualTo(first);

    assertThat(toClient(bench.fromPeer(relay, PEER, "a"))).containsExactly(ALICE);
    assertThat(toPeer(bench.fromClient(ALICE, Bench.channelData(0x4000, "b")))).isOne();
    assertThat(toClient(bench.fromPeer(relay, PEER, "c"))).containsExactly(ALICE);
    assertThat(bench.bind(NEW, "alice", 0x4000, PEER)).as("a request is no data").isZero();
    assertThat(toClient(bench.fromPeer(relay, PEER, "d"))).containsExactly(ALICE);

    assertThat(toPeer(bench.fromClient(NEW, Bench.channelData(0x4000, "e")))).isOne();
    assertThat(toClient(bench.fromPeer(relay, PEER, "f"))).containsExactly(NEW);
    assertThat(toPeer(bench.fromClient(ALICE, Bench.channelData(0x4000, "g")))).isZero();
    assertThat(code(bench.request(ALICE, "alice", Method.Known.REFRESH))).isEqualTo(437);
    assertThat(bench.server.allocations().getFirst().info().client()).isEqualTo(NEW);
    assertThat(bench.count(Event.MOVED)).isEqualTo(1);

    assertThat(code(refresh(bench, NEWER, "alice", first))).as("the old ticket").isEqualTo(400);
    assertThat(code(refresh(bench, NEWER, "alice", second))).isZero();
  }

  @Test
  void aSendIndicationMovesItToo() {
    MobilityTicket ticket = allocate(bench, ALICE);
    bench.permit(ALICE, "alice", PEER);
    refresh(bench, NEW, "alice", ticket);
    assertThat(toPeer(bench.fromClient(NEW, bench.send(PEER, "a")))).isOne();
    assertThat(toClient(bench.fromPeer(relay, PEER, "b"))).containsExactly(NEW);
  }

  @Test
  void theNonceOfTheOldAddressIsGood() {
    var nonce = bench.nonce(ALICE);
    MobilityTicket ticket = allocate(bench, ALICE);
    List<Action> answer =
        bench.fromClient(
            NEW, bench.signed(ALICE, "alice", "wonderland", nonce, Method.Known.REFRESH, ticket));
    assertThat(code(answer)).isZero();
    // For nothing else: without its ticket the client is a stranger there.
    assertThat(
            code(
                bench.fromClient(
                    NEWER,
                    bench.signed(ALICE, "alice", "wonderland", nonce, Method.Known.REFRESH))))
        .isEqualTo(438);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    MobilityTicket ticket = allocate(bench, ALICE);
    assertThat(code(refresh(bench, ALICE, "alice", ticket))).as("no move").isEqualTo(400);
    assertThat(code(refresh(bench, NEW, "alice", ASKED))).as("empty").isEqualTo(400);
    byte[] forged = ticket.ticket().toArray();
    forged[20] ^= 1;
    assertThat(code(refresh(bench, NEW, "alice", new MobilityTicket(Bytes.owning(forged)))))
        .as("forged")
        .isEqualTo(400);
    assertThat(code(refresh(bench, NEW, "bob", ticket))).as("not his").isEqualTo(441);
    bench.allocated(BOB, "alice");
    assertThat(code(refresh(bench, BOB, "alice", ticket))).as("has one there").isEqualTo(437);
    bench.request(ALICE, "alice", Method.Known.REFRESH, new Lifetime(0));
    assertThat(code(refresh(bench, NEW, "alice", ticket))).as("gone").isEqualTo(437);
    assertThat(bench.count(Event.MOVED)).isZero();
  }

  @Test
  void whoGotNoAnswerMayAskAgainFromTheSamePlace() {
    MobilityTicket first = allocate(bench, ALICE);
    refresh(bench, NEW, "alice", first);
    StunMessage again = refresh(bench, NEW, "alice", first);
    assertThat(code(again)).isZero();
    assertThat(code(refresh(bench, NEWER, "alice", first))).isEqualTo(400);
  }

  @Test
  void aSecondMoveBeforeAnyDataDropsTheFirst() {
    MobilityTicket first = allocate(bench, ALICE);
    bench.bind(ALICE, "alice", 0x4000, PEER);
    MobilityTicket second = ticket(refresh(bench, NEW, "alice", first));
    assertThat(code(refresh(bench, NEWER, "alice", second))).isZero();
    assertThat(toPeer(bench.fromClient(NEW, Bench.channelData(0x4000, "x")))).isZero();
    assertThat(toPeer(bench.fromClient(NEWER, Bench.channelData(0x4000, "x")))).isOne();
  }

  @Test
  void aTicketWithLifetimeZeroEndsTheAllocation() {
    MobilityTicket ticket = allocate(bench, ALICE);
    List<Action> actions =
        bench.request(NEW, "alice", Method.Known.REFRESH, ticket, new Lifetime(0));
    assertThat(code(actions)).isZero();
    assertThat(bench.server.allocations()).isEmpty();
  }

  @Test
  void anAllocationThatEndsWhileMovingLeavesNothing() {
    MobilityTicket ticket = allocate(bench, ALICE);
    refresh(bench, NEW, "alice", ticket);
    bench.server.endAll(EndReason.SHUTDOWN, bench.now);
    bench.shell.take();
    bench.allocated(NEW, "alice");
    bench.allocated(ALICE, "alice");
  }

  @Test
  void aConnectionThatClosesSettlesWhereTheClientIs() {
    MobilityTicket ticket = allocate(bench, CAROL_TCP, "alice");
    bench.permit(CAROL_TCP, "alice", PEER);
    refresh(bench, NEW, "alice", ticket);
    bench.server.clientGone(CAROL_TCP, bench.now);
    bench.shell.take();
    assertThat(toClient(bench.fromPeer(relay, PEER, "a"))).containsExactly(NEW);

    MobilityTicket back = ticket(refresh(bench, CAROL_TCP, "alice", lastTicket()));
    assertThat(back.ticket().isEmpty()).isFalse();
    bench.server.clientGone(CAROL_TCP, bench.now);
    bench.shell.take();
    assertThat(toClient(bench.fromPeer(relay, PEER, "b"))).containsExactly(NEW);
  }

  /** The kernel hands the new address to another shard than the one that owns the relay socket. */
  @Test
  void anotherShardHandsOver() {
    Bench other = new Bench(bench.settings, bench.shared);
    MobilityTicket first = allocate(bench, ALICE);
    bench.bind(ALICE, "alice", 0x4000, PEER);
    StunMessage answer = refresh(other, NEW, "alice", first);
    assertThat(code(answer)).isZero();
    assertThat(bench.shared.mobility().size()).isEqualTo(1);
    assertThat(bench.server.allocations()).hasSize(1);
    assertThat(other.server.allocations()).isEmpty();

    assertThat(toPeer(other.fromClient(NEW, Bench.channelData(0x4000, "a")))).isZero();
    assertThat(toPeer(bench.shell.take())).as("by the owner's socket").isOne();
    assertThat(bench.fromPeer(relay, PEER, "b")).as("not by the owner's listener").isEmpty();
    assertThat(toClient(other.shell.take())).containsExactly(NEW);
    other.fromClient(NEW, other.send(PEER, "c"));
    assertThat(toPeer(bench.shell.take())).isOne();
    assertThat(other.permit(NEW, "alice", Bench.address("8.8.4.4:1"))).isZero();

    MobilityTicket second = ticket(answer);
    assertThat(code(refresh(bench, NEWER, "alice", second))).isZero();
    bench.fromClient(NEWER, Bench.channelData(0x4000, "d"));
    assertThat(bench.shared.mobility().isQuiet()).as("back on its own shard").isTrue();
    assertThat(toClient(bench.fromPeer(relay, PEER, "e"))).containsExactly(NEWER);
  }

  /** The request that ends the allocation is answered by the shard that got it, and again so. */
  @Test
  void whoReleasesByWayOfAnotherShardIsAnsweredThereAndAlikeAgain() {
    Bench other = new Bench(bench.settings, bench.shared);
    refresh(other, NEW, "alice", allocate(bench, ALICE));
    ByteBuffer release = other.signed(NEW, "alice", Method.Known.REFRESH, new Lifetime(0));
    StunMessage answer = Bench.response(other.fromClient(NEW, release.duplicate()));
    assertThat(code(answer)).isZero();
    assertThat(bench.shell.take()).as("by the owner's sockets").noneMatch(isToClient());
    assertThat(bench.server.allocations()).isEmpty();
    assertThat(bench.shared.mobility().isQuiet()).isTrue();
    assertThat(Bench.response(other.fromClient(NEW, release.duplicate())).attributes())
        .isEqualTo(answer.attributes());
  }

  /** Both requests were handed over while there was an allocation; the second finds none. */
  @Test
  void whatComesAfterTheEndIsForTheShardThatGotIt() {
    Bench other = new Bench(bench.settings, bench.shared);
    refresh(other, NEW, "alice", allocate(bench, ALICE));
    ByteBuffer release = other.signed(NEW, "alice", Method.Known.REFRESH, new Lifetime(0));
    ByteBuffer again =
        other.signed(
            NEW, "alice", Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP));
    List<ServerActions.Work> waiting = new ArrayList<>();
    bench.shell.worker(waiting::add);
    other.fromClient(NEW, release);
    other.fromClient(NEW, again);
    waiting.forEach(work -> work.run(bench.server, bench.now));
    assertThat(bench.shell.take()).noneMatch(Action.Open.class::isInstance);
    assertThat(bench.server.allocations()).isEmpty();
    other.server.relayOpened(Bench.open(other.shell.take()).relay(), other.now);
    assertThat(code(other.shell.take())).isZero();
    assertThat(other.server.allocations()).hasSize(1);
  }

  private static Predicate<Action> isToClient() {
    return Action.ToClient.class::isInstance;
  }

  @Test
  void anAllocationThatEndsForgetsTheOtherShard() {
    Bench other = new Bench(bench.settings, bench.shared);
    refresh(other, NEW, "alice", allocate(bench, ALICE));
    bench.passAndAdvance(601);
    assertThat(bench.server.allocations()).isEmpty();
    assertThat(bench.shared.mobility().isQuiet()).isTrue();
    other.allocated(NEW, "alice");
  }

  @Test
  void aConnectionOnAnotherShardIsHeldAndItsEndIsHeardOf() {
    Bench other = new Bench(bench.settings, bench.shared);
    MobilityTicket ticket = allocate(bench, ALICE);
    bench.permit(ALICE, "alice", PEER);
    List<Action> actions = other.request(CAROL_TCP, "alice", Method.Known.REFRESH, ticket);
    assertThat(code(actions)).isZero();
    assertThat(actions).contains(new Action.Held(CAROL_TCP, true));
    other.fromClient(CAROL_TCP, other.send(PEER, "a"));
    assertThat(toPeer(bench.shell.take())).isOne();
    other.server.clientGone(CAROL_TCP, other.now);
    assertThat(bench.server.allocations()).isEmpty();
    assertThat(bench.shared.mobility().isQuiet()).isTrue();
  }

  private MobilityTicket last = ASKED;

  private MobilityTicket lastTicket() {
    return last;
  }

  private MobilityTicket allocate(Bench bench, FiveTuple path) {
    return allocate(bench, path, "alice");
  }

  private MobilityTicket allocate(Bench bench, FiveTuple path, String user) {
    List<Action> actions = new ArrayList<>(bench.allocate(path, user, ASKED));
    relay = bench.lastRelay();
    last = ticket(Bench.response(actions));
    return last;
  }

  private static MobilityTicket ticket(StunMessage answer) {
    return answer.first(MobilityTicket.class).orElseThrow();
  }

  private StunMessage refresh(Bench bench, FiveTuple path, String user, MobilityTicket ticket) {
    StunMessage answer =
        Bench.response(bench.request(path, user, Method.Known.REFRESH, (Attribute) ticket));
    answer.first(MobilityTicket.class).ifPresent(fresh -> last = fresh);
    return answer;
  }

  private static int code(StunMessage answer) {
    return answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }

  private static int code(List<Action> actions) {
    return Bench.code(actions);
  }

  private static List<FiveTuple> toClient(List<Action> actions) {
    return actions.stream()
        .filter(
            action -> action instanceof Action.ToClient || action instanceof Action.ChannelDataTo)
        .map(action ->
            action instanceof Action.ToClient message
                ? message.path()
                : ((Action.ChannelDataTo) action).path())
        .toList();
  }

  private static long toPeer(List<Action> actions) {
    return actions.stream().filter(Action.ToPeer.class::isInstance).count();
  }
}
