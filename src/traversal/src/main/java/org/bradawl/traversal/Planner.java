package org.bradawl.traversal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.nat.Answer;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * Decides how two peers try to reach each other. A function: the same knowledge gives the same
 * plan.
 *
 * <p>Steps that need nothing but what is known begin together, since they do not disturb each
 * other; prediction, searching and TCP follow once those have had their time. Relaying comes last,
 * or first when the policy says so, and then the rest goes on behind it.
 */
public final class Planner {

  /** Three round trips across the world; what has not worked by then is not about to. */
  private static final Duration PUNCH_TIME = Duration.ofSeconds(1);

  /** A local network answers in a millisecond, a sleeping Wi-Fi client within half a second. */
  private static final Duration LOCAL_TIME = Duration.ofMillis(500);

  /** Asking the server for ports takes a round trip more. */
  private static final Duration PREDICT_TIME = Duration.ofMillis(1_500);

  /** The sockets, then a probe a millisecond, then a round trip and a repetition. */
  private static final Duration SEARCH_TIME = Duration.ofMillis(2_500);

  /** A first SYN, and a second one after the second that TCP waits (RFC 6298 §2). */
  private static final Duration TCP_TIME = Duration.ofSeconds(3);

  /**
   * Whether there is one network, or one NAT that turns packets back, is told within this where it
   * is so; where nobody has seen that it is, relaying waits no longer.
   */
  private static final Duration GUESS_TIME = Duration.ofMillis(100);

  /**
   * Two SYNs that meet have met by now; what TCP still repeats after a second is not worth waiting
   * for with nothing to speak over.
   */
  private static final Duration TCP_PATIENCE = Duration.ofMillis(500);

  /** An allocation is a few round trips to a server that both have spoken to already. */
  private static final Duration RELAY_TIME = Duration.ofSeconds(2);

  private record Draft(
      Method method,
      Transport transport,
      String reason,
      Duration budget,
      Task initiator,
      Task responder) {}

  private final Peer initiator;
  private final Peer responder;
  private final Policy policy;
  private final History history;
  private final int attempt;
  private final List<Draft> drafts = new ArrayList<>();
  private final List<Plan.Refusal> refusals = new ArrayList<>();

  private Planner(Peer initiator, Peer responder, Policy policy, History history, int attempt) {
    this.initiator = initiator;
    this.responder = responder;
    this.policy = policy;
    this.history = history;
    this.attempt = attempt;
  }

  /**
   * The plan for a connection.
   *
   * @param initiator the side that asked for it
   * @param attempt how many plans for these two have failed just now: a retry goes another way
   */
  public static Plan plan(
      Peer initiator, Peer responder, Policy policy, History history, int attempt) {
    return new Planner(initiator, responder, policy, history, attempt).plan();
  }

  private Plan plan() {
    boolean udp = haveUdp();
    local();
    portMapped();
    if (udp) {
      ipv6(Transport.UDP, PUNCH_TIME);
      overUdp();
    } else {
      refuse(Method.PUNCH, Transport.UDP, "one of the networks lets no UDP through");
    }
    overTcp();
    relay();
    return new Plan(timed(ordered()), refusals);
  }

  private boolean haveUdp() {
    return Stream.of(initiator, responder)
        .allMatch(peer -> peer.abilities().udp() && peer.nat().udp() != Answer.NO);
  }

  private void local() {
    if (initiator.sharesAddressWith(responder)) {
      draft(
          Method.LOCAL,
          Transport.UDP,
          "the server sees both at one address, so they may share a network",
          LOCAL_TIME,
          Task.to(Targets.of(initiator, responder).among(responder.hosts())),
          Task.to(Targets.of(responder, initiator).among(initiator.hosts())));
    }
  }

  /**
   * The side with the open port waits: a packet of its own to the other side could have its NAT
   * choose a port for the two, and the answers would leave from that instead of the open one.
   */
  private void portMapped() {
    for (Side side : Side.values()) {
      Peer peer = peer(side);
      peer.portMapped()
          .filter(peer::isConfirmed)
          .ifPresent(mapped ->
              draft(
                  Method.PORT_MAPPED,
                  Transport.UDP,
                  peer.name() + "'s router has opened " + mapped + " for it",
                  PUNCH_TIME,
                  side == Side.RESPONDER ? Task.to(List.of(mapped)) : Task.waiting(),
                  side == Side.RESPONDER ? Task.waiting() : Task.to(List.of(mapped))));
    }
  }

  /**
   * Both write at once: a home's router lets in over IPv6 who was written to, and over TCP it takes
   * two SYNs that cross for one connection.
   */
  private void ipv6(Transport transport, Duration budget) {
    List<TransportAddress> ours = initiator.globalHosts(IpAddress.Family.IPV6).toList();
    List<TransportAddress> theirs = responder.globalHosts(IpAddress.Family.IPV6).toList();
    if (!ours.isEmpty() && !theirs.isEmpty()) {
      draft(
          Method.DIRECT,
          transport,
          "both have global IPv6 addresses, which no NAT changes",
          budget,
          Task.to(theirs),
          Task.to(ours));
    }
  }

  private void overUdp() {
    boolean common = initiator.sharesAddressWith(responder);
    if (isClosed(common, Transport.UDP)) {
      return;
    }
    if (!common && responder.isPublic()) {
      draft(
          Method.DIRECT,
          Transport.UDP,
          responder.name() + " can be reached from everywhere",
          PUNCH_TIME,
          Task.toAnnounced(),
          Task.waiting());
      return;
    }
    if (!common && initiator.isPublic()) {
      draft(
          Method.REVERSE,
          Transport.UDP,
          initiator.name()
              + " can be reached from everywhere, so "
              + responder.name()
              + " connects back",
          PUNCH_TIME,
          Task.waiting(),
          Task.toAnnounced());
      return;
    }
    PunchSteps steps = new PunchSteps(initiator, responder, policy, attempt);
    Method plain = common ? Method.HAIRPIN : Method.PUNCH;
    draft(plain, Transport.UDP, steps.punch(), PUNCH_TIME);
    draft(Method.PREDICT, Transport.UDP, steps.predict(), PREDICT_TIME);
    draft(Method.SEARCH, Transport.UDP, steps.search(), SEARCH_TIME);
  }

  /** Whether a common NAT is known to turn nothing back: then nothing gets to its own address. */
  private boolean isClosed(boolean common, Transport transport) {
    boolean closed = common && hairpinning() == Answer.NO;
    if (closed) {
      refuse(Method.HAIRPIN, transport, "their common NAT was seen not to turn packets back in");
    }
    return closed;
  }

  /** Behind one NAT both have seen the same of it; behind several nobody can tell which failed. */
  private Answer hairpinning() {
    Answer ours = initiator.nat().hairpinning();
    Answer theirs = responder.nat().hairpinning();
    if (ours == Answer.YES || theirs == Answer.YES) {
      return Answer.YES;
    }
    return ours == Answer.NO && theirs == Answer.NO ? Answer.NO : Answer.UNKNOWN;
  }

  private void overTcp() {
    if (!initiator.abilities().tcp() || !responder.abilities().tcp()) {
      refuse(Method.PUNCH, Transport.TCP, "one of the peers has no TCP sockets of its own");
      return;
    }
    ipv6(Transport.TCP, TCP_TIME);
    boolean common = initiator.sharesAddressWith(responder);
    if (common) {
      draft(
          Method.LOCAL,
          Transport.TCP,
          "the server sees both at one address, so they may share a network",
          LOCAL_TIME,
          Task.to(Targets.of(initiator, responder).among(responder.hosts())),
          Task.waiting());
    }
    if (isClosed(common, Transport.TCP)) {
      return;
    }
    if (responder.isPublic()) {
      draftTcp(Method.DIRECT, responder.name() + " can be reached from everywhere", Side.INITIATOR);
    } else if (initiator.isPublic()) {
      draftTcp(
          Method.REVERSE,
          initiator.name()
              + " can be reached from everywhere, so "
              + responder.name()
              + " connects back",
          Side.RESPONDER);
    } else {
      TcpSteps steps = new TcpSteps(initiator, responder, policy, attempt);
      draft(common ? Method.HAIRPIN : Method.PUNCH, Transport.TCP, steps.punch(), TCP_TIME);
      draft(Method.PREDICT, Transport.TCP, steps.predict(), TCP_TIME);
    }
  }

  private void draftTcp(Method method, String reason, Side connecting) {
    draft(
        method,
        Transport.TCP,
        reason,
        TCP_TIME,
        connecting == Side.INITIATOR ? Task.toAnnounced() : Task.waiting(),
        connecting == Side.INITIATOR ? Task.waiting() : Task.toAnnounced());
  }

  private void relay() {
    if (policy.relayAllowed()) {
      draft(
          Method.RELAY,
          Transport.UDP,
          policy.relayFirst()
              ? "the first byte matters most; a better path is looked for meanwhile"
              : "it works through every NAT, at the server's cost",
          RELAY_TIME,
          Task.waiting(),
          Task.waiting());
    } else {
      refuse(Method.RELAY, Transport.UDP, "relaying is not allowed here");
    }
  }

  private void draft(Method method, Transport transport, PunchSteps.Way way, Duration budget) {
    switch (way) {
      case PunchSteps.Open open ->
          draft(method, transport, open.reason(), budget, open.initiator(), open.responder());
      case PunchSteps.Closed closed -> refuse(method, transport, closed.reason());
    }
  }

  private void draft(
      Method method, Transport transport, String reason, Duration budget, Task asking, Task asked) {
    if (!policy.methods().contains(method) || !policy.transports().contains(transport)) {
      if (method != Method.RELAY) {
        refuse(method, transport, Plan.Refusal.NOT_ALLOWED);
        return;
      }
    }
    drafts.add(new Draft(method, transport, reason, budget, asking, asked));
  }

  private void refuse(Method method, Transport transport, String reason) {
    refusals.add(new Plan.Refusal(method, transport, reason));
  }

  /** Relay where the policy wants it; the rest by cost, then by what has worked before. */
  private List<Draft> ordered() {
    Comparator<Draft> order =
        Comparator.comparingInt(this::stage)
            .thenComparing(Comparator.comparingDouble(this::chance).reversed());
    return drafts.stream().sorted(order).toList();
  }

  /**
   * What begins together. Something that works less than one time in ten between such NATs waits
   * for what works more often; a retry turns prediction, search and TCP round.
   */
  private int stage(Draft draft) {
    int usual =
        switch (draft.method()) {
          case RELAY -> policy.relayFirst() ? -1 : 100;
          case LOCAL, PORT_MAPPED, DIRECT, REVERSE, PUNCH, HAIRPIN ->
              draft.transport() == Transport.UDP ? 0 : 3;
          case PREDICT -> draft.transport() == Transport.UDP ? 1 : 4;
          case SEARCH -> 2;
        };
    boolean turned = attempt % 2 == 1 && usual > 0 && usual < 4;
    return (turned ? 4 - usual : usual) + (isLate(draft) ? 10 : 0);
  }

  private boolean isLate(Draft draft) {
    return draft.method() != Method.RELAY && chance(draft) < 0.1;
  }

  private double chance(Draft draft) {
    return history.chance(
        History.Kind.of(initiator.nat()),
        History.Kind.of(responder.nat()),
        draft.method(),
        draft.transport());
  }

  /**
   * Relaying comes when what is likely has had its time, and does not wait for what is a guess:
   * that goes on beside it, and takes over if it works.
   */
  private List<Step> timed(List<Draft> ordered) {
    List<Step> steps = new ArrayList<>();
    Duration likelyEnd = Duration.ZERO;
    Optional<Duration> guessed = Optional.empty();
    Duration stageStart = Duration.ZERO;
    Duration stageEnd = Duration.ZERO;
    for (Draft draft : ordered) {
      boolean same = !steps.isEmpty() && stage(ordered.get(steps.size() - 1)) == stage(draft);
      if (!same) {
        stageStart = stageEnd;
      }
      // What is tried behind a relay begins with it.
      boolean behind = draft.method() == Method.RELAY && policy.relayFirst();
      Duration end = behind ? stageStart : stageStart.plus(draft.budget());
      stageEnd = later(stageEnd, end);
      Duration start = stageStart;
      if (draft.method() == Method.RELAY && !policy.relayFirst()) {
        start = likelyEnd.isZero() ? guessed.orElse(likelyEnd) : likelyEnd;
      } else if (isGuess(draft)) {
        Duration enough = start.plus(patience(draft));
        guessed = guessed.or(() -> Optional.of(enough));
      } else {
        likelyEnd = later(likelyEnd, end);
      }
      steps.add(
          new Step(
              steps.size(),
              draft.method(),
              draft.transport(),
              draft.reason(),
              start,
              draft.budget(),
              draft.initiator(),
              draft.responder()));
    }
    return steps;
  }

  /** What nobody has seen to be possible, and what has hardly ever worked between such NATs. */
  private boolean isGuess(Draft draft) {
    boolean guess =
        switch (draft.method()) {
          case LOCAL -> true;
          case HAIRPIN -> hairpinning() != Answer.YES || draft.transport() == Transport.TCP;
          case DIRECT, REVERSE, PUNCH, PREDICT, SEARCH -> draft.transport() == Transport.TCP;
          case PORT_MAPPED, RELAY -> false;
        };
    return guess || isLate(draft);
  }

  private static Duration patience(Draft draft) {
    return switch (draft.method()) {
      case LOCAL, HAIRPIN -> GUESS_TIME;
      case PORT_MAPPED, DIRECT, REVERSE, PUNCH, PREDICT, SEARCH, RELAY -> TCP_PATIENCE;
    };
  }

  private static Duration later(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private Peer peer(Side side) {
    return switch (side) {
      case INITIATOR -> initiator;
      case RESPONDER -> responder;
    };
  }
}
