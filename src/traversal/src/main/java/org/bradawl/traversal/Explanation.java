package org.bradawl.traversal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bradawl.nat.Answer;

/**
 * Why a connection is what it is, in plain words.
 *
 * @param summary one sentence: how it ended
 * @param nats what each side's network does
 * @param tried what was tried, in order, each with its reason
 * @param refused what was not tried, and why
 * @param advice what the people at either end could change; empty when there is nothing to gain
 */
public record Explanation(
    String summary,
    List<String> nats,
    List<String> tried,
    List<String> refused,
    List<String> advice) {

  /** Copies the lists. */
  public Explanation {
    nats = List.copyOf(nats);
    tried = List.copyOf(tried);
    refused = List.copyOf(refused);
    advice = List.copyOf(advice);
  }

  /** Explains how a plan between two peers ended. */
  public static Explanation of(Peer initiator, Peer responder, Plan plan, Outcome outcome) {
    return new Explanation(
        summary(initiator, responder, plan, outcome),
        Stream.of(initiator, responder).map(peer -> Words.about(peer) + ".").toList(),
        plan.steps().stream()
            .filter(step -> step.startsAfter().compareTo(outcome.took()) <= 0)
            .map(Explanation::sentence)
            .toList(),
        plan.refusals().stream()
            .map(refusal ->
                "Not tried: "
                    + words(refusal.method(), refusal.transport())
                    + ", because "
                    + refusal.reason()
                    + ".")
            .toList(),
        isDirect(outcome) ? List.of() : advice(initiator, responder, plan));
  }

  /** The same with another first sentence. */
  public Explanation summedUp(String newSummary) {
    return new Explanation(newSummary, nats, tried, refused, advice);
  }

  /** The same with more said of what was tried, a sentence each. */
  public Explanation withResults(List<String> results) {
    return new Explanation(
        summary, nats, Stream.concat(tried.stream(), results.stream()).toList(), refused, advice);
  }

  /** All sentences, the summary first. */
  public List<String> sentences() {
    return Stream.of(List.of(summary), nats, tried, refused, advice).flatMap(List::stream).toList();
  }

  /** The whole as one text, a sentence a line. */
  public String text() {
    return String.join("\n", sentences());
  }

  private static boolean isDirect(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Connected _ -> true;
      case Outcome.Relayed _, Outcome.Failed _ -> false;
    };
  }

  private static String summary(Peer initiator, Peer responder, Plan plan, Outcome outcome) {
    String both = initiator.name() + " and " + responder.name();
    long millis = outcome.took().toMillis();
    return switch (outcome) {
      case Outcome.Connected connected ->
          "%s are connected by %s after %d ms: %s."
              .formatted(
                  both,
                  words(connected.step().method(), connected.transport()),
                  millis,
                  connected.step().reason());
      case Outcome.Relayed _ ->
          "%s are connected through the server after %d ms, because no direct way was %s."
              .formatted(both, millis, isNarrowed(plan) ? "found among those allowed" : "found");
      case Outcome.Failed _ -> "%s could not be connected in %d ms.".formatted(both, millis);
    };
  }

  /** Whether somebody's wish stood in the way of a direct one, too. */
  private static boolean isNarrowed(Plan plan) {
    return plan.refusals().stream().anyMatch(Plan.Refusal::isAWish);
  }

  private static String sentence(Step step) {
    return "Tried after %d ms: %s, because %s."
        .formatted(
            step.startsAfter().toMillis(), words(step.method(), step.transport()), step.reason());
  }

  private static String words(Method method, Transport transport) {
    boolean overTcp = transport == Transport.TCP && method != Method.RELAY;
    return method.words() + (overTcp ? " over TCP" : "");
  }

  private static List<String> advice(Peer initiator, Peer responder, Plan plan) {
    List<String> advice = new ArrayList<>();
    boolean narrowed = isNarrowed(plan);
    if (narrowed) {
      advice.add(
          "Allow more ways: without --paths and --transports all are tried that the server allows.");
    }
    List<Peer> both = List.of(initiator, responder);
    for (Peer peer : both) {
      if (peer.nat().udp() == Answer.NO) {
        advice.add("Allow UDP out of " + peer.name() + "'s network.");
      }
      if (peer.nat().earlyPacketMovesPort() == Answer.YES) {
        advice.add(
            "Have "
                + peer.name()
                + "'s router drop unsolicited packets instead of answering them.");
      }
    }
    boolean changing = both.stream().anyMatch(peer -> peer.mapping().isDependent());
    if (changing) {
      advice.add(
          "Turn on UPnP, NAT-PMP or PCP at either router, or forward a port to either host.");
    }
    if (!narrowed && initiator.sharesAddressWith(responder)) {
      advice.add(
          "Both are behind one NAT that does not turn packets back in: join one local network, or"
              + " use IPv6.");
    } else if (advice.isEmpty()) {
      advice.add("Check what both networks do with 'bradawl check', and try again.");
    }
    boolean relays = plan.steps().stream().anyMatch(step -> step.method() == Method.RELAY);
    advice.add(relays ? "Or accept relaying." : "Or allow relaying.");
    return advice;
  }
}
