package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.SECOND;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.ChainedCredentials;
import org.bradawl.turn.auth.NonceIssuer;
import org.bradawl.turn.auth.StaticUsers;

/**
 * Two shards of one server, clients and peers, and a network that loses, doubles, delays and
 * reorders, all in virtual time: events in a queue, one after the other, everything random drawn
 * from one seed. After every event the {@link Oracle} looks whether all is as it must be.
 */
final class Simulation {

  private static final long MILLI = 1_000_000L;

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
  final List<Shard> shards = new ArrayList<>();
  final Oracle oracle = new Oracle(this);

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong((Event event) -> event.time - Simulation.this.start())
              .thenComparingLong(Event::order));
  private final Map<FiveTuple, SimulatedClient> clients = new HashMap<>();
  private final Map<TransportAddress, Shard> sockets = new HashMap<>();
  private final long start = Long.MAX_VALUE - 600 * SECOND; // overflows on the way
  private long now = start;
  private long order;

  Simulation(long seed) {
    this.random = new Random(seed);
    this.link = Link.of(random);
    this.settings =
        Bench.settings(PeerRules.defaults(), new TurnSettings.Quotas(14, 5, 6, 5), 50_000, 50_039);
    this.shared = SharedState.of(settings, random);
    for (int i = 0; i < 2; i++) {
      shards.add(new Shard());
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
      shards.forEach(Shard::arm);
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

  void add(SimulatedClient client) {
    clients.put(client.path(), client);
  }

  /** A client's connection breaks; the server notices. */
  void disconnect(FiveTuple path) {
    clients.remove(path);
    after(30 * MILLI, () -> shard(path).server.clientGone(path, now));
  }

  /** The kernel would pick the shard by the five-tuple too. */
  Shard shard(FiveTuple path) {
    return shards.get(path.client().port() % shards.size());
  }

  void toServer(FiveTuple path, ByteBuffer message) {
    ByteBuffer copy = copy(message);
    overThePath(
        path,
        () -> {
          oracle.arrives(path, copy.duplicate());
          shard(path).server.fromClient(path, copy.duplicate(), now);
        });
  }

  static ByteBuffer copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Takes bob's credential away from all shards and ends what he has, or gives it back. */
  void revokeBob(boolean revoke) {
    for (Shard shard : shards) {
      shard.server.credentials(revoke ? Bench.EPHEMERAL : credentials());
      if (revoke) {
        shard.server.endWhere(who -> who.user().equals("bob"), EndReason.ADMIN, now);
        assertThat(shard.server.allocations())
            .noneMatch(view -> view.info().principal().user().equals("bob"));
      }
    }
    oracle.credentialsChanged();
  }

  private ChainedCredentials credentials() {
    StaticUsers users =
        StaticUsers.ofPasswords(Bench.REALM, Map.of("alice", "a", "bob", "b"), random);
    return new ChainedCredentials(List.of(users, Bench.EPHEMERAL));
  }

  /** A shell over the modelled network. */
  final class Shard implements ServerActions {

    final StunTurnServer server;
    final Map<RelayId, TransportAddress> open = new HashMap<>();
    int opening;
    private long armed = StunTurnServer.NO_DEADLINE;

    Shard() {
      this.server =
          new StunTurnServer(
              settings,
              shared,
              credentials(),
              new NonceIssuer(new byte[] {7}, Duration.ofMinutes(10), Simulation.this::calendar),
              Simulation.this::calendar,
              random,
              this);
    }

    /** As a shell's loop does: wakes up at the machine's deadline, or a little late. */
    private void arm() {
      long deadline = server.deadlineNanos();
      if (deadline == StunTurnServer.NO_DEADLINE || deadline == armed) {
        return;
      }
      armed = deadline;
      long late = random.nextInt(3) == 0 ? random.nextInt(50) * MILLI : 0;
      after(Math.max(0, deadline - now) + late, this::advance);
    }

    private void advance() {
      server.advance(now);
      oracle.advanced(server);
    }

    @Override
    public void sendToClient(FiveTuple path, ByteBuffer message) {
      ByteBuffer copy = copy(message);
      oracle.leaves(path, copy.duplicate());
      toClient(path, copy);
    }

    @Override
    public void sendChannelData(FiveTuple path, int channel, ByteBuffer data) {
      oracle.channelDataLeaves(path, channel);
      ByteBuffer framed =
          ByteBuffer.allocate(4 + data.remaining())
              .putShort((short) channel)
              .putShort((short) data.remaining())
              .put(data.duplicate());
      toClient(path, framed.flip());
    }

    private void toClient(FiveTuple path, ByteBuffer message) {
      overThePath(
          path,
          () -> {
            SimulatedClient client = clients.get(path);
            if (client != null) {
              client.receive(message.duplicate());
            }
          });
    }

    @Override
    public void sendToPeer(RelayId relay, TransportAddress peer, ByteBuffer data) {
      oracle.reachesPeer(this, relay, peer);
      TransportAddress source = open.get(relay);
      if (source == null) {
        throw new AssertionError("data from a socket that is not open");
      }
      ByteBuffer copy = copy(data);
      overTheNet(() -> {
        Shard target = sockets.get(peer);
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
        Shard target = sockets.get(to);
        if (target != null) {
          target.fromNet(to, peer, data);
        }
      });
    }

    private void fromNet(TransportAddress local, TransportAddress source, ByteBuffer data) {
      open.forEach((relay, address) -> {
        if (address.equals(local)) {
          server.fromPeer(relay, source, data.duplicate(), now);
        }
      });
    }

    @Override
    public void openRelay(RelayId relay, TransportAddress local) {
      opening++;
      switch (random.nextInt(20)) {
        case 0 -> after(5 * MILLI, () -> refuse(relay, RefusalReason.UNAVAILABLE));
        case 1, 2, 3 -> after(5 * MILLI, () -> refuse(relay, RefusalReason.PORT_TAKEN));
        case 4, 5, 6, 7 -> after(random.nextInt(3000) * MILLI, () -> opened(relay, local));
        default -> opened(relay, local); // from within the call, as a simple shell does
      }
    }

    private void refuse(RelayId relay, RefusalReason reason) {
      opening--;
      server.relayRefused(relay, reason, now);
    }

    private void opened(RelayId relay, TransportAddress local) {
      opening--;
      assertThat(sockets.put(local, this)).as("two sockets on %s", local).isNull();
      open.put(relay, local);
      oracle.opened(this, relay, local);
      server.relayOpened(relay, now);
    }

    @Override
    public void closeRelay(RelayId relay) {
      TransportAddress local = open.remove(relay);
      assertThat(local).as("a socket closed twice").isNotNull();
      sockets.remove(local);
    }

    @Override
    public void closeClient(FiveTuple path) {
      SimulatedClient client = clients.remove(path);
      if (client != null) {
        client.hungUp();
      }
    }

    @Override
    public void allocationStarted(AllocationView allocation) {
      oracle.started(this, allocation);
    }

    @Override
    public void allocationEnded(AllocationSummary allocation) {
      oracle.ended(allocation);
    }
  }
}
