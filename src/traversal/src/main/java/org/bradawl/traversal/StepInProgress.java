package org.bradawl.traversal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.nat.PortModel;
import org.bradawl.nat.PortPredictor;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.TransportAddress;

/**
 * A step of a {@link Traversal} from its beginning to the moment its packets go out: the sockets it
 * has asked for, what it learned of their ports, and what both sides have told each other.
 */
final class StepInProgress {

  final Step step;
  final List<Integer> wanted = new ArrayList<>();
  final Map<Integer, TransportAddress> sockets = new HashMap<>();
  Optional<Sampling> sampling = Optional.empty();
  Optional<Preparation> theirs = Optional.empty();
  long goNanos;
  boolean begun;
  boolean published;
  boolean launched;

  private final Traversal.Setting setting;
  private final Task task;
  private final Task others;
  private final RandomGenerator random;
  private final TraversalActions actions;
  private final Asking asking;

  /** How the server is asked over TCP. */
  @FunctionalInterface
  interface Asking {
    /** Asks from the port of a socket, unless this server is being asked from there already. */
    void ask(StepInProgress running, int socket, Sampling.Request request);
  }

  StepInProgress(
      Step step,
      Traversal.Setting setting,
      RandomGenerator random,
      TraversalActions actions,
      Asking asking) {
    this.step = step;
    this.setting = setting;
    this.task = step.task(setting.side());
    this.others = step.task(setting.side().other());
    this.random = random;
    this.actions = actions;
    this.asking = asking;
  }

  /** Tells the peer as soon as there is something to tell. */
  void prepare(long now) {
    boolean opened = sockets.size() >= wanted.size();
    boolean pointless = task.sockets() != Task.Sockets.MAIN && wanted.isEmpty();
    if (!begun || published || launched || !opened || pointless) {
      return;
    }
    if (task.sockets() == Task.Sockets.SAMPLED && !sampled(now)) {
      return;
    }
    published = true;
    actions.publish(preparation());
  }

  /** Whether the packets of this side may go out. */
  boolean isDue(long now) {
    if (launched || !published) {
      return false;
    }
    boolean needsNothing = task.aim() == Task.Aim.KNOWN;
    return needsNothing || (theirs.isPresent() && now - goNanos >= 0);
  }

  private boolean sampled(long now) {
    if (sampling.isEmpty()) {
      int socket = wanted.getFirst();
      TransportAddress local = sockets.get(socket);
      if (local == null) {
        return false;
      }
      sampling = Optional.of(new Sampling(socket, local, setting.servers(), now));
    }
    Sampling questions = sampling.get();
    for (Sampling.Request request : questions.due(now, random)) {
      switch (step.transport()) {
        case UDP ->
            actions.send(
                questions.socket(), request.to(), 0, Encoder.PLAIN.encode(request.message()));
        case TCP -> asking.ask(this, questions.socket(), request);
      }
    }
    return questions.isOver(now);
  }

  private Preparation preparation() {
    return switch (task.sockets()) {
      case MAIN -> told(seen().stream().toList());
      case PRISTINE -> told(firstMappings());
      case SAMPLED -> told(predicted());
      case MANY -> new Preparation(step.number(), List.of(), range());
    };
  }

  private Preparation told(List<TransportAddress> endpoints) {
    return new Preparation(step.number(), endpoints, Optional.empty());
  }

  private Optional<TransportAddress> seen() {
    return step.transport() == Transport.TCP ? setting.seenTcp() : setting.seen();
  }

  /** A NAT that preserves ports gives a socket's first mapping the port of the socket. */
  private List<TransportAddress> firstMappings() {
    return seen().stream()
        .flatMap(seen ->
            sockets.values().stream()
                .map(local -> new TransportAddress(seen.address(), local.port())))
        .toList();
  }

  private List<TransportAddress> predicted() {
    // Where the other side writes to every second port only, it needs twice as many.
    int count = Math.max(1, others.budget()) * others.stride();
    return sampling.map(asked -> asked.predicted(model(), count)).orElse(List.of());
  }

  private Optional<Preparation.Range> range() {
    return setting
        .seen()
        .map(seen ->
            switch (PortPredictor.next(model(), 0, 0, 1)) {
              case PortPredictor.Somewhere somewhere ->
                  range(seen, somewhere.first(), somewhere.size());
              case PortPredictor.Likely _ -> range(seen, PortModel.LOWEST_PORT, PortModel.PORTS);
            });
  }

  private static Preparation.Range range(TransportAddress seen, int first, int size) {
    return new Preparation.Range(new TransportAddress(seen.address(), first), size);
  }

  private PortModel model() {
    return setting.self().nat().portAllocation();
  }
}
