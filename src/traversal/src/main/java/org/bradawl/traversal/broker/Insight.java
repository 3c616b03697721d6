package org.bradawl.traversal.broker;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.bradawl.nat.Behavior;
import org.bradawl.traversal.frame.FromServer.Reason;
import org.bradawl.traversal.frame.Standing;

/**
 * What is held of one peer's NAT: its own profile, or one on loan from a neighbour behind the same
 * NAT, and the question to the record that is not answered yet.
 */
final class Insight {

  private Optional<Profile> profile = Optional.empty();
  private List<Profile> offers = List.of();
  private Reason missing = Reason.NONE;
  private OptionalLong answerBy = OptionalLong.empty();
  private Optional<Owed> owed = Optional.empty();
  private boolean onLoan;
  private boolean declinesLoans;

  /** An observed frame that waits for the record's answer, with the peer's label. */
  record Owed(Optional<String> id) {}

  Optional<Profile> profile() {
    return profile;
  }

  /** Why another report would be wanted if there were no profile. */
  Reason missing() {
    return missing;
  }

  /** Whether the profile is a neighbour's. */
  boolean isOnLoan() {
    return onLoan;
  }

  /** In another network nothing of this holds. */
  void forget(Reason why) {
    profile = Optional.empty();
    offers = List.of();
    onLoan = false;
    declinesLoans = false;
    missing = why;
  }

  /** The record has been asked; after a while it is not waited for. */
  void asked(long deadlineNanos) {
    answerBy = OptionalLong.of(deadlineNanos);
  }

  boolean isAsked() {
    return answerBy.isPresent();
  }

  boolean isOverdue(long now) {
    return answerBy.isPresent() && now - answerBy.getAsLong() >= 0;
  }

  /** The record has answered, or is not waited for any more; what was held back until then. */
  Optional<Owed> answered(List<Profile> ofNeighbours) {
    answerBy = OptionalLong.empty();
    offers = List.copyOf(ofNeighbours);
    Optional<Owed> waiting = owed;
    owed = Optional.empty();
    return waiting;
  }

  /** The peer is told where it is seen once the record has answered. */
  void holdBack(Optional<String> id) {
    owed = Optional.of(new Owed(id.or(() -> owed.flatMap(Owed::id))));
  }

  /** The peer's own, freshly judged. */
  void own(Profile newProfile) {
    profile = Optional.of(newProfile);
    onLoan = false;
  }

  /** Judged again, whosever it is. */
  void judged(Profile again) {
    profile = Optional.of(again);
  }

  /** What was on loan has not proven itself: this peer wants to see for itself. */
  void giveBack(Reason why) {
    if (onLoan) {
      profile = Optional.empty();
      onLoan = false;
      declinesLoans = true;
      missing = why;
    }
  }

  /** Whether a neighbour's would save this peer an examination. */
  boolean wantsLoan(Instant now) {
    boolean needed = profile.filter(known -> known.isFresh(now)).isEmpty();
    return needed && !declinesLoans && answerBy.isEmpty();
  }

  /**
   * Takes the newest that holds for the peer too: fresh, of its network, and confirmed by where the
   * server sees the peer itself, which is behind the NAT or is not as the neighbour is.
   */
  void borrow(NativePeer peer, List<Profile> ofThosePresent, Instant now) {
    Stream.concat(offers.stream(), ofThosePresent.stream())
        .filter(offer -> offer.network().equals(peer.network()) && offer.isFresh(now))
        .map(offer -> holdTo(peer, offer))
        .filter(offer -> offer.standing() == Standing.CONFIRMED && isAlike(peer, offer))
        .max(Comparator.comparing(Profile::observed))
        .ifPresent(found -> {
          profile = Optional.of(found);
          onLoan = true;
        });
  }

  private static boolean isAlike(NativePeer peer, Profile offer) {
    boolean onAnInterface =
        peer.hosts().stream().anyMatch(host -> peer.observed().contains(host.address()));
    return onAnInterface == (offer.report().mapping() == Behavior.NONE);
  }

  /** A profile held against what the server sees of a peer. */
  static Profile holdTo(NativePeer peer, Profile profile) {
    ReportCheck check =
        new ReportCheck(profile.report(), peer.hosts(), peer.observed(), peer.udpSeen());
    return new Profile(
        profile.network(), profile.report(), check.standing(), check.doubts(), profile.observed());
  }
}
