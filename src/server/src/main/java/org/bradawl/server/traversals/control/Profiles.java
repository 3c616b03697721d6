package org.bradawl.server.traversals.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
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

  @Inject private NatProfileStore store;
  @Inject private Transactions transactions;
  @Inject private RecordQueue records;

  /** What is kept of a peer in a network. Asks the database. */
  Optional<Profile> find(String application, String peer, Network network) {
    return transactions
        .call(() -> store.find(application, peer, network.label()))
        .flatMap(kept -> profile(kept, network));
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
