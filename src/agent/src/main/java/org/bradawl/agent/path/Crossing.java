package org.bradawl.agent.path;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LengthFraming;
import org.bradawl.agent.net.TcpLink;
import org.bradawl.agent.net.UdpSocket;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Username;
import org.bradawl.traversal.Consent;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.Step;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.Traversal;
import org.bradawl.traversal.TraversalActions;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.jspecify.annotations.Nullable;

/** One traversal on real sockets: {@code traversal}'s machine, and the relay beside it. */
public final class Crossing implements TraversalActions, AutoCloseable {

  /** What a crossing belongs to. */
  public interface Surroundings {

    /** Takes a frame to the server. */
    void tell(FromPeer frame);

    /** The relay of this host. */
    RelayClient relay() throws IOException;

    /** A way has been proven. */
    void found(Crossing crossing, Path path);

    /** Nothing more will be tried. */
    void finished(Crossing crossing, Outcome outcome);
  }

  private final EventLoop loop;
  private final RandomGenerator random;
  private final MainSocket main;
  private final Switchboard switchboard;
  private final Surroundings surroundings;
  private final FromServer.Planned planned;
  private final Paths paths;
  private final Traversal.Setting setting;
  private final Traversal traversal;
  private final EventLoop.Alarm alarm;
  private final Map<Integer, UdpSocket> sockets = new HashMap<>();
  private final Map<Integer, TcpLink> links = new HashMap<>();
  private final List<Object> kept = new ArrayList<>();
  private Optional<RelayProbe> relay = Optional.empty();
  private Optional<Outcome> outcome = Optional.empty();
  private boolean relayedEarly;
  private boolean begun;

  /** A crossing that begins when the plan says; on the loop's thread. */
  public Crossing(
      EventLoop loop,
      RandomGenerator random,
      MainSocket main,
      Switchboard switchboard,
      FromServer.Planned planned,
      Traversal.Setting setting,
      Paths paths,
      Surroundings surroundings) {
    this.loop = loop;
    this.random = random;
    this.main = main;
    this.switchboard = switchboard;
    this.planned = planned;
    this.setting = setting;
    this.paths = paths;
    this.surroundings = surroundings;
    this.traversal = new Traversal(setting, random, this);
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
    return received(Traversal.MAIN, from, message);
  }

  private boolean received(int socket, TransportAddress from, StunMessage message) {
    long before = traversal.checks().rejected();
    traversal.received(socket, from, message, loop.nanos());
    rearm();
    return traversal.checks().rejected() == before;
  }

  /** Whether a message that came over a new connection is a check of this crossing's. */
  public boolean accepts(StunMessage message) {
    return message
        .first(Username.class)
        .filter(name -> name.name().startsWith(setting.local().fragment() + ":"))
        .isPresent();
  }

  /** A connection has come to the TCP port, and its first message was for us. */
  public void accepted(TcpLink link, TransportAddress remote, StunMessage first) {
    int number = traversal.accepted(remote, loop.nanos());
    links.put(number, link);
    link.listener(new OfLink(number, link, remote));
    traversal.receivedOver(number, first, loop.nanos());
    rearm();
  }

  @Override
  public void open(int socket) {
    try {
      UdpSocket opened =
          UdpSocket.open(
              loop,
              new TransportAddress(main.udp().local().address(), 0),
              (from, datagram) -> received(socket, from, datagram));
      sockets.put(socket, opened);
      TransportAddress local =
          new TransportAddress(
              main.localTowards(setting.servers().getFirst()).address(), opened.local().port());
      // Not from within the machine's own call.
      loop.execute(() -> {
        traversal.opened(socket, local, loop.nanos());
        rearm();
      });
    } catch (IOException e) {
      loop.execute(() -> {
        traversal.openFailed(socket, loop.nanos());
        rearm();
      });
    }
  }

  private void received(int socket, TransportAddress from, ByteBuffer datagram) {
    UdpSocket end = sockets.get(socket);
    if (end != null) {
      switchboard
          .deliver(end, from, datagram)
          .ifPresent(message -> received(socket, from, message));
    }
  }

  @Override
  public void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram) {
    UdpSocket from = socket == Traversal.MAIN ? main.udp() : sockets.get(socket);
    if (from != null) {
      from.send(to, datagram);
    }
  }

  @Override
  public void connect(int connection, TransportAddress to) {
    try {
      OfLink listener = new OfLink(connection, null, to);
      TcpLink link = TcpLink.connect(loop, main.udp().local(), to, new LengthFraming(), listener);
      listener.link = link;
      links.put(connection, link);
    } catch (IOException e) {
      loop.execute(() -> failed(connection));
    }
  }

  private void failed(int connection) {
    links.remove(connection);
    traversal.connectionFailed(connection, loop.nanos());
    rearm();
  }

  @Override
  public void sendOver(int connection, ByteBuffer message) {
    TcpLink link = links.get(connection);
    if (link != null) {
      link.send(message);
    }
  }

  @Override
  public void publish(Preparation preparation) {
    surroundings.tell(new FromPeer.Ready(id(), preparation));
  }

  @Override
  public void relay() {
    try {
      Step step = relayStep();
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
              RelayProbe probe = new RelayProbe(client, theirs);
              relay = Optional.of(probe);
              probe.start();
            }
          });
    } catch (IOException e) {
      relay = Optional.empty();
    }
  }

  @Override
  public void finished(Outcome ended) {
    outcome = Optional.of(ended);
    loop.execute(() -> conclude(ended));
  }

  private void conclude(Outcome ended) {
    switch (ended) {
      case Outcome.Connected connected -> {
        Path path = path(connected);
        surroundings.tell(
            new FromPeer.StepResult(
                id(),
                connected.step().number(),
                FromPeer.StepOutcome.SUCCEEDED,
                Optional.of(connected.took()),
                Optional.of(path.local()),
                Optional.of(path.remote()),
                ""));
        surroundings.tell(done(FromPeer.Result.CONNECTED, connected.step(), ended.took(), path));
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
    sockets.values().stream().filter(socket -> !kept.contains(socket)).forEach(UdpSocket::close);
    links.values().stream().filter(link -> !kept.contains(link)).forEach(TcpLink::close);
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

  private Path path(Outcome.Connected connected) {
    int number = connected.socket();
    TransportAddress remote = connected.remote();
    if (connected.transport() == Transport.TCP) {
      TcpLink link = links.get(number);
      if (link == null) {
        throw new IllegalStateException("a connection was agreed on that there never was");
      }
      kept.add(link);
      return attached(link, connected.step(), local(link), remote, link::send, link::close);
    }
    UdpSocket socket = number == Traversal.MAIN ? main.udp() : sockets.get(number);
    if (socket == null) {
      throw new IllegalStateException("a socket was agreed on that there never was");
    }
    kept.add(socket);
    TransportAddress local =
        new TransportAddress(main.localTowards(remote).address(), socket.local().port());
    Runnable close = number == Traversal.MAIN ? () -> {} : socket::close;
    return attached(
        socket, connected.step(), local, remote, datagram -> socket.send(remote, datagram), close);
  }

  private static TransportAddress local(TcpLink link) {
    try {
      return link.local();
    } catch (IOException e) {
      throw new IllegalStateException("a connection that stands has an end", e);
    }
  }

  private Path attached(
      Object end,
      Step step,
      TransportAddress local,
      TransportAddress remote,
      Consumer<ByteBuffer> out,
      Runnable close) {
    Inside inlet = new Inside();
    Path path =
        new Path(
            step.method(),
            step.transport(),
            local,
            remote,
            step.reason(),
            out,
            () -> {
              switchboard.detach(end, remote, inlet);
              close.run();
            });
    inlet.path = Optional.of(path);
    switchboard.attach(end, remote, inlet);
    return path;
  }

  /** How it ended, once it has. */
  public Optional<Outcome> outcome() {
    return outcome;
  }

  @Override
  public void close() {
    alarm.remove();
    relay.ifPresent(RelayProbe::stop);
    sockets.values().stream().filter(socket -> !kept.contains(socket)).forEach(UdpSocket::close);
    links.values().stream().filter(link -> !kept.contains(link)).forEach(TcpLink::close);
  }

  /** Hands to the ways what comes over one of them. */
  private final class Inside implements Switchboard.Inlet {

    private Optional<Path> path = Optional.empty();

    @Override
    public void payload(ByteBuffer datagram) {
      path.ifPresent(way -> paths.received(way, datagram));
    }

    @Override
    public boolean stun(StunMessage message) {
      return path.filter(way -> paths.received(way, message, way.remote())).isPresent();
    }
  }

  private final class OfLink implements TcpLink.Listener {

    private final int number;
    private final TransportAddress remote;
    private @Nullable TcpLink link;

    OfLink(int number, @Nullable TcpLink link, TransportAddress remote) {
      this.number = number;
      this.link = link;
      this.remote = remote;
    }

    @Override
    public void connected(TransportAddress local) {
      traversal.connected(number, loop.nanos());
      rearm();
    }

    @Override
    public void closed() {
      failed(number);
    }

    @Override
    public void received(ByteBuffer message) {
      TcpLink end = link;
      if (end != null) {
        switchboard
            .deliver(end, remote, message)
            .ifPresent(stun -> {
              traversal.receivedOver(number, stun, loop.nanos());
              rearm();
            });
      }
    }
  }

  /** Whether the relayed way carries anything: asked until it does, both ends being bound. */
  private final class RelayProbe implements Switchboard.Inlet {

    private final RelayClient client;
    private final TransportAddress theirs;
    private final Consent consent;
    private final EventLoop.Alarm clock;
    private Optional<Path> path = Optional.empty();

    RelayProbe(RelayClient client, TransportAddress theirs) {
      this.client = client;
      this.theirs = theirs;
      this.consent =
          new Consent(
              setting.side(),
              setting.local(),
              setting.remote(),
              random,
              datagram -> client.send(theirs, datagram));
      this.clock = loop.alarm(this::ask);
    }

    Optional<Path> path() {
      return path;
    }

    void start() {
      switchboard.attach(client, theirs, this);
      consent.start(false, loop.nanos());
      clock.set(consent.deadlineNanos());
    }

    private void ask() {
      consent.advance(loop.nanos());
      clock.set(consent.deadlineNanos());
    }

    void stop() {
      clock.remove();
      if (path.isEmpty()) {
        switchboard.detach(client, theirs, this);
      }
    }

    @Override
    public void payload(ByteBuffer datagram) {
      works();
      path.ifPresent(way -> paths.received(way, datagram));
    }

    @Override
    public boolean stun(StunMessage message) {
      if (path.isPresent()) {
        return paths.received(path.get(), message, theirs);
      }
      boolean taken = consent.received(theirs, message, loop.nanos());
      if (consent.isAnswered()) {
        works();
      }
      return taken;
    }

    private void works() {
      if (path.isPresent()) {
        return;
      }
      clock.remove();
      client.whenAllocated(ours -> {
        Step step = relayStep();
        Path way =
            new Path(
                Method.RELAY,
                Transport.UDP,
                ours,
                theirs,
                step.reason(),
                datagram -> client.send(theirs, datagram),
                () -> switchboard.detach(client, theirs, this));
        path = Optional.of(way);
        if (outcome.isEmpty() && !relayedEarly) {
          relayedEarly = true;
          traversal.relayed(loop.nanos());
          rearm();
          if (outcome.isEmpty()) {
            Duration took = Duration.ZERO;
            surroundings.tell(done(FromPeer.Result.RELAYED, step, took, way));
          }
        }
        surroundings.found(Crossing.this, way);
      });
    }
  }
}
