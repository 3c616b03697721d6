package org.bradawl.server.profiles.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileReported;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileTaken;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.platform.control.Text;
import org.bradawl.server.profiles.entity.NatProfileRow;

/** The record of NAT profiles. Needs the caller's transaction. */
@ApplicationScoped
public class NatProfileStore {

  @PersistenceContext(unitName = "bradawl")
  private EntityManager entities;

  /** For the container. */
  protected NatProfileStore() {}

  /** A store over this entity manager, outside of a container. */
  public NatProfileStore(EntityManager entities) {
    this.entities = entities;
  }

  private static final String SELECT =
      """
      select new org.bradawl.server.profiles.control.NatProfileRecord(
          n.id, n.application, n.peer, n.network, n.mapping, n.filtering, n.legacyType,
          n.hairpinning, n.evidence, n.observed, n.standing, n.doubts)
      from NatProfileRow n where (:application = '' or n.application = :application)
          and (:peer = '' or n.peer = :peer)
      """;

  /** Keeps a profile in place of an older one of the same peer and network. */
  public void write(NatProfileReported reported) {
    keep(reported);
  }

  /** The same with what the server thinks of it. */
  public void write(NatProfileTaken taken) {
    keep(taken.profile())
        .stand(
            taken.profile().observed(),
            Text.fit(taken.standing(), 16),
            Text.fit(taken.doubts(), 2_000));
  }

  private NatProfileRow keep(NatProfileReported reported) {
    String application = Text.fit(reported.application(), 64);
    String peer = Text.fit(reported.peer(), 64);
    String network = Text.fit(reported.network(), 128);
    Optional<NatProfileRow> known =
        entities
            .createQuery(
                "from NatProfileRow n where n.application = :application and n.peer = :peer"
                    + " and n.network = :network",
                NatProfileRow.class)
            .setParameter("application", application)
            .setParameter("peer", peer)
            .setParameter("network", network)
            .getResultStream()
            .findFirst();
    NatProfileRow row =
        known.orElseGet(() -> new NatProfileRow(UUID.randomUUID(), application, peer, network));
    row.observe(
        reported.observed(),
        Text.fit(reported.mapping(), 32),
        Text.fit(reported.filtering(), 32),
        Text.fit(reported.legacyType(), 32),
        reported.hairpinning().orElse(null),
        Text.fit(reported.evidence(), 65_536));
    if (known.isEmpty()) {
      entities.persist(row);
    }
    return row;
  }

  /** What is kept of a peer in a network. */
  public Optional<NatProfileRecord> find(String application, String peer, String network) {
    return entities
        .createQuery(SELECT + " and n.network = :network", NatProfileRecord.class)
        .setParameter("application", application)
        .setParameter("peer", peer)
        .setParameter("network", Text.fit(network, 128))
        .getResultStream()
        .findFirst();
  }

  /** Confirmed ones of any peer in a network, the newest first. */
  public List<NatProfileRecord> confirmedIn(
      String application, String network, Instant since, int most) {
    return entities
        .createQuery(
            SELECT
                + " and n.network = :network and n.standing = 'confirmed' and n.observed > :since"
                + " order by n.observed desc",
            NatProfileRecord.class)
        .setParameter("application", application)
        .setParameter("peer", "")
        .setParameter("network", Text.fit(network, 128))
        .setParameter("since", since)
        .setMaxResults(most)
        .getResultList();
  }

  /** The type of NAT last seen at a peer, {@code unknown} if none was. */
  public String latestType(String application, String peer) {
    return entities
        .createQuery(
            "select n.legacyType from NatProfileRow n where n.application = :application"
                + " and n.peer = :peer order by n.observed desc",
            String.class)
        .setParameter("application", application)
        .setParameter("peer", peer)
        .setMaxResults(1)
        .getResultStream()
        .findFirst()
        .orElse("unknown");
  }

  /**
   * The profiles, newest first.
   *
   * @param application of this application alone, or empty for all
   * @param peer of this peer alone, or empty for all
   */
  public Slice<NatProfileRecord> list(String application, String peer, int offset, int limit) {
    return new Slice<>(
        entities
            .createQuery(SELECT + " order by n.observed desc, n.id", NatProfileRecord.class)
            .setParameter("application", application)
            .setParameter("peer", peer)
            .setFirstResult(offset)
            .setMaxResults(limit)
            .getResultList(),
        entities
            .createQuery(
                "select count(n) from NatProfileRow n"
                    + " where (:application = '' or n.application = :application)"
                    + " and (:peer = '' or n.peer = :peer)",
                Long.class)
            .setParameter("application", application)
            .setParameter("peer", peer)
            .getSingleResult());
  }
}
