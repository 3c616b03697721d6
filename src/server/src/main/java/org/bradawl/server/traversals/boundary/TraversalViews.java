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
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What the resources of traversals answer with. */
final class TraversalViews {

  private TraversalViews() {}

  /** One traversal. */
  @Schema(name = "Traversal", description = "How two peers got through to each other, or did not.")
  public record Traversal(
      UUID id,
      @Schema(example = "demo") String application,
      @Schema(description = "The peer that began, and told it", example = "alice") String initiator,
      @Schema(example = "bob") String responder,
      boolean connected,
      @Schema(
              description =
                  "local, direct, reverse, hairpin, punched, predicted, searched, port-mapped or"
                      + " relayed; absent if it failed",
              example = "relayed")
          @Nullable String path,
      @Schema(example = "udp") @Nullable String transport,
      @Schema(description = "The initiator's end") @Nullable String local,
      @Schema(description = "The responder's end") @Nullable String remote,
      Instant started,
      Instant finished,
      long millis,
      @Schema(description = "Why this path, or why none") String reason,
      @Schema(example = "symmetric") String initiatorNat,
      @Schema(example = "port-restricted-cone") String responderNat) {

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
          told.responderNat());
    }

    private static @Nullable String orNull(String text) {
      return text.isEmpty() ? null : text;
    }
  }

  /** A page of traversals. */
  @Schema(name = "TraversalPage", description = "A page of traversals.")
  public record TraversalPage(
      List<Traversal> items,
      @Schema(description = "How many there are on all pages") long total,
      @Schema(description = "The cursor of the next page; absent on the last")
          @Nullable String next) {

    static TraversalPage of(Slice<TraversalRecord> found, PageRequest page) {
      return new TraversalPage(
          found.items().stream().map(Traversal::of).toList(),
          found.total(),
          page.next(found.total()));
    }
  }

  /** A moment of a timeline. */
  @Schema(name = "TimelineEvent", description = "Something that happened during a traversal.")
  public record Moment(
      @Schema(description = "Milliseconds after the beginning", example = "120") long atMillis,
      @Schema(description = "started, attempt, connected or failed", example = "attempt")
          String event,
      @Schema(description = "What was tried, for an attempt", example = "srflx")
          @Nullable String kind,
      @Schema(description = "succeeded, failed or not-needed, for an attempt")
          @Nullable String outcome,
      @Nullable String local,
      @Nullable String remote,
      @Schema(description = "How long an attempt took") @Nullable Long tookMillis,
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
  @Schema(name = "TraversalDetail", description = "A traversal with its timeline and explanation.")
  public record TraversalDetail(
      Traversal traversal,
      @Schema(description = "What happened, in sentences for people") List<String> explanation,
      List<Moment> timeline,
      @Schema(type = SchemaType.OBJECT, description = "Whatever else the initiator told")
          JsonValue evidence) {

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
  @Schema(name = "NatPair", description = "How peers behind this pair of NATs fared.")
  public record Pair(
      @Schema(example = "symmetric") String initiatorNat,
      @Schema(example = "port-restricted-cone") String responderNat,
      long traversals,
      long connected,
      @Schema(description = "Connected by traversals, 0 to 1", example = "0.97") double successRate,
      @Schema(description = "Connected without a relay, by traversals, 0 to 1", example = "0.81")
          double directRate,
      @Schema(description = "How many by each path; those that failed as \"failed\"")
          Map<String, Long> paths) {}

  /** How all pairs fared. */
  @Schema(name = "NatPairStatistics", description = "How pairs of NATs fared.")
  public record PairStatistics(Instant since, long traversals, List<Pair> items) {}
}
