package org.bradawl.server.allocations.boundary;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bradawl.server.allocations.control.LiveAllocation;
import org.bradawl.server.allocations.control.RelaySessionRecord;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.AllocationView;
import org.jspecify.annotations.Nullable;

/** What the resources of relay sessions answer with. */
final class AllocationViews {

  private AllocationViews() {}

  /** One allocation, living or ended. */
  public record Allocation(
      String id,
      String state,
      String user,
      String application,
      String peer,
      String client,
      String transport,
      String relayed,
      @Nullable List<String> relayedAddresses,
      @Nullable String relays,
      Instant started,
      @Nullable Instant expires,
      @Nullable Instant ended,
      @Nullable String endReason,
      @Nullable Integer permissions,
      @Nullable Integer channels,
      @Nullable List<Connection> connections,
      long bytesUp,
      long packetsUp,
      long bytesDown,
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
          live.view().relayed().stream().map(TransportAddress::toString).toList(),
          live.relays(),
          live.started(),
          live.expires(),
          null,
          null,
          live.view().permissions(),
          live.view().channels(),
          live.view().connections().stream().map(Connection::of).toList(),
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
          session.additional().isEmpty()
              ? List.of(session.relayed())
              : List.of(session.relayed(), session.additional()),
          null,
          session.started(),
          null,
          session.ended(),
          session.endReason(),
          null,
          null,
          null,
          session.bytesUp(),
          session.packetsUp(),
          session.bytesDown(),
          session.packetsDown());
    }
  }

  /** A TCP connection of an allocation with a peer (RFC 6062). */
  public record Connection(String peer, String state, long bytesUp, long bytesDown) {

    static Connection of(AllocationView.Connection live) {
      return new Connection(
          live.peer().toString(),
          live.state().name().toLowerCase(Locale.ROOT),
          live.bytesUp(),
          live.bytesDown());
    }
  }

  /** A page of allocations. */
  public record AllocationPage(List<Allocation> items, long total, @Nullable String next) {

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
  public record Relayed(long bytesUp, long packetsUp, long bytesDown, long packetsDown) {}

  /** What the relay does now. */
  public record Now(
      boolean running,
      @Nullable String engine,
      List<String> listeners,
      int allocations,
      int connections,
      Relayed relayed,
      Map<String, Long> drops) {}

  /** What the record says of sessions that ended. */
  public record Ended(Instant since, long sessions, Relayed relayed) {}

  /** Both. */
  public record RelayStatistics(Now now, Ended ended) {}
}
