package org.bradawl.server.traversals.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts a traversal into words: what came out, what was tried, and what the NATs have to do with it.
 * It says no more than the record does; where the record does not know, it says that.
 */
public final class Explanation {

  private static final String UNKNOWN = "unknown";

  private Explanation() {}

  /** Sentences for people, the outcome first. */
  public static List<String> of(TraversalRecord told, List<AttemptRecord> attempts) {
    if (!told.explanation().isBlank()) {
      return told.explanation().lines().toList();
    }
    List<String> sentences = new ArrayList<>();
    sentences.add(outcome(told));
    if (!told.reason().isBlank()) {
      sentences.add("The reason given: " + sentence(told.reason()));
    }
    sentences.add(tried(attempts));
    sentences.add(nats(told));
    sentences.addAll(Advice.of(told));
    return List.copyOf(sentences);
  }

  /**
   * What happened, in the order of time. Attempts run side by side and the record keeps how long
   * each took, so each stands where it was over, which may be after the traversal itself.
   */
  public static List<TimelineEvent> timeline(TraversalRecord told, List<AttemptRecord> attempts) {
    List<TimelineEvent> events = new ArrayList<>();
    events.add(
        new TimelineEvent.Began(
            "%s began to connect to %s.".formatted(told.initiator(), told.responder())));
    attempts.stream()
        .sorted(Comparator.comparingInt(AttemptRecord::ordinal))
        .map(attempt ->
            new TimelineEvent.Attempted(
                attempt.startedMillis() + attempt.millis(), attempt, line(attempt)))
        .forEach(events::add);
    events.add(
        new TimelineEvent.Ended(
            Duration.between(told.started(), told.finished()).toMillis(),
            told.connected(),
            outcome(told)));
    // Stable, so the beginning stays in front of what took no time, and the end behind.
    events.sort(Comparator.comparingLong(TimelineEvent::atMillis));
    return List.copyOf(events);
  }

  private static String outcome(TraversalRecord told) {
    if (!told.explanation().isBlank()) {
      return told.explanation().lines().findFirst().orElse("");
    }
    long millis = Duration.between(told.started(), told.finished()).toMillis();
    if (!told.connected()) {
      return "%s did not get through to %s within %d ms."
          .formatted(told.initiator(), told.responder(), millis);
    }
    return "%s reached %s after %d ms: %s%s."
        .formatted(
            told.initiator(),
            told.responder(),
            millis,
            meaning(told.path()),
            told.transport().isEmpty()
                ? ""
                : ", over " + told.transport().toUpperCase(java.util.Locale.ROOT));
  }

  private static String meaning(String path) {
    return switch (path) {
      case "local" -> "both are in one network and talk inside it";
      case "direct" -> "directly, to a public address";
      case "reverse" -> "directly, the responder calling back";
      case "hairpin" -> "through the one NAT that both are behind, which turns packets around";
      case "punched" -> "directly, through holes punched in the NATs";
      case "predicted" -> "directly, through a hole at a predicted port";
      case "searched" -> "directly, through a hole found by trying many ports";
      case "port-mapped" -> "directly, through a port that the NAT opened on request";
      case "relayed" -> "through the relay";
      case "" -> "the path was not told";
      default -> "by the path \"" + path + "\"";
    };
  }

  private static String tried(List<AttemptRecord> attempts) {
    if (attempts.isEmpty()) {
      return "What was tried was not told.";
    }
    List<String> outcomes =
        Stream.of(
                counted(attempts, "succeeded", "succeeded"),
                counted(attempts, "failed", "failed"),
                counted(attempts, "not-needed", "not needed"))
            .flatMap(Optional::stream)
            .toList();
    String ways = attempts.size() == 1 ? "One way was tried" : attempts.size() + " ways were tried";
    return outcomes.isEmpty() ? ways + "." : ways + ": " + String.join(", ", outcomes) + ".";
  }

  private static Optional<String> counted(
      List<AttemptRecord> attempts, String outcome, String words) {
    long count = attempts.stream().filter(attempt -> attempt.outcome().equals(outcome)).count();
    return count == 0 ? Optional.empty() : Optional.of(count + " " + words);
  }

  private static String nats(TraversalRecord told) {
    if (told.initiatorNat().equals(UNKNOWN) && told.responderNat().equals(UNKNOWN)) {
      return "Neither peer has reported its NAT, so nothing can be said about them.";
    }
    String both =
        "%s is behind %s, %s behind %s."
            .formatted(
                told.initiator(),
                nat(told.initiatorNat()),
                told.responder(),
                nat(told.responderNat()));
    boolean hard = isHard(told.initiatorNat()) && isHard(told.responderNat());
    // RFC 5128 §3.3: between two NATs that choose another port for every destination, neither side
    // can tell the other where its hole will be.
    return hard && (!told.connected() || told.path().equals("relayed"))
        ? both + " Between two such NATs a hole can only be guessed, so a relay is the rule."
        : both;
  }

  private static boolean isHard(String nat) {
    return nat.equals("symmetric") || nat.equals("udp-blocked");
  }

  private static String nat(String type) {
    return switch (type) {
      case UNKNOWN -> "a NAT it has not reported";
      case "open-internet" -> "no NAT";
      case "full-cone", "restricted-cone", "port-restricted-cone", "symmetric" ->
          "a " + type + " NAT";
      case "symmetric-udp-firewall" -> "a firewall that lets in only answers";
      case "udp-blocked" -> "a network without UDP";
      default -> "a NAT of type " + type;
    };
  }

  private static String line(AttemptRecord attempt) {
    String ends =
        attempt.local().isEmpty() && attempt.remote().isEmpty()
            ? ""
            : "from %s to %s".formatted(shown(attempt.local()), shown(attempt.remote()));
    String over = attempt.transport().isEmpty() ? "" : "over " + attempt.transport();
    String what =
        Stream.of(attempt.kind(), over, ends, attempt.outcome())
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(" "));
    if (attempt.detail().isBlank()) {
      return what.isEmpty() ? "Something was tried." : what + ".";
    }
    String detail = sentence(attempt.detail());
    return what.isEmpty() ? detail : what + ": " + detail;
  }

  private static String shown(String address) {
    return address.isEmpty() ? "an address not told" : address;
  }

  private static String sentence(String text) {
    String stripped = text.strip();
    return stripped.endsWith(".") ? stripped : stripped + ".";
  }
}
