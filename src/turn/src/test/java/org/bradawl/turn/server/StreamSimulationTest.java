package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.SECOND;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.Recorder.Action;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Relayed TCP on two shards, step by step at random from one seed: clients that allocate, connect,
 * bind rightly and wrongly, leave; peers that connect, answer, refuse or stay silent; hand-overs
 * that take their time. After every step what must hold is compared with books kept here.
 */
class StreamSimulationTest {

  private static final int STEPS = 4000;

  private static final List<String> USERS = List.of("alice", "bob");

  private static final List<TransportAddress> PEERS =
      List.of(
          Bench.address("8.8.4.4:80"),
          Bench.address("8.8.4.4:81"),
          Bench.address("1.1.1.1:80"),
          Bench.address("9.9.9.9:80"));

  /** A client's control connection with its allocation. */
  private record Held(
      int shard, FiveTuple path, String user, RelayId relay, Map<IpAddress, Long> permissions) {}

  /** A connection with a peer, as it should be. */
  private static final class Conn {

    private final Held holder;
    private final TransportAddress peer;
    private final long since;
    private boolean connecting;
    private boolean claimed;
    private boolean joined;
    private long waitsSince;

    Conn(Held holder, TransportAddress peer, long since, boolean connecting) {
      this.holder = holder;
      this.peer = peer;
      this.since = since;
      this.waitsSince = since;
      this.connecting = connecting;
    }
  }

  private final SharedState shared = SharedState.of(Bench.settings(), new Random(1));
  private final List<Bench> shards =
      List.of(new Bench(Bench.settings(), shared), new Bench(Bench.settings(), shared));
  private final Map<FiveTuple, Held> held = new HashMap<>();
  private final Map<DataConnectionId, Conn> conns = new HashMap<>();
  private final List<DataConnectionId> onTheirWay = new ArrayList<>();
  private final Map<String, Integer> seen = new HashMap<>();
  private Random random = new Random();
  private int ports = 2000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everythingHoldsAfterEveryStep(long seed) {
    random = new Random(seed);
    for (int i = 0; i < STEPS; i++) {
      try {
        step();
        check();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", step " + i, e);
      }
    }
    for (String what :
        List.of(
            "connected",
            "refused",
            "446",
            "bound",
            "unbound",
            "bind refused",
            "accepted",
            "accept refused",
            "joined",
            "late join",
            "left")) {
      assertThat(seen.getOrDefault(what, 0)).as(what).isPositive();
    }
    for (Bench shard : shards) {
      shard.server.endAll(EndReason.SHUTDOWN, shard.now);
      take(shard);
      assertThat(shard.server.deadlineNanos()).isEqualTo(StunTurnServer.NO_DEADLINE);
    }
    held.clear();
    check();
    assertThat(conns).isEmpty();
    assertThat(shared.connections().size()).isZero();
  }

  private void see(String what) {
    seen.merge(what, 1, Integer::sum);
  }

  private void step() {
    long seconds = random.nextInt(60) == 0 ? random.nextInt(120) : random.nextInt(2);
    for (Bench shard : shards) {
      shard.pass(seconds);
      shard.server.advance(shard.now);
      take(shard);
    }
    held.values()
        .removeIf(holder ->
            shards.get(holder.shard).server.allocations().stream()
                .noneMatch(view -> view.info().client().equals(holder.path)));
    switch (random.nextInt(12)) {
      case 0 -> allocate();
      case 1 -> permit();
      case 2, 3 -> connect();
      case 4, 5 -> answer();
      case 6, 7 -> accept();
      case 8, 9 -> bind();
      case 10 -> arrive();
      default -> leave();
    }
  }

  /** Carries out what a machine asked for. */
  private List<Action> take(Bench shard) {
    return carryOut(shard.shell.take());
  }

  private List<Action> carryOut(List<Action> actions) {
    for (Action action : actions) {
      switch (action) {
        case Action.Disconnect closed -> {
          Conn conn = conns.remove(closed.id());
          assertThat(conn).as("a connection closed twice").isNotNull();
          see(conn != null && !conn.claimed && !conn.connecting ? "unbound" : "closed");
        }
        case Action.Join join -> onTheirWay.add(join.id());
        default -> {}
      }
    }
    return actions;
  }

  private List<Action> request(
      int index,
      FiveTuple path,
      String user,
      Method method,
      org.bradawl.stun.attribute.Attribute... attributes) {
    return carryOut(shards.get(index).request(path, user, method, attributes));
  }

  private FiveTuple freshPath() {
    return new FiveTuple(
        FiveTuple.Transport.TCP,
        Bench.SERVER,
        new TransportAddress(Bench.ALICE.client().address(), ports++));
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void allocate() {
    if (held.size() >= 8) {
      return;
    }
    int index = random.nextInt(2);
    FiveTuple path = freshPath();
    String user = any(USERS);
    List<Action> asked =
        request(
            index,
            path,
            user,
            Method.Known.ALLOCATE,
            new RequestedTransport(RequestedTransport.TCP));
    RelayId relay =
        asked.stream()
            .filter(Action.Listen.class::isInstance)
            .map(action -> ((Action.Listen) action).relay())
            .findFirst()
            .orElseThrow();
    shards.get(index).server.relayOpened(relay, shards.get(index).now);
    take(shards.get(index));
    held.put(path, new Held(index, path, user, relay, new HashMap<>()));
  }

  private void permit() {
    if (held.isEmpty()) {
      return;
    }
    Held holder = any(List.copyOf(held.values()));
    TransportAddress peer = any(PEERS);
    assertThat(
            Bench.code(
                request(
                    holder.shard,
                    holder.path,
                    holder.user,
                    Method.Known.CREATE_PERMISSION,
                    new XorPeerAddress(peer))))
        .isZero();
    holder.permissions.put(peer.address(), shards.get(holder.shard).now + 300 * SECOND);
  }

  private boolean isConnected(Held holder, TransportAddress peer) {
    return conns.values().stream()
        .anyMatch(conn -> conn.holder.equals(holder) && conn.peer.equals(peer));
  }

  private void connect() {
    if (held.isEmpty()) {
      return;
    }
    Held holder = any(List.copyOf(held.values()));
    TransportAddress peer = any(PEERS);
    boolean already = isConnected(holder, peer);
    List<Action> done =
        request(
            holder.shard, holder.path, holder.user, Method.Known.CONNECT, new XorPeerAddress(peer));
    if (already) {
      assertThat(Bench.code(done)).isEqualTo(446);
      see("446");
      return;
    }
    if (count(holder) >= PeerConnections.MOST_PER_ALLOCATION) {
      assertThat(Bench.code(done)).isEqualTo(508);
      return;
    }
    Action.Connect connect = (Action.Connect) done.getLast();
    conns.put(connect.id(), new Conn(holder, peer, shards.get(holder.shard).now, true));
  }

  /** A peer answers, or refuses; who does neither is given up by the machine. */
  private void answer() {
    List<DataConnectionId> connecting =
        conns.keySet().stream().filter(id -> conn(id).connecting).toList();
    if (connecting.isEmpty()) {
      return;
    }
    DataConnectionId id = any(connecting);
    Conn conn = conn(id);
    Bench shard = shards.get(conn.holder.shard);
    if (random.nextInt(3) == 0) {
      conns.remove(id);
      shard.server.connectFailed(id, shard.now);
      assertThat(Bench.code(take(shard))).isEqualTo(447);
      see("refused");
    } else {
      conn.connecting = false;
      conn.waitsSince = shard.now;
      shard.server.connectSucceeded(id, shard.now);
      assertThat(Bench.response(take(shard)).messageClass())
          .isEqualTo(MessageClass.SUCCESS_RESPONSE);
      see("connected");
    }
  }

  private Conn conn(DataConnectionId id) {
    Conn conn = conns.get(id);
    if (conn == null) {
      throw new AssertionError("no such connection: " + id);
    }
    return conn;
  }

  private long count(Held holder) {
    return conns.values().stream().filter(conn -> conn.holder.equals(holder)).count();
  }

  private void accept() {
    if (held.isEmpty()) {
      return;
    }
    Held holder = any(List.copyOf(held.values()));
    TransportAddress peer = new TransportAddress(any(PEERS).address(), 80 + random.nextInt(90));
    Bench shard = shards.get(holder.shard);
    Long until = holder.permissions.get(peer.address());
    boolean permitted = until != null && until - shard.now > 0;
    boolean expected =
        permitted
            && !isConnected(holder, peer)
            && count(holder) < PeerConnections.MOST_PER_ALLOCATION;
    DataConnectionId id = shard.server.peerConnected(holder.relay, peer, shard.now);
    assertThat(id != null).as("a peer that connects").isEqualTo(expected);
    take(shard);
    if (id == null) {
      see("accept refused");
    } else {
      conns.put(id, new Conn(holder, peer, shard.now, false));
      see("accepted");
    }
  }

  private void bind() {
    if (conns.isEmpty()) {
      return;
    }
    DataConnectionId id = any(List.copyOf(conns.keySet()));
    Conn conn = conn(id);
    String user = random.nextInt(4) == 0 ? any(USERS) : conn.holder.user;
    boolean expected = !conn.connecting && !conn.claimed && user.equals(conn.holder.user);
    List<Action> done =
        request(
            random.nextInt(2),
            freshPath(),
            user,
            Method.Known.CONNECTION_BIND,
            new ConnectionId(id.value()));
    assertThat(Bench.code(done) == 0).as("bound").isEqualTo(expected);
    see(expected ? "bound" : "bind refused");
    conn.claimed |= expected;
  }

  /** A client's connection arrives where the peer's is, or was. */
  private void arrive() {
    if (onTheirWay.isEmpty()) {
      return;
    }
    DataConnectionId id = onTheirWay.remove(random.nextInt(onTheirWay.size()));
    Conn conn = conns.get(id);
    if (conn == null) {
      shards.forEach(shard -> assertThat(shard.server.clientBound(id)).isFalse());
      see("late join");
      return;
    }
    assertThat(conn.joined).as("joined twice").isFalse();
    assertThat(shards.get(conn.holder.shard).server.clientBound(id)).isTrue();
    conn.joined = true;
    see("joined");
    if (random.nextInt(3) == 0) {
      shards.get(conn.holder.shard).server.peerConnectionGone(id);
      conns.remove(id);
    }
  }

  private void leave() {
    if (held.isEmpty() || random.nextInt(3) > 0) {
      return;
    }
    Held holder = any(List.copyOf(held.values()));
    Bench shard = shards.get(holder.shard);
    if (random.nextBoolean()) {
      shard.server.clientGone(holder.path, shard.now);
      take(shard);
    } else {
      request(holder.shard, holder.path, holder.user, Method.Known.REFRESH, new Lifetime(0));
    }
    held.remove(holder.path);
    see("left");
  }

  /** What must hold after every step. */
  private void check() {
    assertThat(shared.connections().size()).as("connections known").isEqualTo(conns.size());
    int listening = 0;
    for (Bench shard : shards) {
      listening += shard.server.allocations().size();
    }
    assertThat(held).as("allocations").hasSize(listening);
    assertThat(shared.connections().relayAddresses().size()).isEqualTo(listening);
    assertThat(shared.relayAddresses().size()).as("none for UDP").isZero();
    assertThat(100 - shared.pool(Bench.RELAY_V4).free()).as("ports lent").isEqualTo(listening);
    for (Conn conn : conns.values()) {
      long now = shards.get(conn.holder.shard).now;
      assertThat(held).as("a connection outlives its allocation").containsKey(conn.holder.path);
      if (conn.connecting) {
        assertThat(now - conn.since).as("connecting").isLessThan(30 * SECOND);
      } else if (!conn.claimed) {
        assertThat(now - conn.waitsSince).as("waiting").isLessThan(30 * SECOND);
      }
    }
  }
}
