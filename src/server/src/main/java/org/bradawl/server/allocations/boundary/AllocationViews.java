package org.bradawl.server.allocations.boundary;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bradawl.server.allocations.control.LiveAllocation;
import org.bradawl.server.allocations.control.RelaySessionRecord;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.Slice;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What the resources of relay sessions answer with. */
final class AllocationViews {

  private AllocationViews() {}

  /** One allocation, living or ended. */
  @Schema(name = "Allocation", description = "A relay session: one TURN allocation (RFC 8656 §5).")
  public record Allocation(
      @Schema(description = "16 hexadecimal digits", example = "0123456789abcdef") String id,
      @Schema(description = "live or ended", example = "live") String state,
      @Schema(description = "The TURN user, without expiry", example = "demo/alice") String user,
      @Schema(description = "Empty for users outside of applications", example = "demo")
          String application,
      @Schema(example = "alice") String peer,
      @Schema(description = "The client's address", example = "192.0.2.7:50000") String client,
      @Schema(description = "udp or tcp, between client and server", example = "udp")
          String transport,
      @Schema(description = "The relayed address", example = "203.0.113.1:49152") String relayed,
      Instant started,
      @Schema(description = "When it ends unless refreshed; while it lives")
          @Nullable Instant expires,
      @Schema(description = "When it ended; afterwards") @Nullable Instant ended,
      @Schema(description = "Why it ended; afterwards", example = "released")
          @Nullable String endReason,
      @Schema(description = "Peers that may send to it; while it lives")
          @Nullable Integer permissions,
      @Schema(description = "Channels bound; while it lives") @Nullable Integer channels,
      @Schema(description = "From the client to peers") long bytesUp,
      long packetsUp,
      @Schema(description = "From peers to the client") long bytesDown,
      long packetsDown) {

    static Allocation of(LiveAllocation live) {
      return new Allocation(
          live.view().info().id().toString(),
          "live",
          live.view().info().principal().user(),
          live.view().info().principal().application(),
          live.view().info().principal().peer(),
          live.view().info().client().client().toString(),
          live.transport(),
          live.view().info().relayed().toString(),
          live.started(),
          live.expires(),
          null,
          null,
          live.view().permissions(),
          live.view().channels(),
          live.view().traffic().bytesUp(),
          live.view().traffic().packetsUp(),
          live.view().traffic().bytesDown(),
          live.view().traffic().packetsDown());
    }

    static Allocation of(RelaySessionRecord session) {
      return new Allocation(
          session.id(),
          session.ended() == null ? "live" : "ended",
          session.user(),
          session.application(),
          session.peer(),
          session.client(),
          session.transport(),
          session.relayed(),
          session.started(),
          null,
          session.ended(),
          session.endReason(),
          null,
          null,
          session.bytesUp(),
          session.packetsUp(),
          session.bytesDown(),
          session.packetsDown());
    }
  }

  /** A page of allocations. */
  @Schema(name = "AllocationPage", description = "A page of allocations.")
  public record AllocationPage(
      List<Allocation> items,
      @Schema(description = "How many there are on all pages") long total,
      @Schema(description = "The cursor of the next page; absent on the last")
          @Nullable String next) {

    static AllocationPage ofLive(List<LiveAllocation> all, PageRequest page) {
      return new AllocationPage(
          all.stream().skip(page.offset()).limit(page.limit()).map(Allocation::of).toList(),
          all.size(),
          page.next(all.size()));
    }

    static AllocationPage ofRecord(Slice<RelaySessionRecord> found, PageRequest page) {
      return new AllocationPage(
          found.items().stream().map(Allocation::of).toList(),
          found.total(),
          page.next(found.total()));
    }
  }

  /** What was relayed. */
  @Schema(name = "RelayTraffic", description = "What was relayed, without headers of STUN.")
  public record Relayed(
      @Schema(description = "From clients to peers") long bytesUp,
      long packetsUp,
      @Schema(description = "From peers to clients") long bytesDown,
      long packetsDown) {}

  /** What the relay does now. */
  @Schema(name = "RelayNow", description = "The relay since its start.")
  public record Now(
      boolean running,
      @Schema(description = "The engine that moves packets", example = "portable")
          @Nullable String engine,
      @Schema(example = "UDP 192.0.2.1:3478") List<String> listeners,
      int allocations,
      int connections,
      Relayed relayed,
      @Schema(
              description =
                  "What was dropped or refused, by cause; causes that never happened are"
                      + " left out")
          Map<String, Long> drops) {}

  /** What the record says of sessions that ended. */
  @Schema(name = "RelayHistory", description = "The sessions that ended since a moment.")
  public record Ended(Instant since, long sessions, Relayed relayed) {}

  /** Both. */
  @Schema(name = "RelayStatistics", description = "The relay now, and what its record says.")
  public record RelayStatistics(Now now, Ended ended) {}
}
