package org.bradawl.server.applications.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.applications.entity.ApplicationKeyRow;
import org.bradawl.server.applications.entity.ApplicationRow;
import org.bradawl.server.platform.control.Slice;

/** Applications and the hashes of their keys. Needs the caller's transaction. */
@ApplicationScoped
public class ApplicationStore {

  @PersistenceContext(unitName = "bradawl")
  private EntityManager entities;

  /** For the container. */
  protected ApplicationStore() {}

  /** A store over this entity manager, outside of a container. */
  public ApplicationStore(EntityManager entities) {
    this.entities = entities;
  }

  /** The {@code origin} of what came from {@code bradawl.applications}. */
  public static final String FROM_CONFIGURATION = "configuration";

  /** The {@code origin} of the demo application. */
  public static final String GENERATED = "generated";

  /** The {@code origin} of what an administrator made. */
  public static final String FROM_REST = "rest";

  private static final String SELECT =
      """
      select new org.bradawl.server.applications.control.ApplicationRecord(
          a.id, a.name, a.origin, a.created, a.revoked)
      from ApplicationRow a
      """;

  private static final String SELECT_KEYS =
      """
      select new org.bradawl.server.applications.control.KeyRecord(
          k.id, k.applicationId, a.name, k.keyHash, k.hint, k.origin, k.created, k.revoked)
      from ApplicationKeyRow k join ApplicationRow a on a.id = k.applicationId
      """;

  /** The applications by name. */
  public Slice<ApplicationRecord> list(int offset, int limit) {
    return new Slice<>(
        entities
            .createQuery(SELECT + " order by a.name", ApplicationRecord.class)
            .setFirstResult(offset)
            .setMaxResults(limit)
            .getResultList(),
        entities
            .createQuery("select count(a) from ApplicationRow a", Long.class)
            .getSingleResult());
  }

  /** One application. */
  public Optional<ApplicationRecord> find(UUID id) {
    return entities
        .createQuery(SELECT + " where a.id = :id", ApplicationRecord.class)
        .setParameter("id", id)
        .getResultStream()
        .findFirst();
  }

  /** One application. */
  public Optional<ApplicationRecord> findByName(String name) {
    return entities
        .createQuery(SELECT + " where a.name = :name", ApplicationRecord.class)
        .setParameter("name", name)
        .getResultStream()
        .findFirst();
  }

  /** The keys that open something: neither they nor their application are revoked. */
  public List<KeyRecord> liveKeys() {
    return entities
        .createQuery(
            SELECT_KEYS + " where k.revoked is null and a.revoked is null", KeyRecord.class)
        .getResultList();
  }

  /** The keys of an application, the revoked ones too, oldest first. */
  public List<KeyRecord> keys(UUID application) {
    return entities
        .createQuery(
            SELECT_KEYS + " where k.applicationId = :application order by k.created, k.id",
            KeyRecord.class)
        .setParameter("application", application)
        .getResultList();
  }

  /**
   * Adds an application.
   *
   * @throws jakarta.persistence.PersistenceException when it is flushed, if the name is taken
   */
  public UUID create(String name, String origin, Instant now) {
    ApplicationRow row = new ApplicationRow(UUID.randomUUID(), name, origin, now);
    entities.persist(row);
    entities.flush();
    return row.id();
  }

  /** Adds a key; {@code hash} as {@link org.bradawl.server.platform.control.Secrets#hash}. */
  public UUID addKey(UUID application, String hash, String hint, String origin, Instant now) {
    UUID id = UUID.randomUUID();
    entities.persist(new ApplicationKeyRow(id, application, hash, hint, origin, now));
    entities.flush();
    return id;
  }

  /**
   * Revokes an application, and with it all its keys.
   *
   * @return whether there is such an application
   */
  public boolean revoke(UUID application, Instant now) {
    ApplicationRow row = entities.find(ApplicationRow.class, application);
    if (row != null) {
      row.revoke(now);
    }
    return row != null;
  }

  /** Takes a revoked application back in use. */
  public void restore(UUID application) {
    ApplicationRow row = entities.find(ApplicationRow.class, application);
    if (row != null) {
      row.restore();
    }
  }

  /**
   * Revokes one key.
   *
   * @return whether there is such a key
   */
  public boolean revokeKey(UUID key, Instant now) {
    ApplicationKeyRow row = entities.find(ApplicationKeyRow.class, key);
    if (row != null) {
      row.revoke(now);
    }
    return row != null;
  }

  /** Takes a revoked key back in use. */
  public void restoreKey(UUID key) {
    ApplicationKeyRow row = entities.find(ApplicationKeyRow.class, key);
    if (row != null) {
      row.restore();
    }
  }
}
