package org.bradawl.server.traversals.control;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.platform.control.HistoryEntry.Attempt;
import org.bradawl.server.platform.control.HistoryEntry.PlannedAttempt;
import org.bradawl.server.platform.control.HistoryEntry.TraversalBrokered;
import org.bradawl.server.platform.control.HistoryEntry.TraversalReported;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.broker.MeetingRecord;

/** A traversal that the server planned, as an entry of the record. */
final class MeetingEntry {

  private MeetingEntry() {}

  static TraversalBrokered of(String application, MeetingRecord meeting) {
    return new TraversalBrokered(
        new TraversalReported(
            UUID.fromString(meeting.id()),
            application,
            meeting.initiator(),
            meeting.responder(),
            // The wait for an answer is not part of it.
            meeting.ended().minus(meeting.took()),
            meeting.ended(),
            meeting.ending().isConnected(),
            meeting.path().map(Method::label).orElse(""),
            meeting.transport().map(MeetingEntry::word).orElse(""),
            text(meeting.local()),
            text(meeting.remote()),
            meeting.explanation().stream().findFirst().orElse(""),
            "{}",
            List.of()),
        meeting.attempt(),
        meeting.ending().label(),
        meeting.initiatorNat(),
        meeting.responderNat(),
        meeting.initiatorKind().label(),
        meeting.responderKind().label(),
        meeting.relayedAfter(),
        String.join("\n", meeting.explanation()),
        meeting.tried().stream().map(tried -> attempt(meeting, tried)).toList());
  }

  private static PlannedAttempt attempt(MeetingRecord meeting, MeetingRecord.Tried tried) {
    boolean taught =
        meeting.lessons().stream()
            .anyMatch(lesson ->
                lesson.method() == tried.method() && lesson.transport() == tried.transport());
    return new PlannedAttempt(
        new Attempt(
            tried.method().label(),
            text(tried.local()),
            text(tried.remote()),
            tried.outcome().label(),
            tried.took(),
            tried.why()),
        word(tried.transport()),
        tried.startedAfter(),
        taught);
  }

  private static String text(Optional<TransportAddress> address) {
    return address.map(TransportAddress::toString).orElse("");
  }

  private static String word(Transport transport) {
    return transport.name().toLowerCase(Locale.ROOT);
  }
}
