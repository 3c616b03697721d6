package org.bradawl.server.signaling.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.bradawl.server.platform.control.HistoryEntry.Attempt;
import org.bradawl.server.platform.control.HistoryEntry.TraversalReported;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.signaling.Names;
import org.jspecify.annotations.Nullable;

/** Reads what a peer tells of a traversal, and takes it down. */
@ApplicationScoped
public class TraversalReports {

  private static final Set<String> PATHS =
      Set.of(
          "local",
          "direct",
          "reverse",
          "hairpin",
          "punched",
          "predicted",
          "searched",
          "port-mapped",
          "relayed",
          "none");

  private static final int ADDRESS = 128;
  private static final int REASON = 512;
  private static final int CANDIDATES = 64;
  private static final long DAY_MILLIS = 86_400_000;

  @Inject private RecordQueue records;
  @Inject private InstantSource clock;

  /** What came of a report. */
  public enum Outcome {
    TAKEN,
    /** Not what the schema says. */
    WRONG,
    /** Too much waits for the database. */
    FULL
  }

  /** Takes a report down, whose JSON has been checked for its syntax. */
  public Outcome take(String application, String peer, String json) {
    return read(application, peer, json, clock.instant())
        .map(report -> records.offer(report) ? Outcome.TAKEN : Outcome.FULL)
        .orElse(Outcome.WRONG);
  }

  static Optional<TraversalReported> read(
      String application, String peer, String json, Instant now) {
    try (JsonReader reader = Json.createReader(new StringReader(json))) {
      return read(application, peer, reader.readObject(), now);
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  private static Optional<TraversalReported> read(
      String application, String peer, JsonObject told, Instant now) {
    String responder = text(told, "peer");
    String path = text(told, "path");
    String transport = text(told, "transport");
    long millis = millis(told);
    if (!Names.valid(responder)
        || !PATHS.contains(path)
        || !Set.of("", "udp", "tcp").contains(transport)
        || millis < 0
        || text(told, "local").length() > ADDRESS
        || text(told, "remote").length() > ADDRESS
        || text(told, "reason").length() > REASON
        || array(told).size() > CANDIDATES) {
      return Optional.empty();
    }
    boolean connected = !path.equals("none");
    return Optional.of(
        new TraversalReported(
            UUID.randomUUID(),
            application,
            peer,
            responder,
            now.minusMillis(millis),
            now,
            connected,
            connected ? path : "",
            transport,
            text(told, "local"),
            text(told, "remote"),
            text(told, "reason"),
            told.toString(),
            attempts(array(told))));
  }

  private static List<Attempt> attempts(JsonArray candidates) {
    return candidates.stream().map(TraversalReports::attempt).toList();
  }

  private static Attempt attempt(JsonValue candidate) {
    if (candidate instanceof JsonObject told) {
      return new Attempt(
          text(told, "kind"),
          text(told, "local"),
          text(told, "remote"),
          text(told, "outcome"),
          Duration.ofMillis(Math.max(0, millis(told))),
          text(told, "detail"));
    }
    String line = candidate instanceof JsonString string ? string.getString() : "";
    return new Attempt("", "", "", "", Duration.ZERO, line);
  }

  /** The member as text; empty when it is absent or something else. */
  private static String text(JsonObject object, String member) {
    return object.get(member) instanceof JsonString string ? string.getString() : "";
  }

  /** The member {@code millis}: 0 when it is absent, -1 when it is not a sensible time. */
  private static long millis(JsonObject object) {
    @Nullable JsonValue value = object.get("millis");
    if (value == null) {
      return 0;
    }
    return value instanceof JsonNumber number
            && number.doubleValue() >= 0
            && number.doubleValue() <= DAY_MILLIS
        ? number.longValue()
        : -1;
  }

  private static JsonArray array(JsonObject object) {
    return object.get("candidates") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
  }
}
