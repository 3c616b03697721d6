package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.CAROL_TCP;
import static org.bradawl.turn.server.Bench.PEER;
import static org.bradawl.turn.server.Bench.address;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.AllocationView.ConnectionState;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;

/** RFC 6062: what the machine decides about relayed TCP. */
class ConnectingTest {

  private static final RequestedTransport TCP = new RequestedTransport(RequestedTransport.TCP);
  private static final FiveTuple DATA = tcp("198.51.100.9:40100");
  private static final FiveTuple DAVE_TCP = tcp("198.51.100.10:40003");

  private final Bench bench = new Bench();

  private static FiveTuple tcp(String client) {
    return new FiveTuple(FiveTuple.Transport.TCP, Bench.SERVER, address(client));
  }

  private RelayId allocated(FiveTuple path, String user) {
    List<Action> asked = bench.request(path, user, Method.Known.ALLOCATE, TCP);
    RelayId relay = one(asked, Action.Listen.class).relay();
    bench.server.relayOpened(relay, bench.now);
    assertThat(Bench.code(bench.shell.take())).isZero();
    return relay;
  }

  private static <A extends Action> A one(List<Action> actions, Class<A> kind) {
    List<A> found = actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    assertThat(found).as("%s among %s", kind.getSimpleName(), actions).hasSize(1);
    return found.getFirst();
  }

  private Action.Connect connecting(FiveTuple path, String user, TransportAddress peer) {
    return one(connect(path, user, new XorPeerAddress(peer)), Action.Connect.class);
  }

  private List<Action> connect(FiveTuple path, String user, Attribute... attributes) {
    return bench.request(path, user, Method.Known.CONNECT, attributes);
  }

  private DataConnectionId connected(FiveTuple path, String user, TransportAddress peer) {
    DataConnectionId id = connecting(path, user, peer).id();
    bench.server.connectSucceeded(id, bench.now);
    StunMessage answer = Bench.response(bench.shell.take());
    assertThat(answer.is(MessageClass.SUCCESS_RESPONSE, Method.Known.CONNECT)).isTrue();
    assertThat(answer.first(ConnectionId.class)).contains(new ConnectionId(id.value()));
    return id;
  }

  private List<Action> bind(FiveTuple path, String user, DataConnectionId id) {
    return bench.request(path, user, Method.Known.CONNECTION_BIND, new ConnectionId(id.value()));
  }

  private int code(FiveTuple path, Attribute... attributes) {
    return Bench.code(bench.request(path, "alice", Method.Known.ALLOCATE, attributes));
  }

  @Test
  void onlyStreamClientsHaveTcpRelayed() {
    assertThat(code(ALICE, TCP)).isEqualTo(400);
    assertThat(code(CAROL_TCP, TCP, new EvenPort(false))).isEqualTo(400);
    assertThat(code(CAROL_TCP, TCP, new ReservationToken(1))).isEqualTo(400);
    assertThat(code(CAROL_TCP, TCP, new DontFragment())).isEqualTo(400);
    assertThat(bench.shared.quota().total()).isZero();
  }

  @Test
  void anAllocationListensAndSaysWhere() {
    List<Action> asked = bench.request(CAROL_TCP, "alice", Method.Known.ALLOCATE, TCP);
    Action.Listen listen = one(asked, Action.Listen.class);
    bench.server.relayOpened(listen.relay(), bench.now);
    bench.shell.take();
    assertThat(bench.relayed(CAROL_TCP)).isEqualTo(listen.local());
    assertThat(bench.shared.connections().relayAddresses().contains(listen.local())).isTrue();
    assertThat(bench.shared.relayAddresses().contains(listen.local()))
        .as("nobody relays UDP there")
        .isFalse();

    List<Action> ended = bench.request(CAROL_TCP, "alice", Method.Known.REFRESH, new Lifetime(0));
    assertThat(ended).contains(new Action.Close(listen.relay()));
    assertThat(bench.shared.connections().relayAddresses().size()).isZero();
    assertThat(bench.shared.pool(Bench.RELAY_V4).free()).isEqualTo(100);
  }

  @Test
  void theChecksOfConnect() {
    XorPeerAddress peer = new XorPeerAddress(PEER);
    assertThat(Bench.code(connect(CAROL_TCP, "alice", peer))).as("no allocation").isEqualTo(437);
    bench.allocated(ALICE, "alice");
    assertThat(Bench.code(connect(ALICE, "alice", peer))).as("one for UDP").isEqualTo(437);
    allocated(CAROL_TCP, "alice");
    assertThat(Bench.code(connect(CAROL_TCP, "bob", peer))).isEqualTo(441);
    assertThat(Bench.code(connect(CAROL_TCP, "alice"))).isEqualTo(400);
    for (String forbidden :
        List.of("10.0.0.1:80", "127.0.0.1:80", "192.0.2.1:3478", "169.254.169.254:80")) {
      XorPeerAddress bad = new XorPeerAddress(address(forbidden));
      assertThat(Bench.code(connect(CAROL_TCP, "alice", bad))).as(forbidden).isEqualTo(403);
    }
    XorPeerAddress six = new XorPeerAddress(address("[2001:4860::8]:80"));
    assertThat(Bench.code(connect(CAROL_TCP, "alice", six))).isEqualTo(443);
    XorPeerAddress itself = new XorPeerAddress(bench.relayed(CAROL_TCP));
    assertThat(Bench.code(connect(CAROL_TCP, "alice", itself))).isEqualTo(403);
  }

  @Test
  void aPeerThatIsConnectedOrBeingConnectedIs446() {
    allocated(CAROL_TCP, "alice");
    DataConnectionId id = connecting(CAROL_TCP, "alice", PEER).id();
    XorPeerAddress again = new XorPeerAddress(PEER);
    assertThat(Bench.code(connect(CAROL_TCP, "alice", again))).isEqualTo(446);
    bench.server.connectSucceeded(id, bench.now);
    bench.shell.take();
    assertThat(Bench.code(connect(CAROL_TCP, "alice", again))).isEqualTo(446);
    assertThat(Bench.code(bind(DATA, "alice", id))).isZero();
    assertThat(bench.server.clientBound(id)).isTrue();
    assertThat(Bench.code(connect(CAROL_TCP, "alice", again))).isEqualTo(446);
    bench.server.peerConnectionGone(id);
    connecting(CAROL_TCP, "alice", PEER);
  }

  @Test
  void aPeerThatCannotBeReachedIs447() {
    allocated(CAROL_TCP, "alice");
    DataConnectionId refused = connecting(CAROL_TCP, "alice", PEER).id();
    bench.server.connectFailed(refused, bench.now);
    assertThat(Bench.code(bench.shell.take())).isEqualTo(447);

    DataConnectionId silent = connecting(CAROL_TCP, "alice", PEER).id();
    assertThat(bench.passAndAdvance(29)).isEmpty();
    List<Action> late = bench.passAndAdvance(1);
    assertThat(Bench.code(late)).isEqualTo(447);
    assertThat(late).contains(new Action.Disconnect(silent));
    bench.server.connectSucceeded(silent, bench.now);
    assertThat(bench.shell.take()).as("too late").isEmpty();
    assertThat(bench.shared.connections().size()).isZero();
  }

  @Test
  void whoBindsGetsTheConnectionOnceAndNobodyElse() {
    allocated(CAROL_TCP, "alice");
    DataConnectionId id = connected(CAROL_TCP, "alice", PEER);
    assertThat(Bench.code(bind(DATA, "bob", id))).as("another user").isEqualTo(441);
    assertThat(Bench.code(bind(ALICE, "alice", id))).as("over UDP").isEqualTo(400);
    assertThat(Bench.code(bind(CAROL_TCP, "alice", id)))
        .as("on the control connection")
        .isEqualTo(400);
    DataConnectionId wrong = new DataConnectionId(id.value() + 1);
    assertThat(Bench.code(bind(DATA, "alice", wrong))).isEqualTo(400);
    assertThat(Bench.code(bench.request(DATA, "alice", Method.Known.CONNECTION_BIND)))
        .as("without an id")
        .isEqualTo(400);

    List<Action> bound = bind(DATA, "alice", id);
    assertThat(Bench.code(bound)).isZero();
    assertThat(bound.getLast()).as("after the answer").isEqualTo(new Action.Join(DATA, id));
    assertThat(Bench.code(bind(DAVE_TCP, "alice", id))).as("twice").isEqualTo(400);
    assertThat(bench.server.clientBound(id)).isTrue();
    assertThat(bench.passAndAdvance(60)).as("bound for good").isEmpty();
  }

  @Test
  void whatNobodyBindsToWithin30SecondsIsClosed() {
    allocated(CAROL_TCP, "alice");
    DataConnectionId id = connected(CAROL_TCP, "alice", PEER);
    assertThat(bench.passAndAdvance(29)).isEmpty();
    assertThat(bench.passAndAdvance(1)).containsExactly(new Action.Disconnect(id));
    assertThat(Bench.code(bind(DATA, "alice", id))).as("late").isEqualTo(400);
    assertThat(bench.count(Event.CONNECTION_UNBOUND)).isOne();
  }

  @Test
  void aConnectionThatAClientHasClaimedIsNotTooLateOnItsWay() {
    allocated(CAROL_TCP, "alice");
    DataConnectionId id = connected(CAROL_TCP, "alice", PEER);
    bench.pass(29);
    assertThat(Bench.code(bind(DATA, "alice", id))).isZero();
    assertThat(bench.passAndAdvance(2)).isEmpty();
    assertThat(bench.server.clientBound(id)).isTrue();
  }

  @Test
  void theNonceOfTheControlConnectionIsGoodForTheDataConnection() {
    allocated(CAROL_TCP, "alice");
    DataConnectionId id = connected(CAROL_TCP, "alice", PEER);
    Nonce nonce = bench.nonce(CAROL_TCP);
    assertThat(Bench.code(bench.fromClient(DAVE_TCP, binding(nonce, id))))
        .as("from another address")
        .isEqualTo(438);
    assertThat(Bench.code(bench.fromClient(DATA, binding(nonce, id)))).isZero();
  }

  private ByteBuffer binding(Nonce nonce, DataConnectionId id) {
    return bench.signed(
        DATA,
        "alice",
        "wonderland",
        nonce,
        Method.Known.CONNECTION_BIND,
        new ConnectionId(id.value()));
  }

  @Test
  void aConnectionMayBeBoundOnAnotherShard() {
    Bench other = new Bench(bench.settings, bench.shared);
    allocated(CAROL_TCP, "alice");
    DataConnectionId id = connected(CAROL_TCP, "alice", PEER);
    ConnectionId attribute = new ConnectionId(id.value());
    List<Action> bound = other.request(DATA, "alice", Method.Known.CONNECTION_BIND, attribute);
    assertThat(Bench.code(bound)).isZero();
    assertThat(bound).contains(new Action.Join(DATA, id));
    assertThat(bench.server.clientBound(id)).isTrue();
  }

  @Test
  void aPeerNeedsAPermissionToConnect() {
    RelayId relay = allocated(CAROL_TCP, "alice");
    assertThat(bench.server.peerConnected(relay, PEER, bench.now)).isNull();
    assertThat(bench.shell.take()).as("the client hears nothing").isEmpty();
    assertThat(bench.count(Event.NO_PERMISSION)).isOne();

    assertThat(bench.permit(CAROL_TCP, "alice", PEER)).isZero();
    DataConnectionId id = bench.server.peerConnected(relay, PEER, bench.now);
    StunMessage attempt = one(bench.shell.take(), Action.ToClient.class).message();
    assertThat(attempt.is(MessageClass.INDICATION, Method.Known.CONNECTION_ATTEMPT)).isTrue();
    assertThat(attempt.first(XorPeerAddress.class)).contains(new XorPeerAddress(PEER));
    DataConnectionId told =
        new DataConnectionId(attempt.first(ConnectionId.class).orElseThrow().id());
    assertThat(told).isEqualTo(id);
    assertThat(Bench.code(bind(DATA, "alice", told))).isZero();

    bench.pass(301);
    TransportAddress another = new TransportAddress(PEER.address(), 99);
    assertThat(bench.server.peerConnected(relay, another, bench.now))
        .as("the permission is over")
        .isNull();
  }

  @Test
  void theConnectionsOfAnAllocationEndWithIt() {
    allocated(CAROL_TCP, "alice");
    DataConnectionId waiting = connected(CAROL_TCP, "alice", PEER);
    TransportAddress second = new TransportAddress(PEER.address(), 2);
    DataConnectionId bound = connected(CAROL_TCP, "alice", second);
    assertThat(Bench.code(bind(DATA, "alice", bound))).isZero();
    bench.server.clientBound(bound);
    DataConnectionId half =
        connecting(CAROL_TCP, "alice", new TransportAddress(PEER.address(), 3)).id();

    bench.server.clientGone(CAROL_TCP, bench.now);
    assertThat(bench.shell.take())
        .contains(
            new Action.Disconnect(waiting),
            new Action.Disconnect(bound),
            new Action.Disconnect(half));
    assertThat(bench.shared.connections().size()).isZero();
    assertThat(bench.server.clientBound(bound)).isFalse();
    assertThat(bench.server.deadlineNanos()).isEqualTo(StunTurnServer.NO_DEADLINE);
  }

  @Test
  void whatPassesIsCountedForTheAllocation() {
    allocated(CAROL_TCP, "alice");
    DataConnectionId id = connected(CAROL_TCP, "alice", PEER);
    bench.server.relayedUp(id, 100);
    bench.server.relayedDown(id, 7);
    bench.server.relayedDown(id, 8);
    Traffic traffic = bench.server.allocations().getFirst().traffic();
    assertThat(traffic).isEqualTo(new Traffic(100, 1, 15, 2));
    assertThat(bench.server.counters().traffic()).isEqualTo(traffic);
  }

  @Test
  void eachConnectionIsShownWithItsStateAndItsBytes() {
    allocated(CAROL_TCP, "alice");
    DataConnectionId id = connected(CAROL_TCP, "alice", PEER);
    TransportAddress other = new TransportAddress(PEER.address(), 81);
    connecting(CAROL_TCP, "alice", other);
    assertThat(shown())
        .containsExactlyInAnyOrder(
            new AllocationView.Connection(PEER, ConnectionState.UNBOUND, 0, 0),
            new AllocationView.Connection(other, ConnectionState.CONNECTING, 0, 0));

    bench.server.clientBound(id);
    bench.server.relayedUp(id, 100);
    bench.server.relayedDown(id, 7);
    assertThat(shown())
        .contains(new AllocationView.Connection(PEER, ConnectionState.BOUND, 100, 7));
    bench.server.peerConnectionGone(id);
    assertThat(shown()).hasSize(1);
    assertThat(bench.server.allocations().getFirst().traffic().bytesUp()).isEqualTo(100);
  }

  private List<AllocationView.Connection> shown() {
    AllocationView view = bench.server.allocations().getFirst();
    assertThat(view.relaysTcp()).isTrue();
    return view.connections();
  }

  @Test
  void anAllocationHasABoundedNumberOfConnections() {
    RelayId relay = allocated(CAROL_TCP, "alice");
    bench.permit(CAROL_TCP, "alice", PEER);
    Set<DataConnectionId> ids = new HashSet<>();
    for (int port = 1; port <= PeerConnections.MOST_PER_ALLOCATION; port++) {
      TransportAddress peer = new TransportAddress(PEER.address(), port);
      ids.add(
          port % 2 == 0
              ? connecting(CAROL_TCP, "alice", peer).id()
              : bench.server.peerConnected(relay, peer, bench.now));
      bench.shell.take();
    }
    assertThat(ids).hasSize(PeerConnections.MOST_PER_ALLOCATION).doesNotContainNull();
    assertThat(bench.server.peerConnected(relay, PEER, bench.now)).isNull();
    assertThat(Bench.code(connect(CAROL_TCP, "alice", new XorPeerAddress(PEER)))).isEqualTo(508);
  }

  @Test
  void twoClientsMeetAtTheirRelaysWhateverTheRange() {
    RelayId alice = allocated(CAROL_TCP, "alice");
    allocated(DAVE_TCP, "bob");
    TransportAddress relayed = bench.relayed(CAROL_TCP);
    TransportAddress from = bench.relayed(DAVE_TCP);
    assertThat(bench.permit(CAROL_TCP, "alice", from)).isZero();
    assertThat(connecting(DAVE_TCP, "bob", relayed).peer()).isEqualTo(relayed);
    assertThat(bench.server.peerConnected(alice, from, bench.now)).isNotNull();
    bench.shell.take();
    TransportAddress neighbour = new TransportAddress(from.address(), 1);
    assertThat(bench.server.peerConnected(alice, neighbour, bench.now))
        .as("another port of our own address")
        .isNull();
    assertThat(bench.permit(ALICE, "alice", from)).as("no allocation").isEqualTo(437);
    bench.allocated(ALICE, "alice");
    assertThat(bench.permit(ALICE, "alice", from)).as("not for UDP").isEqualTo(403);
  }

  @Test
  void channelsAndIndicationsMeanNothingHere() {
    allocated(CAROL_TCP, "alice");
    bench.permit(CAROL_TCP, "alice", PEER);
    assertThat(bench.bind(CAROL_TCP, "alice", 0x4000, PEER)).isEqualTo(400);
    assertThat(bench.fromClient(CAROL_TCP, bench.send(PEER, "datagram"))).isEmpty();
    assertThat(bench.fromClient(CAROL_TCP, Bench.channelData(0x4000, "datagram"))).isEmpty();
    assertThat(bench.count(Event.BAD_INDICATION)).isOne();
  }

  @Test
  void idsTellNothingOfEachOther() {
    allocated(CAROL_TCP, "alice");
    int last = 0;
    int close = 0;
    for (int port = 1; port <= 60; port++) {
      int id =
          connecting(CAROL_TCP, "alice", new TransportAddress(PEER.address(), port)).id().value();
      close += Math.abs((long) id - last) < 1 << 20 ? 1 : 0;
      last = id;
    }
    assertThat(close).as("ids near the one before").isLessThan(5);
  }
}
