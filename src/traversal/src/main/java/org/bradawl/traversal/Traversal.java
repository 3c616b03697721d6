package org.bradawl.traversal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;

/**
 * One side of a traversal: goes through the steps of a {@link Plan}, each when its time has come.
 *
 * <p>A step begins with a preparation: the sockets it needs are opened, and where they will be seen
 * is told to the peer. Once the peer's preparation has come, with the time to begin that the server
 * adds, the packets go out. All of them are {@link Checks}; TCP connections are checked in the same
 * way once they stand. The first path that both sides agree on ends it.
 */
public final class Traversal {

  /** The socket that the server has seen from the start. */
  public static final int MAIN = 0;

  /** Connections are numbered from here, so that they are never mistaken for sockets. */
  private static final int FIRST_CONNECTION = 1 << 20;

  /** RFC 8445's Ta: a pair is asked again after this, a list of pairs after four times as long. */
  private static final long REPEAT_NANOS = 50_000_000L;

  private static final long LIST_REPEAT_NANOS = 4 * REPEAT_NANOS;

  /** Sockets of all steps together: two searches' worth. A system gives a process 1,024 files. */
  static final int MOST_SOCKETS = 600;

  /** Connections that all steps together begin: four endpoints, ten a second, for half a minute. */
  static final int MOST_CONNECTIONS = 1_200;

  private static final int MOST_NUMBERED = FIRST_CONNECTION + MOST_CONNECTIONS;

  /**
   * What one side knows at the start.
   *
   * @param seen where the server sees the main socket
   * @param seenTcp where it sees the port that TCP connections come from
   * @param servers the server's endpoints, to sample ports with
   */
  public record Setting(
      Side side,
      Peer self,
      Peer peer,
      Plan plan,
      Credentials local,
      Credentials remote,
      Optional<TransportAddress> seen,
      Optional<TransportAddress> seenTcp,
      List<TransportAddress> servers) {}

  /** A connection to the server, to learn where the port that it comes from is seen. */
  private record Sample(StepInProgress running, Sampling.Request request) {}

  private final Setting setting;
  private final RandomGenerator random;
  private final TraversalActions actions;
  private final Targets targets;
  private final Checks checks;
  private final List<StepInProgress> steps;
  private final Map<Integer, TransportAddress> connections = new HashMap<>();
  private final Map<Integer, Sample> samples = new HashMap<>();
  private final Dialling dialling;
  private Optional<Step> relayedBy = Optional.empty();
  private Optional<Outcome> outcome = Optional.empty();
  private long startNanos;
  private long lastAdvanceNanos;
  private boolean started;
  private int sockets = MAIN + 1;
  private int nextConnection = FIRST_CONNECTION;

  /** A traversal that has not begun. */
  public Traversal(Setting setting, RandomGenerator random, TraversalActions actions) {
    this.setting = setting;
    this.random = random;
    this.actions = actions;
    this.targets = Targets.of(setting.self(), setting.peer());
    this.dialling = new Dialling(setting.side(), random, this::endOf);
    this.steps =
        setting.plan().steps().stream()
            .map(step -> new StepInProgress(step, setting, random, actions, this::ask))
            .toList();
    this.checks =
        new Checks(
            setting.side(),
            setting.local(),
            setting.remote(),
            targets,
            random,
            new CheckActions() {
              @Override
              public void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram) {
                if (socket >= FIRST_CONNECTION) {
                  actions.sendOver(socket, datagram);
                } else {
                  actions.send(socket, to, ttl, datagram);
                }
              }

              @Override
              public void selected(Checks.Path path) {}
            });
    // The peer's checks may come before our first step; a way that they open is never the relay's.
    firstDirect(Transport.UDP).ifPresent(step -> checks.socketOf(step.number(), MAIN));
  }

  private Optional<Step> firstDirect(Transport transport) {
    return setting.plan().steps().stream()
        .filter(step -> step.method() != Method.RELAY && step.transport() == transport)
        .findFirst();
  }

  /** Begins. */
  public void start(long now) {
    started = true;
    startNanos = now;
    advance(now);
  }

  /** How it ended, once it has. */
  public Optional<Outcome> outcome() {
    return outcome;
  }

  /** The checks of this side, for what they counted. */
  public Checks checks() {
    return checks;
  }

  /** A socket is open. */
  public void opened(int socket, TransportAddress local, long now) {
    for (StepInProgress running : steps) {
      if (running.wanted.contains(socket)) {
        running.sockets.put(socket, local);
      }
    }
    advance(now);
  }

  /** A socket cannot be opened; the step goes on with the others. */
  public void openFailed(int socket, long now) {
    steps.forEach(running -> running.wanted.removeIf(wanted -> wanted == socket));
    advance(now);
  }

  /** The peer is ready for a step; packets go out at {@code goNanos}. */
  public void prepared(Preparation theirs, long goNanos, long now) {
    if (theirs.step() >= 0 && theirs.step() < steps.size()) {
      StepInProgress running = steps.get(theirs.step());
      running.theirs = Optional.of(theirs);
      running.goNanos = goNanos;
    }
    advance(now);
  }

  /**
   * A datagram has come that is a STUN message; whether it was this traversal's. An answer is that
   * of who asked: several traversals may share a socket.
   */
  public boolean received(int socket, TransportAddress from, StunMessage message, long now) {
    boolean taken =
        steps.stream()
                .flatMap(running -> running.sampling.stream())
                .anyMatch(sampling -> sampling.socket() == socket && sampling.take(from, message))
            || checks.received(socket, from, message, now);
    advance(now);
    return taken;
  }

  /**
   * The peer has connected to the port of one of our sockets; returns the number to call the
   * connection by.
   */
  public int accepted(int socket, TransportAddress remote, long now) {
    int connection = nextConnection++;
    connections.put(connection, remote);
    steps.stream()
        .filter(running -> running.begun && running.step.transport() == Transport.TCP)
        .filter(running -> socket == MAIN || running.wanted.contains(socket))
        .map(running -> running.step)
        .findFirst()
        .or(() -> firstDirect(Transport.TCP))
        .ifPresent(step -> checks.socketOf(step.number(), connection));
    advance(now);
    return connection;
  }

  /** A connection of ours stands. */
  public void connected(int connection, long now) {
    Sample sample = samples.get(connection);
    if (sample != null) {
      actions.sendOver(connection, Encoder.PLAIN.encode(sample.request().message()));
    }
    dialling
        .of(connection)
        .ifPresent(dial -> {
          connections.put(connection, dial.to());
          checks.schedule(dial.step().number(), connection, dial.to(), 0, now);
        });
    advance(now);
  }

  /** A connection of ours did not come about; it is tried again while its step lasts. */
  public void connectionFailed(int connection, long now) {
    samples.remove(connection);
    dialling.failed(connection, now);
    advance(now);
  }

  /** A message has come over a connection. */
  public void receivedOver(int connection, StunMessage message, long now) {
    TransportAddress remote = connections.get(connection);
    Sample sample = samples.get(connection);
    if (remote != null) {
      checks.received(connection, remote, message, now);
    } else if (sample != null) {
      sample
          .running()
          .sampling
          .ifPresent(sampling -> sampling.take(sample.request().to(), message));
    }
    advance(now);
  }

  /** Relaying works from now on. */
  public void relayed(long now) {
    relayedBy =
        steps.stream()
            .map(running -> running.step)
            .filter(step -> step.method() == Method.RELAY)
            .findFirst();
    advance(now);
  }

  /** When {@link #advance} wants to be called next; empty after the end. */
  public OptionalLong deadlineNanos() {
    if (!started || outcome.isPresent()) {
      return OptionalLong.empty();
    }
    List<Long> times = new ArrayList<>();
    checks.deadlineNanos().ifPresent(times::add);
    dialling.times().forEach(times::add);
    for (StepInProgress running : steps) {
      if (!running.begun) {
        times.add(startNanos + running.step.startsAfter().toNanos());
      } else {
        times.add(endOf(running.step));
      }
      running.sampling.ifPresent(sampling -> times.add(sampling.nextNanos()));
      if (running.theirs.isPresent() && !running.launched) {
        times.add(running.goNanos);
      }
    }
    // Compared by distance, since the clock may wrap; what lies behind has been done.
    return times.stream()
        .mapToLong(time -> time - lastAdvanceNanos)
        .filter(distance -> distance > 0)
        .min()
        .stream()
        .map(distance -> lastAdvanceNanos + distance)
        .findFirst();
  }

  /** Does what is due. */
  public void advance(long now) {
    if (!started || outcome.isPresent()) {
      return;
    }
    lastAdvanceNanos = now;
    for (StepInProgress running : steps) {
      if (!running.begun && now - startNanos >= running.step.startsAfter().toNanos()) {
        begin(running);
      }
      running.prepare(now);
      if (running.isDue(now)) {
        running.launched = true;
        launch(running, now);
      }
    }
    dial(now);
    checks.advance(now);
    conclude(now);
  }

  private void begin(StepInProgress running) {
    running.begun = true;
    Task task = running.step.task(setting.side());
    if (running.step.method() == Method.RELAY) {
      running.launched = true;
      actions.relay();
      return;
    }
    switch (task.sockets()) {
      case MAIN -> checks.socketOf(running.step.number(), MAIN);
      case PRISTINE, SAMPLED, MANY -> {
        for (int i = 0; i < task.count() && sockets <= MOST_SOCKETS; i++) {
          running.wanted.add(sockets++);
        }
        boolean tcp = running.step.transport() == Transport.TCP;
        List.copyOf(running.wanted).forEach(tcp ? actions::openTcp : actions::open);
      }
    }
  }

  private void launch(StepInProgress running, long now) {
    Task task = running.step.task(setting.side());
    int number = running.step.number();
    List<Integer> from = running.wanted.isEmpty() ? List.of(MAIN) : running.wanted;
    from.forEach(socket -> checks.socketOf(number, socket));
    long begin = now + task.after().toNanos();
    switch (task.aim()) {
      case NOWHERE -> {}
      case KNOWN -> write(running.step, from, targets.among(task.known()), begin);
      case ANNOUNCED -> {
        List<TransportAddress> announced =
            running.theirs.map(Preparation::endpoints).orElse(List.of());
        write(running.step, from, strided(targets.among(announced), task), begin);
      }
      case SEARCHED ->
          running
              .theirs
              .flatMap(Preparation::range)
              .filter(range -> targets.allows(range.lowest()))
              .ifPresent(range -> search(running.step, from, range, begin));
    }
  }

  private static List<TransportAddress> strided(List<TransportAddress> announced, Task task) {
    List<TransportAddress> chosen = new ArrayList<>();
    for (int i = 0; i < announced.size() && chosen.size() < task.budget(); i += task.stride()) {
      chosen.add(announced.get(i));
    }
    return chosen;
  }

  private void write(Step step, List<Integer> from, List<TransportAddress> to, long begin) {
    int primingTtl = step.task(setting.side()).primingTtl();
    if (step.transport() == Transport.TCP) {
      // One SYN for both purposes: NATs would take a second one for another connection's.
      // Apart, so that a NAT that counts gives out its ports in this order.
      long at = begin;
      for (int socket : from) {
        for (TransportAddress target : to) {
          dialling.add(step, socket, target, primingTtl, at);
          at += Duration.ofSeconds(1).toNanos() / Checks.RATE;
        }
      }
      return;
    }
    long real = begin;
    if (primingTtl > 0) {
      real += Priming.HOLD.toNanos();
      to.forEach(target ->
          from.forEach(
              socket -> checks.schedule(step.number(), socket, target, primingTtl, begin)));
    }
    boolean few = from.size() * to.size() <= 4;
    long again = few ? REPEAT_NANOS : Math.max(LIST_REPEAT_NANOS, spanOf(from.size() * to.size()));
    for (long at = real; at - endOf(step) < 0; at += again) {
      for (int socket : from) {
        for (TransportAddress target : to) {
          if (!checks.schedule(step.number(), socket, target, 0, at)) {
            return;
          }
        }
      }
    }
  }

  /** Twice what one round takes at the rate of the checks, so that rounds leave room. */
  private static long spanOf(int packets) {
    return 2 * Duration.ofSeconds(packets).toNanos() / Checks.RATE;
  }

  private void search(Step step, List<Integer> from, Preparation.Range range, long begin) {
    int probes = Math.min(step.task(setting.side()).budget(), range.size());
    for (int offset : distinct(range.size(), probes)) {
      TransportAddress target =
          new TransportAddress(range.lowest().address(), range.lowest().port() + offset);
      checks.schedule(step.number(), from.getFirst(), target, 0, begin);
    }
  }

  /** The first {@code count} places of a shuffled range. */
  private List<Integer> distinct(int size, int count) {
    Map<Integer, Integer> moved = new HashMap<>();
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int j = i + random.nextInt(size - i);
      chosen.add(moved.getOrDefault(j, j));
      moved.put(j, moved.getOrDefault(i, i));
    }
    return chosen;
  }

  private void dial(long now) {
    for (Dialling.Dial dial : dialling.due(now)) {
      if (nextConnection < MOST_NUMBERED) {
        int connection = nextConnection++;
        dialling.began(connection, dial);
        actions.connect(connection, dial.socket(), dial.to(), dial.ttl());
      }
    }
  }

  /** One question over a connection of its own; TCP repeats what is lost. */
  private void ask(StepInProgress running, int socket, Sampling.Request request) {
    boolean asked =
        samples.values().stream()
            .anyMatch(sample ->
                sample.running() == running && sample.request().to().equals(request.to()));
    if (!asked && nextConnection < MOST_NUMBERED) {
      int connection = nextConnection++;
      samples.put(connection, new Sample(running, request));
      actions.ask(connection, socket, request.to());
    }
  }

  private long endOf(Step step) {
    return startNanos + step.startsAfter().plus(step.budget()).toNanos();
  }

  private void conclude(long now) {
    Duration took = Duration.ofNanos(now - startNanos);
    Optional<Checks.Path> path = checks.selected();
    if (path.isPresent()) {
      Step step = setting.plan().steps().get(path.get().step());
      finish(
          new Outcome.Connected(
              step, step.transport(), path.get().socket(), path.get().remote(), took));
      return;
    }
    boolean othersAreOver =
        steps.stream()
            .filter(running -> running.step.method() != Method.RELAY)
            .allMatch(running -> now - endOf(running.step) >= 0);
    boolean relayIsOver =
        steps.stream()
            .filter(running -> running.step.method() == Method.RELAY)
            .allMatch(running -> now - endOf(running.step) >= 0);
    if (othersAreOver && relayedBy.isPresent()) {
      finish(new Outcome.Relayed(relayedBy.get(), took));
    } else if (othersAreOver && relayIsOver) {
      finish(new Outcome.Failed(took));
    }
  }

  private void finish(Outcome ended) {
    outcome = Optional.of(ended);
    actions.finished(ended);
  }
}
