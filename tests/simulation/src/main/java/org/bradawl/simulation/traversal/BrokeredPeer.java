package org.bradawl.simulation.traversal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.bradawl.nat.Report;
import org.bradawl.nat.Tree;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.stun.FiveTuple;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.broker.Arrival;
import org.bradawl.traversal.broker.Broker;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.PeerFrames;
import org.bradawl.traversal.frame.ServerFrames;
import org.bradawl.traversal.frame.Wishes;

/**
 * A native peer at a broker: a modelled host with the real traversal machine, and a signaling
 * connection that takes its time and may break. Every frame goes through its tree and back.
 */
public final class BrokeredPeer {

  /** How often a peer looks whether its traversal is over; its shell would be told at once. */
  private static final Duration LOOK = Duration.ofMillis(2);

  /** An agent's first pause, and what a handshake takes. */
  private static final Duration RESUMED_AFTER = Duration.ofMillis(400);

  private final String name;
  private final SimulatedPeer peer;
  private final Broker broker;
  private final Duration delay;
  private final VirtualTime time;
  private Report report = Report.unknown();
  private UnaryOperator<FromPeer> honesty = UnaryOperator.identity();
  private final List<FromPeer> said = new ArrayList<>();
  private boolean connected = true;
  private int framesUntilCut = -1;
  private boolean started;
  private Optional<FromServer.Ended> ended = Optional.empty();
  private Optional<FromServer.Planned> plan = Optional.empty();
  private Optional<FromServer.ReportTaken> taken = Optional.empty();
  private String key = "";

  /**
   * A peer that has not introduced itself.
   *
   * @param delay between it and the server, one way
   */
  public BrokeredPeer(String name, SimulatedPeer peer, Broker broker, Duration delay) {
    this.name = name;
    this.peer = peer;
    this.broker = broker;
    this.delay = delay;
    this.time = peer.host().realm().time();
  }

  /** Has every frame go through this before it leaves: a liar's way to speak. */
  public BrokeredPeer saying(UnaryOperator<FromPeer> newHonesty) {
    honesty = newHonesty;
    return this;
  }

  /** How it ended for the server, as this peer was told. */
  public Optional<FromServer.Ended> ended() {
    return ended;
  }

  /** What the server thought of its report. */
  public Optional<FromServer.ReportTaken> taken() {
    return taken;
  }

  /** Its plan. */
  public Optional<FromServer.Planned> plan() {
    return plan;
  }

  /** Discovers its NAT, is seen, introduces itself and reports. */
  public void introduce() {
    report = peer.discover();
    peer.meetServer();
    send(
        new FromPeer.Host(
            Optional.empty(),
            peer.known(name, report).hosts(),
            "192.168.1.1",
            Optional.empty(),
            Peer.Abilities.usual()));
    time.run(Duration.ofSeconds(1), () -> !key.isEmpty());
    peer.seen().ifPresent(seen -> broker.seen(key, FiveTuple.Transport.UDP, seen, time.nanos()));
    peer.seenToo().ifPresent(seen -> broker.seen(key, FiveTuple.Transport.UDP, seen, time.nanos()));
    peer.seenTcp().ifPresent(seen -> broker.seen(key, FiveTuple.Transport.TCP, seen, time.nanos()));
    send(new FromPeer.NatReport(Optional.empty(), report));
    time.run(Duration.ofSeconds(1), () -> taken.isPresent());
  }

  /** Asks for a connection. */
  public void connect(String other) {
    tell(
        new FromPeer.Connect(
            Optional.of("c"), other, Wishes.none(), peer.credentials(), Optional.empty()));
  }

  /**
   * Has the signaling connection break at this frame of those that come or go from now on: the
   * frame is lost, and a little later the session is resumed.
   */
  public void cutAt(int frame) {
    framesUntilCut = frame;
  }

  /** Whether a frame gets through; the one at which the connection is to break does not. */
  private boolean passes() {
    if (connected && --framesUntilCut == 0) {
      lose(RESUMED_AFTER);
    }
    return connected;
  }

  /** Loses its signaling connection, and has it again after a while. */
  public void lose(Duration away) {
    connected = false;
    broker.lost(name, arrival().session(), time.nanos());
    time.after(
        away,
        () -> {
          connected = true;
          broker.connected(arrival(), time.nanos());
          said.forEach(frame ->
              send(frame instanceof FromPeer.Connect connect ? connect.repeated() : frame));
        });
  }

  /** Leaves for good. */
  public void vanish() {
    connected = false;
    broker.gone(name, arrival().session(), time.nanos());
  }

  private Arrival arrival() {
    return new Arrival(name, name + "'s session", Optional.empty());
  }

  private void send(FromPeer frame) {
    FromPeer said = honesty.apply(frame);
    FromPeer read =
        PeerFrames.read(Tree.of(PeerFrames.write(said)))
            .orElseThrow(() -> new AssertionError("cannot be read: " + said));
    if (passes()) {
      time.after(delay, () -> broker.received(arrival(), read, time.nanos()));
    }
  }

  /** Says what is said again after a resume, as long as the traversal has not ended. */
  private void tell(FromPeer frame) {
    said.add(frame);
    send(frame);
  }

  /** The broker has a frame for it. */
  void tell(FromServer frame) {
    FromServer read =
        ServerFrames.read(Tree.of(ServerFrames.write(frame)))
            .orElseThrow(() -> new AssertionError("cannot be read: " + frame));
    if (connected) {
      time.after(delay, () -> hear(read));
    }
  }

  private void hear(FromServer frame) {
    if (!passes()) {
      return;
    }
    switch (frame) {
      case FromServer.Observed observed -> key = observed.key();
      case FromServer.ReportTaken answer -> taken = Optional.of(answer);
      case FromServer.Probe probe -> send(new FromPeer.Echo(probe.probe()));
      case FromServer.Connecting _, FromServer.ConnectRefused _ -> {}
      case FromServer.Invited invited ->
          tell(
              new FromPeer.Accept(
                  invited.traversal(), Wishes.none(), peer.credentials(), Optional.empty()));
      case FromServer.Planned planned -> begin(planned);
      case FromServer.Go go -> peer.prepared(go.preparation(), time.nanos() + go.after().toNanos());
      case FromServer.Ended how -> {
        ended = Optional.of(how);
        said.clear();
      }
    }
  }

  private void begin(FromServer.Planned planned) {
    if (started) {
      return;
    }
    started = true;
    plan = Optional.of(planned);
    time.after(
        planned.startAfter(),
        () -> {
          peer.begin(
              planned.side(),
              known(planned.self(), report),
              known(planned.peer(), Report.unknown()),
              planned.plan(),
              planned.ice(),
              preparation -> publish(planned.traversal(), preparation));
          look(planned.traversal());
        });
  }

  private static Peer known(FromServer.SideOfPlan side, Report nat) {
    return new Peer(
        side.name(), nat, side.hosts(), side.addresses(), Optional.empty(), Peer.Abilities.usual());
  }

  private void publish(String traversal, Preparation preparation) {
    tell(new FromPeer.Ready(traversal, preparation));
  }

  private void look(String traversal) {
    Optional<Outcome> outcome = peer.outcome();
    if (outcome.isEmpty()) {
      time.after(LOOK, () -> look(traversal));
      return;
    }
    FromPeer.Done told =
        switch (outcome.get()) {
          case Outcome.Connected by ->
              done(traversal, FromPeer.Result.CONNECTED, OptionalInt.of(by.step().number()), by);
          case Outcome.Relayed by ->
              done(traversal, FromPeer.Result.RELAYED, OptionalInt.of(by.step().number()), by);
          case Outcome.Failed by ->
              done(traversal, FromPeer.Result.FAILED, OptionalInt.empty(), by);
        };
    tell(told);
  }

  private static FromPeer.Done done(
      String traversal, FromPeer.Result result, OptionalInt step, Outcome outcome) {
    return new FromPeer.Done(
        traversal,
        result,
        true,
        step,
        Optional.of(outcome.took()),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  /** Whether this peer has a path of this kind. */
  public boolean hasPath(Method method) {
    return peer.outcome()
        .filter(outcome ->
            switch (outcome) {
              case Outcome.Connected by -> by.step().method() == method;
              case Outcome.Relayed _ -> method == Method.RELAY;
              case Outcome.Failed _ -> false;
            })
        .isPresent();
  }

  /** Whether it has come to an end of its own. */
  public boolean isOver() {
    return peer.outcome().isPresent();
  }

  /** All the sides of its life, for messages of failures. */
  @Override
  public String toString() {
    return name + " " + List.of(peer.outcomes(), ended);
  }
}
