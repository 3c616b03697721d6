package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.SECOND;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.ChainedCredentials;
import org.bradawl.turn.auth.StaticUsers;

/**
 * Two shards of one server, clients and peers, and a network that loses, doubles, delays and
 * reorders, all in virtual time: events in a queue, one after the other, everything random drawn
 * from one seed. After every event the {@link Oracle} looks whether all is as it must be.
 */
final class Simulation {

  static final TurnSettings.Quotas QUOTAS = new TurnSettings.Quotas(18, 6, 18, 6, 5);

  static final long MILLI = 1_000_000L;

  /**
   * What a network does to datagrams.
   *
   * @param lost how many percent never arrive
   * @param doubled how many percent come twice
   * @param spreadMillis how much later one may arrive than another: beyond a client's pause between
   *     messages, they overtake each other
   */
  record Link(int lost, int doubled, int spreadMillis) {

    /** From a good one to one that is hardly usable. */
    static Link of(Random random) {
      return new Link(
          random.nextInt(30), random.nextInt(20), List.of(5, 200, 3000).get(random.nextInt(3)));
    }
  }

  private record Event(long time, long order, Runnable what) {}

  final Random random;
  final Link link;
  final SharedState shared;
  final TurnSettings settings;
  final List<SimulatedShard> shards = new ArrayList<>();
  final Oracle oracle = new Oracle(this);

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong((Event event) -> event.time - Simulation.this.start())
              .thenComparingLong(Event::order));
  private final Map<FiveTuple, SimulatedParty> clients = new HashMap<>();
  private final Queue<Runnable> atOnce = new ArrayDeque<>();
  private final Map<TransportAddress, SimulatedShard> sockets = new HashMap<>();
  private final long start = Long.MAX_VALUE - 600 * SECOND; // overflows on the way
  private long now = start;
  private long order;
  private int ports = 20_000;

  Simulation(long seed) {
    this.random = new Random(seed);
    this.link = Link.of(random);
    this.settings = Bench.settings(PeerRules.defaults(), QUOTAS, 50_000, 50_039);
    this.shared = SharedState.of(settings, random);
    for (int i = 0; i < 2; i++) {
      shards.add(new SimulatedShard(this));
    }
  }

  private long start() {
    return start;
  }

  long now() {
    return now;
  }

  Instant calendar() {
    return Instant.parse("2026-01-01T00:00:00Z").plusNanos(now - start);
  }

  void after(long nanos, Runnable what) {
    events.add(new Event(now + nanos, order++, what));
  }

  /** Runs what is to happen within {@code duration}, and looks after each event. */
  void run(Duration duration) {
    long end = now + duration.toNanos();
    while (!events.isEmpty() && events.peek().time - end <= 0) {
      Event event = events.remove();
      now = event.time;
      event.what.run();
      for (Runnable next = atOnce.poll(); next != null; next = atOnce.poll()) {
        next.run();
      }
      shards.forEach(SimulatedShard::arm);
      oracle.check();
      if (event.order % 256 == 0) {
        oracle.checkTraffic();
      }
    }
    now = end;
  }

  /** Delivers after a while, perhaps twice, perhaps never. */
  void overTheNet(Runnable delivery) {
    if (random.nextInt(100) < link.lost) {
      return;
    }
    after((1 + random.nextInt(link.spreadMillis)) * MILLI, delivery);
    if (random.nextInt(100) < link.doubled) {
      after((1 + random.nextInt(4000)) * MILLI, delivery);
    }
  }

  /** On a stream everything arrives, in order. */
  private void overThePath(FiveTuple path, Runnable delivery) {
    switch (path.transport()) {
      case UDP, DTLS -> overTheNet(delivery);
      case TCP, TLS -> after(20 * MILLI, delivery);
    }
  }

  /** Changes what an operator may, for all shards: sometimes there are rates, sometimes not. */
  void policy() {
    Rates rates =
        random.nextInt(2) == 0
            ? Rates.UNLIMITED
            : new Rates(
                random.nextInt(2000),
                random.nextInt(1000),
                random.nextInt(1000),
                random.nextInt(500));
    TurnPolicy policy =
        new TurnPolicy(settings.quotas(), rates, ReplyBounds.NONE, settings.peers());
    shared.policy(policy);
    shards.forEach(shard -> shard.server.policy(policy));
  }

  /** Lets what arrives on {@code path} reach a client. */
  void add(FiveTuple path, SimulatedParty client) {
    clients.put(path, client);
  }

  /** What arrives on {@code path} reaches nobody any more. */
  void remove(FiveTuple path) {
    clients.remove(path);
  }

  boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  /** Does something after what happens now, and before anything else does. */
  void atOnce(Runnable what) {
    atOnce.add(what);
  }

  /** Whether what happens now is that a client was heard. */
  boolean anyHearsClient() {
    return shards.stream().anyMatch(SimulatedShard::hearsClient);
  }

  /** A client's connection breaks; the server notices. */
  void disconnect(FiveTuple path) {
    clients.remove(path);
    after(
        30 * MILLI,
        () -> {
          oracle.disconnected(path);
          shard(path).clientGone(path);
        });
  }

  /** The server closes a client's connection. */
  void hangUp(FiveTuple path) {
    SimulatedParty client = clients.remove(path);
    if (client != null) {
      client.hungUp(path);
    }
  }

  /** A port that no client has had. */
  int freshPort() {
    return ++ports;
  }

  /** A stranger, or a peer, connects to some address that relays TCP. */
  void knock(TransportAddress source) {
    SimulatedShard shard = shards.get(random.nextInt(shards.size()));
    List<RelayId> relays = shard.streams.relays();
    if (!relays.isEmpty()) {
      shard.streams.knock(source, relays.get(random.nextInt(relays.size())));
    }
  }

  /** Another relayed address connects to one; whether it may. */
  boolean knock(TransportAddress source, TransportAddress relayed) {
    for (SimulatedShard shard : shards) {
      for (RelayId relay : shard.streams.relays()) {
        if (relayed.equals(shard.streams.listening.get(relay))) {
          return shard.streams.knock(source, relay);
        }
      }
    }
    return false;
  }

  boolean isRelayOfTcp(TransportAddress address) {
    return shards.stream().anyMatch(shard -> shard.streams.listening.containsValue(address));
  }

  /** The kernel would pick the shard by the five-tuple too. */
  SimulatedShard shard(FiveTuple path) {
    return shards.get(path.client().port() % shards.size());
  }

  void toServer(FiveTuple path, ByteBuffer message) {
    ByteBuffer copy = copy(message);
    overThePath(
        path,
        () -> {
          oracle.arrives(path, copy.duplicate());
          shard(path).fromClient(path, copy.duplicate());
        });
  }

  void toClient(FiveTuple path, ByteBuffer message) {
    overThePath(
        path,
        () -> {
          SimulatedParty client = clients.get(path);
          if (client != null) {
            client.receive(path, message.duplicate());
          }
        });
  }

  void toPeer(TransportAddress source, TransportAddress peer, ByteBuffer data) {
    ByteBuffer copy = copy(data);
    overTheNet(() -> {
      SimulatedShard target = sockets.get(peer);
      if (target != null) {
        target.fromNet(peer, source, copy);
      } else {
        echo(peer, source, copy);
      }
    });
  }

  /**
   * What is no relay of ours is a peer that answers whatever it gets; now and then a stranger
   * answers, or one who says to be the server's own listener.
   */
  private void echo(TransportAddress asked, TransportAddress to, ByteBuffer data) {
    TransportAddress peer =
        switch (random.nextInt(20)) {
          case 0 -> Bench.SERVER;
          case 1 -> new TransportAddress(asked.address(), 1 + random.nextInt(60_000));
          case 2 -> Bench.address("203.0.113.66:666");
          default -> asked;
        };
    overTheNet(() -> {
      SimulatedShard target = sockets.get(to);
      if (target != null) {
        target.fromNet(to, peer, data);
      }
    });
  }

  void opened(TransportAddress local, SimulatedShard shard) {
    assertThat(sockets.put(local, shard)).as("two sockets on %s", local).isNull();
  }

  void closed(TransportAddress local) {
    sockets.remove(local);
    oracle.closed(local);
  }

  static ByteBuffer copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Takes bob's credential away from all shards and ends what he has, or gives it back. */
  void revokeBob(boolean revoke) {
    for (SimulatedShard shard : shards) {
      shard.server.credentials(revoke ? Bench.EPHEMERAL : credentials());
      if (revoke) {
        shard.server.endWhere(who -> who.user().equals("bob"), EndReason.ADMIN, now);
        assertThat(shard.server.allocations())
            .noneMatch(view -> view.info().principal().user().equals("bob"));
      }
    }
    oracle.credentialsChanged();
  }

  ChainedCredentials credentials() {
    StaticUsers users =
        StaticUsers.ofPasswords(Bench.REALM, Map.of("alice", "a", "bob", "b"), random);
    return new ChainedCredentials(List.of(users, Bench.EPHEMERAL));
  }
}
