package org.bradawl.server.platform.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.server.allocations.control.RelaySessionStore;
import org.bradawl.server.peers.control.PeerStore;
import org.bradawl.server.platform.control.AuditStore;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.server.platform.control.Database;
import org.bradawl.server.platform.control.HistoryEntry;
import org.bradawl.server.platform.control.HistoryEntry.AdminActed;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileReported;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileTaken;
import org.bradawl.server.platform.control.HistoryEntry.PeerGone;
import org.bradawl.server.platform.control.HistoryEntry.PeerSeen;
import org.bradawl.server.platform.control.HistoryEntry.RelayTold;
import org.bradawl.server.platform.control.HistoryEntry.TraversalBrokered;
import org.bradawl.server.platform.control.HistoryEntry.TraversalReported;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.platform.control.Transactions;
import org.bradawl.server.profiles.control.NatProfileStore;
import org.bradawl.server.traversals.control.TraversalStore;

/** The end of the record queue: gives each entry to the component whose history it is. */
@ApplicationScoped
public class RecordWriter implements RecordQueue.Sink {

  @Inject private Transactions transactions;
  @Inject private Database database;
  @Inject private RelaySessionStore relaySessions;
  @Inject private PeerStore peers;
  @Inject private NatProfileStore profiles;
  @Inject private TraversalStore traversals;
  @Inject private AuditStore audit;

  /** The queue that everything that happens goes through. */
  @Produces
  @Singleton
  static RecordQueue queue(RecordWriter writer, Configuration configuration, InstantSource clock) {
    return new RecordQueue(configuration.recordCapacity(), writer, clock);
  }

  @Override
  public void write(List<HistoryEntry> batch) {
    transactions.call(() -> {
      // No other row refers to a relay session, so those may be written together.
      List<RelayTold> relayed = new ArrayList<>();
      batch.forEach(entry -> write(entry, relayed));
      relaySessions.write(relayed);
      return batch.size();
    });
  }

  @Override
  public boolean reachable() {
    return database.reachable();
  }

  private void write(HistoryEntry entry, List<RelayTold> relayed) {
    switch (entry) {
      case RelayTold told -> relayed.add(told);
      case PeerSeen seen -> peers.write(seen);
      case PeerGone gone -> peers.write(gone);
      case NatProfileReported reported -> profiles.write(reported);
      case TraversalReported told ->
          traversals.write(
              told,
              profiles.latestType(told.application(), told.initiator()),
              profiles.latestType(told.application(), told.responder()));
      case NatProfileTaken taken -> profiles.write(taken);
      case TraversalBrokered brokered -> traversals.write(brokered);
      case AdminActed acted -> audit.write(acted);
    }
  }
}
