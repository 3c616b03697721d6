package org.bradawl.traversal.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.History;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.frame.Ending;
import org.bradawl.traversal.frame.FromPeer;

/**
 * A traversal that has ended, whole.
 *
 * @param attempt how many plans for these two had failed just before
 * @param started when it was asked for
 * @param took from the plan to the end; zero if there was no plan
 * @param initiatorNat RFC 3489's name of its NAT
 * @param initiatorKind what its fate is counted under
 * @param local the initiator's end of the path
 * @param explanation sentences, the summary first
 * @param lessons what it taught; empty when the sides disagree
 */
public record MeetingRecord(
    String id,
    String initiator,
    String responder,
    int attempt,
    Instant started,
    Instant ended,
    Duration took,
    Ending ending,
    Optional<Method> path,
    Optional<Transport> transport,
    Optional<TransportAddress> local,
    Optional<TransportAddress> remote,
    String initiatorNat,
    String responderNat,
    History.Kind initiatorKind,
    History.Kind responderKind,
    Optional<Duration> relayedAfter,
    List<Tried> tried,
    List<String> explanation,
    List<History.Attempt> lessons) {

  /** Copies the lists. */
  public MeetingRecord {
    tried = List.copyOf(tried);
    explanation = List.copyOf(explanation);
    lessons = List.copyOf(lessons);
  }

  /**
   * A step as it went.
   *
   * @param startedAfter the plan
   * @param why what the sides said of it, and why it was tried
   */
  public record Tried(
      Method method,
      Transport transport,
      Duration startedAfter,
      Duration took,
      FromPeer.StepOutcome outcome,
      Optional<TransportAddress> local,
      Optional<TransportAddress> remote,
      String why) {}
}
