package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.PEER;
import static org.bradawl.turn.server.Bench.SECOND;

import java.util.List;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.bradawl.turn.server.TurnSettings.Quotas;
import org.junit.jupiter.api.Test;

/** Rates hold for relayed TCP (RFC 6062), too: what is over them is left with its sender. */
class StreamRatesTest {

  private static final int CHUNK = 65_536;
  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);
  private static final RequestedTransport TCP = new RequestedTransport(RequestedTransport.TCP);

  private final Bench bench = new Bench();
  private int ports = 3000;

  private FiveTuple path() {
    return new FiveTuple(
        FiveTuple.Transport.TCP,
        Bench.SERVER,
        new TransportAddress(ALICE.client().address(), ports++));
  }

  private List<Action> request(FiveTuple path, String user, Method method, Attribute... what) {
    Minted minted = Bench.EPHEMERAL.mint(user, bench.calendar.plusSeconds(36_000));
    return bench.fromClient(
        path,
        bench.signed(path, minted.username(), minted.password(), bench.nonce(path), method, what));
  }

  /** A connection with a peer that a client is bound to. */
  private DataConnectionId stream(String user) {
    FiveTuple path = path();
    Action.Listen listen =
        (Action.Listen) request(path, user, Method.Known.ALLOCATE, TCP).getFirst();
    bench.server.relayOpened(listen.relay(), bench.now);
    bench.shell.take();
    Action.Connect connect =
        (Action.Connect)
            request(path, user, Method.Known.CONNECT, new XorPeerAddress(PEER)).getLast();
    bench.server.connectSucceeded(connect.id(), bench.now);
    bench.shell.take();
    request(path(), user, Method.Known.CONNECTION_BIND, new ConnectionId(connect.id().value()));
    assertThat(bench.server.clientBound(connect.id())).isTrue();
    return connect.id();
  }

  private void rates(Rates rates) {
    TurnPolicy policy =
        new TurnPolicy(Quotas.DEFAULT, rates, ReplyBounds.NONE, PeerRules.defaults());
    bench.shared.policy(policy);
    bench.server.policy(policy);
  }

  /** Reads what may be read, as a shell does, alternately up and down; how many bytes. */
  private long read(DataConnectionId id) {
    int up = bench.server.readable(id, CHUNK, bench.now);
    bench.server.relayedUp(id, up);
    int down = bench.server.readable(id, CHUNK, bench.now);
    bench.server.relayedDown(id, down);
    return (long) up + down;
  }

  @Test
  void withoutRatesEverythingMayBeRead() {
    DataConnectionId id = stream("shop/a");
    for (int i = 0; i < 100; i++) {
      assertThat(read(id)).isEqualTo(2 * CHUNK);
    }
    assertThat(bench.count(Event.STREAM_HELD_BACK)).isZero();
  }

  @Test
  void eachRateHoldsInTheLongRun() {
    List<DataConnectionId> ids = List.of(stream("shop/a"), stream("shop/a"));
    for (Rates rates :
        List.of(
            new Rates(100_000, 0, 0, 0),
            new Rates(0, 100_000, 0, 0),
            new Rates(0, 0, 100_000, 0),
            new Rates(0, 0, 0, 50_000))) {
      rates(rates);
      bench.pass(10);
      long moved = 0;
      for (int i = 0; i < 5_000; i++) {
        for (DataConnectionId id : ids) {
          moved += read(id);
        }
        bench.now += SECOND / 1000;
      }
      assertThat(moved).as("%s", rates).isBetween(495_000L, 535_000L);
    }
    assertThat(bench.count(Event.STREAM_HELD_BACK)).isPositive();
  }

  @Test
  void usersOfOneApplicationShareItsRateAndOthersDoNot() {
    List<DataConnectionId> ids =
        List.of(stream("shop/a"), stream("shop/b"), stream("game/c"), stream("nobodys"));
    rates(new Rates(0, 100_000, 0, 0));
    long[] moved = new long[ids.size()];
    for (int i = 0; i < 2_000; i++) {
      for (int n = 0; n < 3; n++) {
        moved[n] += read(ids.get(n));
      }
      moved[3] += bench.server.readable(ids.get(3), CHUNK, bench.now);
      bench.now += SECOND / 1000;
    }
    assertThat(moved[0] + moved[1]).isBetween(190_000L, 235_000L);
    assertThat(moved[0]).as("neither starves").isPositive();
    assertThat(moved[1]).as("neither starves").isPositive();
    assertThat(moved[2]).isBetween(190_000L, 235_000L);
    assertThat(moved[3]).as("without an application").isEqualTo(2_000L * CHUNK);
  }

  /** A shell that waits as it is told neither asks in vain nor too late. */
  @Test
  void whoWaitsAsToldGetsTheWholeRate() {
    DataConnectionId id = stream("alice");
    rates(new Rates(0, 0, 100_000, 0));
    long end = bench.now + 20 * SECOND;
    long moved = 0;
    int asked = 0;
    while (end - bench.now > 0) {
      long some = read(id);
      moved += some;
      asked++;
      if (some == 0) {
        long wait = bench.server.readableInNanos(id, bench.now);
        assertThat(wait).as("there is something to wait for").isPositive();
        bench.now += wait;
        assertThat(bench.server.readable(id, CHUNK, bench.now)).as("then").isPositive();
      }
    }
    assertThat(moved).isBetween(1_990_000L, 2_040_000L);
    assertThat(asked).isLessThan(4_000);
  }

  @Test
  void datagramsAndStreamsOfOneUserShareItsRate() {
    DataConnectionId id = stream("shop/a");
    FiveTuple path = ALICE;
    RelayId relay = Bench.open(request(path, "shop/a", Method.Known.ALLOCATE, UDP)).relay();
    bench.server.relayOpened(relay, bench.now);
    bench.shell.take();
    request(path, "shop/a", Method.Known.CREATE_PERMISSION, new XorPeerAddress(PEER));
    rates(new Rates(0, 0, 100_000, 0));
    long streamed = 0;
    long datagrams = 0;
    for (int i = 0; i < 5_000; i++) {
      streamed += read(id);
      datagrams += 1000L * bench.fromPeer(relay, PEER, "x".repeat(1000)).size();
      bench.now += SECOND / 1000;
    }
    assertThat(streamed + datagrams).isBetween(490_000L, 535_000L);
  }

  /** What a client sends behind its ConnectionBind was read already: it is owed. */
  @Test
  void whatWasReadBeforeIsPaidForLater() {
    DataConnectionId id = stream("alice");
    rates(new Rates(0, 0, 0, 10_000));
    bench.server.relayedUp(id, 30_000);
    long moved = 0;
    for (int i = 0; i < 4_000; i++) {
      moved += read(id);
      bench.now += SECOND / 1000;
    }
    assertThat(moved).as("in 4 s, of which 3 are paid for").isBetween(5_000L, 16_000L);
  }

  @Test
  void aRateThatIsLiftedHoldsNobodyAnyMore() {
    DataConnectionId id = stream("alice");
    rates(new Rates(0, 0, 0, 1));
    read(id);
    assertThat(bench.server.readable(id, CHUNK, bench.now)).isZero();
    rates(Rates.UNLIMITED);
    assertThat(bench.server.readable(id, CHUNK, bench.now)).isEqualTo(CHUNK);
    assertThat(bench.server.readableInNanos(id, bench.now)).isZero();
  }
}
