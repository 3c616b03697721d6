package org.bradawl.agent.path;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Consent;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Step;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.Traversal;

/**
 * Whether the relayed way carries anything: asked until it does, both ends being bound. Then it is
 * a way like any other, and what comes over it goes to the ways.
 */
final class RelayProbe implements Switchboard.Inlet {

  private final EventLoop loop;
  private final Switchboard switchboard;
  private final Paths paths;
  private final RelayClient client;
  private final TransportAddress theirs;
  private final Step step;
  private final Consumer<Path> works;
  private final Consent consent;
  private final EventLoop.Alarm clock;
  private Optional<Path> path = Optional.empty();

  /**
   * A probe that has asked nothing yet.
   *
   * @param client our relay, on which a channel to {@code theirs} is bound
   * @param step the plan's step that relays
   * @param works is told once, when something has come over it
   */
  RelayProbe(
      EventLoop loop,
      RandomGenerator random,
      Switchboard switchboard,
      Paths paths,
      Traversal.Setting setting,
      RelayClient client,
      TransportAddress theirs,
      Step step,
      Consumer<Path> works) {
    this.loop = loop;
    this.switchboard = switchboard;
    this.paths = paths;
    this.client = client;
    this.theirs = theirs;
    this.step = step;
    this.works = works;
    this.consent =
        new Consent(
            setting.side(),
            setting.local(),
            setting.remote(),
            random,
            datagram -> client.send(theirs, datagram));
    this.clock = loop.alarm(this::ask);
  }

  /** The way, once it has carried something. */
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

  /** Asks no more; a way that works stays. */
  void stop() {
    clock.remove();
    if (path.isEmpty()) {
      switchboard.detach(client, theirs, this);
    }
  }

  @Override
  public void payload(ByteBuffer datagram) {
    answered();
    path.ifPresent(way -> paths.received(way, datagram));
  }

  @Override
  public boolean stun(StunMessage message) {
    if (path.isPresent()) {
      return paths.received(path.get(), message, theirs);
    }
    boolean taken = consent.received(theirs, message, loop.nanos());
    if (consent.isAnswered()) {
      answered();
    }
    return taken;
  }

  private void answered() {
    if (path.isPresent()) {
      return;
    }
    clock.remove();
    client.whenAllocated(ours -> {
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
      works.accept(way);
    });
  }
}
