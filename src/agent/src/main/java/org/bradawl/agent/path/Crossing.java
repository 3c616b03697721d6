package org.bradawl.agent.path;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.TcpLink;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Username;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.Step;
import org.bradawl.traversal.Traversal;
import org.bradawl.traversal.TraversalActions;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;

/**
 * One traversal on real sockets: {@code traversal}'s machine, and the relay beside it. Where the
 * relay was to come first and a direct way is faster, relaying is still set up: it stands by for
 * the moment in which the direct way dies.
 */
public final class Crossing implements TraversalActions, AutoCloseable {

  /** What a crossing belongs to. */
  public interface Surroundings {

    /** Takes a frame to the server. */
    void tell(FromPeer.About frame);

    /** The relay of this host. */
    RelayClient relay() throws IOException;

    /** Somebody has connected to one of our ports, perhaps for another crossing. */
    void connected(TcpLink link);

    /** A way has been proven. */
    void found(Crossing crossing, Path path);

    /** Nothing more will be tried. */
    void finished(Crossing crossing, Outcome outcome);
  }

  /** As long as a plan gives relaying; who has not got it by then does without. */
  private static final long STANDBY_NANOS = 2_000_000_000L;

  private final EventLoop loop;
  private final RandomGenerator random;
  private final Switchboard switchboard;
  private final Surroundings surroundings;
  private final FromServer.Planned planned;
  private final Paths paths;
  private final Traversal.Setting setting;
  private final Traversal traversal;
  private final EventLoop.Alarm alarm;
  private final EventLoop.Alarm standby;
  private final Ends ends;
  private Optional<FromPeer.Done> withheld = Optional.empty();
  private Optional<RelayProbe> relay = Optional.empty();
  private Optional<Outcome> outcome = Optional.empty();
  private boolean relaying;
  private boolean relayedEarly;
  private boolean begun;

  /** A crossing that begins when the plan says; on the loop's thread. */
  public Crossing(
      EventLoop loop,
      RandomGenerator random,
      MainSockets main,
      Switchboard switchboard,
      FromServer.Planned planned,
      Traversal.Setting setting,
      Paths paths,
      Surroundings surroundings) {
    this.loop = loop;
    this.random = random;
    this.switchboard = switchboard;
    this.planned = planned;
    this.setting = setting;
    this.paths = paths;
    this.surroundings = surroundings;
    this.traversal = new Traversal(setting, random, this);
    TransportAddress server = setting.servers().getFirst();
    this.ends = new Ends(loop, main, server, switchboard, paths, new Heard());
    this.standby = loop.alarm(this::saidLast);
    this.alarm = loop.alarm(this::advance);
    alarm.in(planned.startAfter().toNanos());
  }

  /** The id that the server gave it. */
  public String id() {
    return planned.traversal();
  }

  /** The plan it follows. */
  public FromServer.Planned planned() {
    return planned;
  }

  /** The ways that it adds to. */
  public Paths paths() {
    return paths;
  }

  /** Our credentials for checks over its ways. */
  public Credentials local() {
    return setting.local();
  }

  private void advance() {
    if (begun) {
      traversal.advance(loop.nanos());
    } else {
      begun = true;
      traversal.start(loop.nanos());
    }
    rearm();
  }

  private void rearm() {
    if (begun) {
      alarm.set(traversal.deadlineNanos());
    }
  }

  /** The other side is prepared for a step. */
  public void go(FromServer.Go go) {
    int number = go.preparation().step();
    boolean isRelay =
        number >= 0
            && number < planned.plan().steps().size()
            && planned.plan().steps().get(number).method() == Method.RELAY;
    if (isRelay) {
      go.preparation().endpoints().stream().findFirst().ifPresent(this::bindRelay);
    } else {
      long now = loop.nanos();
      traversal.prepared(go.preparation(), now + go.after().toNanos(), now);
      rearm();
    }
  }

  /** A STUN message that belongs to no way has come to the main socket; whether it was ours. */
  public boolean receivedAtMain(TransportAddress from, StunMessage message) {
    boolean taken = traversal.received(Traversal.MAIN, from, message, loop.nanos());
    rearm();
    return taken;
  }

  /** Whether a message that came over a new connection is a check of this crossing's. */
  public boolean accepts(StunMessage message) {
    return message
        .first(Username.class)
        .filter(name -> name.name().startsWith(setting.local().fragment() + ":"))
        .isPresent();
  }

  /** A connection has come to one of our TCP ports, and its first message was for us. */
  public void accepted(TcpLink link, TransportAddress remote, StunMessage first) {
    int number = traversal.accepted(ends.socketOf(link), remote, loop.nanos());
    ends.accepted(number, link, remote);
    traversal.receivedOver(number, first, loop.nanos());
    rearm();
  }

  @Override
  public void open(int socket) {
    ends.open(socket);
  }

  @Override
  public void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram) {
    ends.send(socket, to, ttl, datagram);
  }

  @Override
  public void openTcp(int socket) {
    ends.openTcp(socket);
  }

  @Override
  public void connect(int connection, int socket, TransportAddress to, int ttl) {
    ends.connect(connection, socket, to, ttl);
  }

  @Override
  public void ask(int connection, int socket, TransportAddress server) {
    ends.ask(connection, socket, server);
  }

  @Override
  public void sendOver(int connection, ByteBuffer message) {
    ends.sendOver(connection, message);
  }

  @Override
  public void publish(Preparation preparation) {
    surroundings.tell(new FromPeer.Ready(id(), preparation));
  }

  @Override
  public void relay() {
    try {
      Step step = relayStep();
      relaying = step.startsAfter().isZero();
      surroundings
          .relay()
          .whenAllocated(relayed ->
              surroundings.tell(
                  new FromPeer.Ready(
                      id(), new Preparation(step.number(), List.of(relayed), Optional.empty()))));
    } catch (IOException e) {
      // The plan's time for this step passes, and the outcome says that nothing is left.
      relay = Optional.empty();
    }
  }

  private Step relayStep() {
    return planned.plan().steps().stream()
        .filter(step -> step.method() == Method.RELAY)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a plan without that step never relays"));
  }

  private void bindRelay(TransportAddress theirs) {
    try {
      RelayClient client = surroundings.relay();
      client.bind(
          theirs,
          () -> {
            if (relay.isEmpty()) {
              RelayProbe probe =
                  new RelayProbe(
                      loop,
                      random,
                      switchboard,
                      paths,
                      setting,
                      client,
                      theirs,
                      relayStep(),
                      this::relayed);
              relay = Optional.of(probe);
              probe.start();
            }
          });
    } catch (IOException e) {
      relay = Optional.empty();
    }
  }

  private void relayed(Path way) {
    if (outcome.isEmpty() && !relayedEarly) {
      relayedEarly = true;
      traversal.relayed(loop.nanos());
      rearm();
      if (outcome.isEmpty()) {
        surroundings.tell(done(FromPeer.Result.RELAYED, relayStep(), Duration.ZERO, way));
      }
    }
    surroundings.found(this, way);
    saidLast();
  }

  /** Both sides stay in the traversal until the relay stands by at both, or takes too long. */
  private void sayLast(FromPeer.Done last) {
    if (relaying && relay.flatMap(RelayProbe::path).isEmpty()) {
      withheld = Optional.of(last);
      standby.in(STANDBY_NANOS);
      surroundings.tell(last.notLast());
    } else {
      surroundings.tell(last);
    }
  }

  private void saidLast() {
    standby.set(OptionalLong.empty());
    withheld.ifPresent(surroundings::tell);
    withheld = Optional.empty();
  }

  @Override
  public void finished(Outcome ended) {
    outcome = Optional.of(ended);
    loop.execute(() -> conclude(ended));
  }

  private void conclude(Outcome ended) {
    switch (ended) {
      case Outcome.Connected connected -> {
        Path path = ends.path(connected);
        surroundings.tell(
            new FromPeer.StepResult(
                id(),
                connected.step().number(),
                FromPeer.StepOutcome.SUCCEEDED,
                Optional.of(connected.took()),
                Optional.of(path.local()),
                Optional.of(path.remote()),
                ""));
        sayLast(done(FromPeer.Result.CONNECTED, connected.step(), ended.took(), path));
        surroundings.found(this, path);
      }
      case Outcome.Relayed relayed ->
          relay
              .flatMap(RelayProbe::path)
              .ifPresent(path ->
                  surroundings.tell(
                      done(FromPeer.Result.RELAYED, relayed.step(), ended.took(), path)));
      case Outcome.Failed failed ->
          surroundings.tell(
              new FromPeer.Done(
                  id(),
                  FromPeer.Result.FAILED,
                  true,
                  OptionalInt.empty(),
                  Optional.of(failed.took()),
                  Optional.empty(),
                  Optional.empty(),
                  ""));
    }
    ends.letGo();
    surroundings.finished(this, ended);
  }

  private FromPeer.Done done(FromPeer.Result result, Step step, Duration took, Path path) {
    return new FromPeer.Done(
        id(),
        result,
        outcome.isPresent(),
        OptionalInt.of(step.number()),
        Optional.of(took),
        Optional.of(path.local()),
        Optional.of(path.remote()),
        "");
  }

  /** How it ended, once it has. */
  public Optional<Outcome> outcome() {
    return outcome;
  }

  @Override
  public void close() {
    alarm.remove();
    standby.remove();
    relay.ifPresent(RelayProbe::stop);
    ends.letGo();
  }

  /** Tells the machine what its ends have come to. */
  private final class Heard implements Ends.Listener {

    @Override
    public void opened(int socket, TransportAddress local) {
      traversal.opened(socket, local, loop.nanos());
      rearm();
    }

    @Override
    public void openFailed(int socket) {
      traversal.openFailed(socket, loop.nanos());
      rearm();
    }

    @Override
    public void received(int socket, TransportAddress from, StunMessage message) {
      traversal.received(socket, from, message, loop.nanos());
      rearm();
    }

    @Override
    public void strange(TcpLink link) {
      surroundings.connected(link);
    }

    @Override
    public void connected(int connection) {
      traversal.connected(connection, loop.nanos());
      rearm();
    }

    @Override
    public void connectionFailed(int connection) {
      traversal.connectionFailed(connection, loop.nanos());
      rearm();
    }

    @Override
    public void receivedOver(int connection, StunMessage message) {
      traversal.receivedOver(connection, message, loop.nanos());
      rearm();
    }
  }
}
