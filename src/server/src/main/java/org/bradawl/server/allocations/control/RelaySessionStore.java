package org.bradawl.server.allocations.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import org.bradawl.server.allocations.entity.RelaySessionRow;
import org.bradawl.server.platform.control.HistoryEntry.RelayEnded;
import org.bradawl.server.platform.control.HistoryEntry.RelaySession;
import org.bradawl.server.platform.control.HistoryEntry.RelayStarted;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.platform.control.Text;

/** The record of relay sessions. Needs the caller's transaction. */
@ApplicationScoped
public class RelaySessionStore {

  @PersistenceContext(unitName = "bradawl")
  private EntityManager entities;

  /** For the container. */
  protected RelaySessionStore() {}

  /** A store over this entity manager, outside of a container. */
  public RelaySessionStore(EntityManager entities) {
    this.entities = entities;
  }

  /** Keeps the beginning of a session, unless it is known. */
  public void write(RelayStarted started) {
    rowOf(started.session());
  }

  /** Keeps the end of a session, and the session with it if its beginning was lost. */
  public void write(RelayEnded over) {
    rowOf(over.session())
        .end(
            over.ended(),
            over.bytesUp(),
            over.packetsUp(),
            over.bytesDown(),
            over.packetsDown(),
            Text.fit(over.reason(), 32));
  }

  private RelaySessionRow rowOf(RelaySession session) {
    RelaySessionRow known = entities.find(RelaySessionRow.class, session.id());
    if (known != null) {
      return known;
    }
    RelaySessionRow row =
        new RelaySessionRow(
            session.id(),
            Text.fit(session.user(), 513),
            Text.fit(session.application(), 64),
            Text.fit(session.peer(), 513),
            session.client(),
            session.relayed(),
            session.transport(),
            session.started());
    entities.persist(row);
    return row;
  }

  /**
   * Closes the sessions that were open when a server was lost. What they relayed is not known.
   *
   * @return how many there were
   */
  public int closeLost(Instant now) {
    return entities
        .createQuery(
            "update RelaySessionRow s set s.ended = :now, s.endReason = 'server-lost'"
                + " where s.ended is null")
        .setParameter("now", now)
        .executeUpdate();
  }

  /** The sessions, newest first. */
  public Slice<RelaySessionRecord> list(int offset, int limit) {
    return new Slice<>(
        entities
            .createQuery(
                """
                select new org.bradawl.server.allocations.control.RelaySessionRecord(
                    s.id, s.userName, s.application, s.peer, s.clientAddress, s.relayedAddress,
                    s.transport, s.started, s.ended, s.bytesUp, s.packetsUp, s.bytesDown,
                    s.packetsDown, s.endReason)
                from RelaySessionRow s order by s.started desc, s.id\
                """,
                RelaySessionRecord.class)
            .setFirstResult(offset)
            .setMaxResults(limit)
            .getResultList(),
        entities
            .createQuery("select count(s) from RelaySessionRow s", Long.class)
            .getSingleResult());
  }

  /** The sums over the sessions that ended since then. */
  public RelayTotals totals(Instant since) {
    return entities
        .createQuery(
            """
            select new org.bradawl.server.allocations.control.RelayTotals(
                count(s), coalesce(sum(s.bytesUp), 0L), coalesce(sum(s.packetsUp), 0L),
                coalesce(sum(s.bytesDown), 0L), coalesce(sum(s.packetsDown), 0L))
            from RelaySessionRow s where s.ended >= :since\
            """,
            RelayTotals.class)
        .setParameter("since", since)
        .getSingleResult();
  }
}
