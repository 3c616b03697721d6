package org.bradawl.server.traversals.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bradawl.nat.Answer;
import org.bradawl.nat.Report;
import org.bradawl.nat.ReportReader;
import org.bradawl.nat.ReportView;
import org.bradawl.nat.Tree;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileReported;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileTaken;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.platform.control.Transactions;
import org.bradawl.server.profiles.control.NatProfileRecord;
import org.bradawl.server.profiles.control.NatProfileStore;
import org.bradawl.traversal.broker.Network;
import org.bradawl.traversal.broker.Profile;
import org.bradawl.traversal.frame.Standing;

/** Profiles between the broker and the record. */
@ApplicationScoped
public class Profiles {

  /**
   * Behind a carrier's address many homes look alike from here; among a few of the newest is one
   * that fits, or none is.
   */
  private static final int NEIGHBOURS = 8;

  @Inject private NatProfileStore store;
  @Inject private Transactions transactions;
  @Inject private RecordQueue records;
  @Inject private InstantSource clock;

  /**
   * What is kept.
   *
   * @param ofNeighbours confirmed ones of others in that network, unless its own is fresh
   */
  record Found(Optional<Profile> own, List<Profile> ofNeighbours) {}

  /** What is kept of a peer in a network, and of its neighbours there. Asks the database. */
  Found find(String application, String peer, Network network) {
    return transactions.call(() -> {
      Instant now = clock.instant();
      Optional<Profile> own =
          store.find(application, peer, network.label()).flatMap(kept -> profile(kept, network));
      return own.filter(profile -> profile.isFresh(now)).isPresent()
          ? new Found(own, List.of())
          : new Found(own, ofNeighbours(application, network, now));
    });
  }

  private List<Profile> ofNeighbours(String application, Network network, Instant now) {
    return store
        .confirmedIn(application, network.label(), now.minus(Profile.FRESH), NEIGHBOURS)
        .stream()
        .flatMap(kept -> profile(kept, network).stream())
        .map(profile -> profile.standing(Standing.CONFIRMED))
        .toList();
  }

  static Optional<Profile> profile(NatProfileRecord kept, Network network) {
    return FrameJson.read(kept.evidence())
        .flatMap(tree -> ReportReader.read(Tree.of(tree)))
        .map(report ->
            new Profile(network, report, Standing.UNCONFIRMED, List.of(), kept.observed()));
  }

  /** Keeps a profile. */
  void keep(String application, String peer, Profile profile) {
    records.offer(entry(application, peer, profile));
  }

  static NatProfileTaken entry(String application, String peer, Profile profile) {
    Report report = profile.report();
    return new NatProfileTaken(
        new NatProfileReported(
            application,
            peer,
            profile.network().label(),
            report.mapping().label(),
            report.filtering().label(),
            report.legacyType().label(),
            report.hairpinning() == Answer.UNKNOWN
                ? Optional.empty()
                : Optional.of(report.hairpinning() == Answer.YES),
            FrameJson.write(ReportView.of(report)),
            profile.observed()),
        profile.standing().label(),
        String.join("\n", profile.doubts()));
  }
}
