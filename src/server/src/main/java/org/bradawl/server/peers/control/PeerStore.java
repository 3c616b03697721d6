package org.bradawl.server.peers.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bradawl.server.peers.entity.PeerKey;
import org.bradawl.server.peers.entity.PeerRow;
import org.bradawl.server.platform.control.HistoryEntry.PeerGone;
import org.bradawl.server.platform.control.HistoryEntry.PeerSeen;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.platform.control.Text;

/** The record of peers. Needs the caller's transaction. */
@ApplicationScoped
public class PeerStore {

  @PersistenceContext(unitName = "bradawl")
  private EntityManager entities;

  /** For the container. */
  protected PeerStore() {}

  /** A store over this entity manager, outside of a container. */
  public PeerStore(EntityManager entities) {
    this.entities = entities;
  }

  /** Enough to say that there are several. */
  private static final int MAX_NAMESAKES = 20;

  private static final String SELECT =
      """
      select new org.bradawl.server.peers.control.PeerRecord(
          p.key.application, p.key.peer, p.firstSeen, p.lastSeen, p.onlineSince, p.userAgent,
          p.address, p.goneReason)
      from PeerRow p where (:application = '' or p.key.application = :application)
      """;

  /** A peer came online. */
  public void write(PeerSeen seen) {
    rowOf(seen.application(), seen.peer(), seen.when())
        .seen(seen.when(), Text.fit(seen.userAgent(), 256), Text.fit(seen.address(), 64));
  }

  /** A peer went offline. */
  public void write(PeerGone gone) {
    rowOf(gone.application(), gone.peer(), gone.when())
        .gone(gone.when(), Text.fit(gone.reason(), 64));
  }

  private PeerRow rowOf(String application, String peer, Instant when) {
    PeerKey key = new PeerKey(Text.fit(application, 64), Text.fit(peer, 64));
    PeerRow known = entities.find(PeerRow.class, key);
    if (known != null) {
      return known;
    }
    PeerRow row = new PeerRow(key, when);
    entities.persist(row);
    return row;
  }

  /**
   * Ends the presence of peers that were online when a server was lost.
   *
   * @return how many there were
   */
  public int closeLost() {
    return entities
        .createQuery(
            "update PeerRow p set p.onlineSince = null, p.goneReason = 'server-lost'"
                + " where p.onlineSince is not null")
        .executeUpdate();
  }

  /**
   * The peers, last seen first.
   *
   * @param application of this application alone, or empty for all
   */
  public Slice<PeerRecord> list(String application, int offset, int limit) {
    TypedQuery<PeerRecord> page =
        entities
            .createQuery(
                SELECT + " order by p.lastSeen desc, p.key.application, p.key.peer",
                PeerRecord.class)
            .setParameter("application", application)
            .setFirstResult(offset)
            .setMaxResults(limit);
    long total =
        entities
            .createQuery(
                "select count(p) from PeerRow p"
                    + " where (:application = '' or p.key.application = :application)",
                Long.class)
            .setParameter("application", application)
            .getSingleResult();
    return new Slice<>(page.getResultList(), total);
  }

  /** The peers of this id, one for each application that has it, last seen first. */
  public List<PeerRecord> named(String peer) {
    return entities
        .createQuery(SELECT + " and p.key.peer = :peer order by p.lastSeen desc", PeerRecord.class)
        .setParameter("application", "")
        .setParameter("peer", peer)
        .setMaxResults(MAX_NAMESAKES)
        .getResultList();
  }

  /** One peer. */
  public Optional<PeerRecord> find(String application, String peer) {
    return entities
        .createQuery(SELECT + " and p.key.peer = :peer", PeerRecord.class)
        .setParameter("application", application)
        .setParameter("peer", peer)
        .getResultStream()
        .findFirst();
  }
}
