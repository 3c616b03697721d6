package org.bradawl.traversal;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.TransportAddress;

/**
 * The server's part of a traversal: it brings each side's {@link Preparation} to the other, with
 * how long to wait on arrival so that both begin at the same instant. Where the plan leaves nothing
 * to prepare, because a side writes from the socket that the server has seen, it speaks for that
 * side and saves a round trip.
 */
public final class Rendezvous {

  /**
   * Something to bring to a side.
   *
   * @param preparation the other side's
   * @param startAfter how long to wait once it has arrived
   */
  public record Delivery(Side to, Preparation preparation, Duration startAfter) {}

  private final Plan plan;
  private final Map<Side, Duration> delays = new EnumMap<>(Side.class);
  private final Map<Integer, Map<Side, Preparation>> ready = new HashMap<>();

  /**
   * A rendezvous at which nobody has arrived.
   *
   * @param toInitiator half of the measured round trip to the initiator
   * @param toResponder half of the measured round trip to the responder
   */
  public Rendezvous(Plan plan, Duration toInitiator, Duration toResponder) {
    this.plan = plan;
    delays.put(Side.INITIATOR, toInitiator);
    delays.put(Side.RESPONDER, toResponder);
  }

  /** How long a side waits with a plan that has come, so that both sides' plans begin at once. */
  public Duration startAfter(Side side) {
    return wait(side);
  }

  /** Where the server has seen a side's main socket, over each transport. */
  public record Seen(Optional<TransportAddress> udp, Optional<TransportAddress> tcp) {

    Optional<TransportAddress> over(Transport transport) {
      return switch (transport) {
        case UDP -> udp;
        case TCP -> tcp;
      };
    }
  }

  /** What goes out together with the plan: every step that needs no preparation. */
  public List<Delivery> begin(Seen initiator, Seen responder) {
    return plan.steps().stream()
        .filter(step -> step.method() != Method.RELAY)
        .flatMap(step ->
            initiator
                .over(step.transport())
                .filter(_ -> writesFromSeenSocket(step, Side.INITIATOR))
                .flatMap(a ->
                    responder
                        .over(step.transport())
                        .filter(_ -> writesFromSeenSocket(step, Side.RESPONDER))
                        .map(b -> known(step, a, b)))
                .stream())
        .flatMap(List::stream)
        .toList();
  }

  private static boolean writesFromSeenSocket(Step step, Side side) {
    return step.task(side).sockets() == Task.Sockets.MAIN;
  }

  private List<Delivery> known(Step step, TransportAddress a, TransportAddress b) {
    Map<Side, Preparation> both = new EnumMap<>(Side.class);
    both.put(Side.INITIATOR, seenAt(step, a));
    both.put(Side.RESPONDER, seenAt(step, b));
    ready.put(step.number(), both);
    return deliveries(seenAt(step, a), seenAt(step, b), step.startsAfter());
  }

  private static Preparation seenAt(Step step, TransportAddress seen) {
    return new Preparation(step.number(), List.of(seen), Optional.empty());
  }

  /** One side is ready for a step; what to bring, once both are. Repetitions bring nothing. */
  public List<Delivery> published(Side side, Preparation preparation) {
    Map<Side, Preparation> both =
        ready.computeIfAbsent(preparation.step(), _ -> new EnumMap<>(Side.class));
    if (preparation.step() < 0
        || preparation.step() >= plan.steps().size()
        || both.putIfAbsent(side, preparation) != null) {
      return List.of();
    }
    Preparation a = both.get(Side.INITIATOR);
    Preparation b = both.get(Side.RESPONDER);
    return a == null || b == null ? List.of() : deliveries(a, b, Duration.ZERO);
  }

  private List<Delivery> deliveries(Preparation a, Preparation b, Duration from) {
    return List.of(
        new Delivery(Side.INITIATOR, b, from.plus(wait(Side.INITIATOR))),
        new Delivery(Side.RESPONDER, a, from.plus(wait(Side.RESPONDER))));
  }

  /** The nearer side waits for as much as the farther one is farther. */
  private Duration wait(Side side) {
    Duration own = delays.getOrDefault(side, Duration.ZERO);
    Duration other = delays.getOrDefault(side.other(), Duration.ZERO);
    Duration wait = other.minus(own);
    return wait.isNegative() ? Duration.ZERO : wait;
  }
}
