package org.bradawl.server.traversals.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.platform.control.HistoryEntry.Attempt;
import org.bradawl.server.platform.control.HistoryEntry.PlannedAttempt;
import org.bradawl.server.platform.control.HistoryEntry.TraversalBrokered;
import org.bradawl.server.platform.control.HistoryEntry.TraversalReported;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.platform.control.Text;
import org.bradawl.server.traversals.entity.AttemptKey;
import org.bradawl.server.traversals.entity.AttemptRow;
import org.bradawl.server.traversals.entity.TraversalRow;

/** The record of traversals and their attempts. Needs the caller's transaction. */
@ApplicationScoped
public class TraversalStore {

  @PersistenceContext(unitName = "bradawl")
  private EntityManager entities;

  /** For the container. */
  protected TraversalStore() {}

  /** A store over this entity manager, outside of a container. */
  public TraversalStore(EntityManager entities) {
    this.entities = entities;
  }

  private static final String SELECT =
      """
      select new org.bradawl.server.traversals.control.TraversalRecord(
          t.id, t.application, t.initiator, t.responder, t.started, t.finished, t.connected,
          t.path, t.transport, t.localAddress, t.remoteAddress, t.reason, t.initiatorNat,
          t.responderNat, t.evidence, t.attempt, t.ending, t.relayedMillis, t.explanation)
      from TraversalRow t where (:application = '' or t.application = :application)
          and (:peer = '' or t.initiator = :peer or t.responder = :peer)
      """;

  /** Keeps a traversal, once however often it is told, with the NATs known of either side. */
  public void write(TraversalReported told, String initiatorNat, String responderNat) {
    if (entities.find(TraversalRow.class, told.id()) != null) {
      return;
    }
    TraversalRow row =
        new TraversalRow(
            told.id(),
            Text.fit(told.application(), 64),
            Text.fit(told.initiator(), 64),
            Text.fit(told.responder(), 64));
    row.went(told.started(), told.finished(), told.connected(), Text.fit(told.reason(), 500));
    row.how(
        Text.fit(told.path(), 16),
        Text.fit(told.transport(), 8),
        Text.fit(told.local(), 64),
        Text.fit(told.remote(), 64));
    row.known(initiatorNat, responderNat, Text.fit(told.evidence(), 65_536));
    entities.persist(row);
    for (int i = 0; i < told.attempts().size(); i++) {
      entities.persist(rowOf(new AttemptKey(told.id(), i), told.attempts().get(i)));
    }
  }

  /** Keeps a traversal that the server planned, once however often it is told. */
  public void write(TraversalBrokered brokered) {
    TraversalReported told = brokered.told();
    if (entities.find(TraversalRow.class, told.id()) != null) {
      return;
    }
    write(told, Text.fit(brokered.initiatorNat(), 32), Text.fit(brokered.responderNat(), 32));
    TraversalRow row = entities.find(TraversalRow.class, told.id());
    row.planned(
        brokered.attempt(),
        Text.fit(brokered.ending(), 16),
        brokered.relayedAfter().map(Duration::toMillis).orElse(null),
        Text.fit(brokered.explanation(), 16_384));
    row.counted(
        Text.fit(brokered.initiatorKind(), 96),
        Text.fit(brokered.responderKind(), 96),
        dayOf(told.started()));
    for (int i = 0; i < brokered.attempts().size(); i++) {
      PlannedAttempt planned = brokered.attempts().get(i);
      AttemptRow attempt = rowOf(new AttemptKey(told.id(), i), planned.attempt());
      attempt.planned(
          Text.fit(planned.transport(), 8), planned.startedAfter().toMillis(), planned.taught());
      entities.persist(attempt);
    }
  }

  private static int dayOf(Instant when) {
    return (int) when.atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay();
  }

  /** What was learned of each pair of kinds of NATs, by day, since then. */
  public List<Lesson> lessons(Instant since) {
    return entities
        .createQuery(
            """
            select new org.bradawl.server.traversals.control.Lesson(
                t.initiatorKind, t.responderKind, a.kind, a.transport, a.outcome, t.day, count(a))
            from AttemptRow a join TraversalRow t on t.id = a.key.traversal
            where a.taught = true and t.day >= :day
            group by t.initiatorKind, t.responderKind, a.kind, a.transport, a.outcome, t.day\
            """,
            Lesson.class)
        .setParameter("day", dayOf(since))
        .getResultList();
  }

  private static AttemptRow rowOf(AttemptKey key, Attempt attempt) {
    return new AttemptRow(
        key,
        Text.fit(attempt.kind(), 32),
        Text.fit(attempt.local(), 64),
        Text.fit(attempt.remote(), 64),
        Text.fit(attempt.outcome(), 16),
        attempt.took().toMillis(),
        Text.fit(attempt.detail(), 500));
  }

  /**
   * The traversals, newest first.
   *
   * @param application of this application alone, or empty for all
   * @param peer with this peer on either side, or empty for all
   */
  public Slice<TraversalRecord> list(String application, String peer, int offset, int limit) {
    return new Slice<>(
        entities
            .createQuery(SELECT + " order by t.started desc, t.id", TraversalRecord.class)
            .setParameter("application", application)
            .setParameter("peer", peer)
            .setFirstResult(offset)
            .setMaxResults(limit)
            .getResultList(),
        entities
            .createQuery(
                "select count(t) from TraversalRow t"
                    + " where (:application = '' or t.application = :application)"
                    + " and (:peer = '' or t.initiator = :peer or t.responder = :peer)",
                Long.class)
            .setParameter("application", application)
            .setParameter("peer", peer)
            .getSingleResult());
  }

  /** One traversal. */
  public Optional<TraversalRecord> find(UUID id) {
    return entities
        .createQuery(SELECT + " and t.id = :id", TraversalRecord.class)
        .setParameter("application", "")
        .setParameter("peer", "")
        .setParameter("id", id)
        .getResultStream()
        .findFirst();
  }

  /** What was tried in a traversal, in order. */
  public List<AttemptRecord> attempts(UUID traversal) {
    return entities
        .createQuery(
            """
            select new org.bradawl.server.traversals.control.AttemptRecord(
                a.key.ordinal, a.kind, a.localAddress, a.remoteAddress, a.outcome, a.tookMillis,
                a.detail, a.transport, a.startedMillis)
            from AttemptRow a where a.key.traversal = :traversal order by a.key.ordinal\
            """,
            AttemptRecord.class)
        .setParameter("traversal", traversal)
        .getResultList();
  }

  /** Pairs of NATs and the paths that worked between them, for traversals begun since then. */
  public List<NatPair> natPairs(Instant since) {
    return entities
        .createQuery(
            """
            select new org.bradawl.server.traversals.control.NatPair(
                t.initiatorNat, t.responderNat, t.path, count(t))
            from TraversalRow t where t.started >= :since
            group by t.initiatorNat, t.responderNat, t.path
            order by t.initiatorNat, t.responderNat, t.path\
            """,
            NatPair.class)
        .setParameter("since", since)
        .getResultList();
  }
}
