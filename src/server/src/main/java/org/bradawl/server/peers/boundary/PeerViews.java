package org.bradawl.server.peers.boundary;

import java.time.Instant;
import java.util.List;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.peers.control.PeerRecord;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.profiles.boundary.NatProfileViews.NatProfile;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What the resource of peers answers with. */
final class PeerViews {

  private PeerViews() {}

  /** One peer. */
  @Schema(name = "Peer", description = "A peer that was seen.")
  public record Peer(
      @Schema(description = "The peer's id within its application", example = "alice") String id,
      @Schema(example = "demo") String application,
      boolean online,
      @Schema(description = "Absent while it is offline") @Nullable Instant onlineSince,
      Instant firstSeen,
      Instant lastSeen,
      @Schema(description = "What it said it is") String userAgent,
      @Schema(description = "Where it came from last") String address,
      @Schema(description = "Why it went; absent while it is online") @Nullable String goneReason) {

    static Peer of(PeerRecord peer) {
      boolean online = peer.onlineSince() != null;
      return new Peer(
          peer.peer(),
          peer.application(),
          online,
          peer.onlineSince(),
          peer.firstSeen(),
          peer.lastSeen(),
          peer.userAgent(),
          peer.address(),
          online ? null : peer.goneReason());
    }
  }

  /** A page of peers. */
  @Schema(name = "PeerPage", description = "A page of peers.")
  public record PeerPage(
      List<Peer> items,
      @Schema(description = "How many there are on all pages") long total,
      @Schema(description = "The cursor of the next page; absent on the last")
          @Nullable String next) {

    static PeerPage of(Slice<PeerRecord> found, PageRequest page) {
      return new PeerPage(
          found.items().stream().map(Peer::of).toList(), found.total(), page.next(found.total()));
    }
  }

  /** One peer with its networks. */
  @Schema(name = "PeerDetail", description = "A peer, and the NATs it was seen behind.")
  public record PeerDetail(
      Peer peer, @Schema(description = "Newest first") List<NatProfile> natProfiles) {
    static PeerDetail of(PeerRecord peer, List<NatProfile> natProfiles) {
      return new PeerDetail(Peer.of(peer), natProfiles);
    }
  }
}
