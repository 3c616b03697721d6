package org.bradawl.server.allocations.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;
import org.bradawl.server.platform.control.HistoryEntry.RelayTold;
import org.bradawl.server.platform.control.Slice;
import org.hibernate.Session;

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

  /**
   * Keeps what is told of sessions: a beginning unless it is known, and an end with its beginning,
   * which may have been lost. Telling something again changes nothing. Both tell the same time of
   * beginning: by it the session is found.
   */
  public void write(List<RelayTold> told) {
    if (!told.isEmpty()) {
      RelaySessionBatch batch = RelaySessionBatch.of(told);
      entities.unwrap(Session.class).doWork(batch::write);
    }
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
                    s.additionalAddress, s.transport, s.started, s.ended, s.bytesUp, s.packetsUp,
                    s.bytesDown, s.packetsDown, s.endReason)
                from RelaySessionRow s order by s.started desc, s.id desc\
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
