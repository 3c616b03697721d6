package org.bradawl.server.traversals.boundary;

import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bradawl.server.http.boundary.StoredJson;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.traversals.control.TimelineEvent;
import org.bradawl.server.traversals.control.TraversalRecord;
import org.jspecify.annotations.Nullable;

/** What the resources of traversals answer with. */
final class TraversalViews {

  private TraversalViews() {}

  /** One traversal. */
  public record Traversal(
      UUID id,
      String application,
      String initiator,
      String responder,
      boolean connected,
      @Nullable String path,
      @Nullable String transport,
      @Nullable String local,
      @Nullable String remote,
      Instant started,
      Instant finished,
      long millis,
      String reason,
      String initiatorNat,
      String responderNat,
      int attempt,
      @Nullable String ending,
      @Nullable Long relayedMillis) {

    static Traversal of(TraversalRecord told) {
      return new Traversal(
          told.id(),
          told.application(),
          told.initiator(),
          told.responder(),
          told.connected(),
          orNull(told.path()),
          orNull(told.transport()),
          orNull(told.local()),
          orNull(told.remote()),
          told.started(),
          told.finished(),
          Duration.between(told.started(), told.finished()).toMillis(),
          told.reason(),
          told.initiatorNat(),
          told.responderNat(),
          told.attempt(),
          orNull(told.ending()),
          told.relayedMillis());
    }

    private static @Nullable String orNull(String text) {
      return text.isEmpty() ? null : text;
    }
  }

  /** A page of traversals. */
  public record TraversalPage(List<Traversal> items, long total, @Nullable String next) {

    static TraversalPage of(Slice<TraversalRecord> found, PageRequest page) {
      return new TraversalPage(
          found.items().stream().map(Traversal::of).toList(),
          found.total(),
          page.next(found.total()));
    }
  }

  /** A moment of a timeline. */
  public record Moment(
      long atMillis,
      String event,
      @Nullable String kind,
      @Nullable String outcome,
      @Nullable String local,
      @Nullable String remote,
      @Nullable Long tookMillis,
      String text) {

    static Moment of(TimelineEvent event) {
      return switch (event) {
        case TimelineEvent.Attempted tried ->
            new Moment(
                tried.atMillis(),
                "attempt",
                tried.attempt().kind(),
                tried.attempt().outcome(),
                Traversal.orNull(tried.attempt().local()),
                Traversal.orNull(tried.attempt().remote()),
                tried.attempt().millis(),
                tried.text());
        case TimelineEvent.Began began -> plain(0, "started", began.text());
        case TimelineEvent.Ended ended ->
            plain(ended.atMillis(), ended.connected() ? "connected" : "failed", ended.text());
      };
    }

    private static Moment plain(long at, String event, String text) {
      return new Moment(at, event, null, null, null, null, null, text);
    }
  }

  /** One traversal, explained. */
  public record TraversalDetail(
      Traversal traversal, List<String> explanation, List<Moment> timeline, JsonValue evidence) {

    static TraversalDetail of(
        TraversalRecord told, List<String> explanation, List<TimelineEvent> timeline) {
      return new TraversalDetail(
          Traversal.of(told),
          explanation,
          timeline.stream().map(Moment::of).toList(),
          StoredJson.read(told.evidence()));
    }
  }

  /** How one pair of NAT types fared. */
  public record Pair(
      String initiatorNat,
      String responderNat,
      long traversals,
      long connected,
      double successRate,
      double directRate,
      Map<String, Long> paths) {}

  /** How all pairs fared. */
  public record PairStatistics(Instant since, long traversals, List<Pair> items) {}
}
