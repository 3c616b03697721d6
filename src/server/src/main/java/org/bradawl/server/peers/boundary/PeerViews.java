package org.bradawl.server.peers.boundary;

import java.time.Instant;
import java.util.List;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.peers.control.PeerRecord;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.profiles.boundary.NatProfileViews.NatProfile;
import org.jspecify.annotations.Nullable;

/** What the resource of peers answers with. */
final class PeerViews {

  private PeerViews() {}

  /** One peer. */
  public record Peer(
      String id,
      String application,
      boolean online,
      @Nullable Instant onlineSince,
      Instant firstSeen,
      Instant lastSeen,
      String userAgent,
      String address,
      @Nullable String goneReason) {

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
  public record PeerPage(List<Peer> items, long total, @Nullable String next) {

    static PeerPage of(Slice<PeerRecord> found, PageRequest page) {
      return new PeerPage(
          found.items().stream().map(Peer::of).toList(), found.total(), page.next(found.total()));
    }
  }

  /** One peer with its networks. */
  public record PeerDetail(Peer peer, List<NatProfile> natProfiles) {
    static PeerDetail of(PeerRecord peer, List<NatProfile> natProfiles) {
      return new PeerDetail(Peer.of(peer), natProfiles);
    }
  }
}
