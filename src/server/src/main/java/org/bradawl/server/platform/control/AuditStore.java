package org.bradawl.server.platform.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import org.bradawl.server.platform.control.HistoryEntry.AdminActed;
import org.bradawl.server.platform.entity.AuditRow;

/** The record of admin actions. Needs the caller's transaction. */
@ApplicationScoped
public class AuditStore {

  @PersistenceContext(unitName = "bradawl")
  private EntityManager entities;

  /** For the container. */
  protected AuditStore() {}

  /** A store over this entity manager, outside of a container. */
  public AuditStore(EntityManager entities) {
    this.entities = entities;
  }

  /** Keeps an action, once however often it is told. */
  public void write(AdminActed acted) {
    if (entities.find(AuditRow.class, acted.id()) == null) {
      entities.persist(
          new AuditRow(
              acted.id(),
              acted.when(),
              Text.fit(acted.actor(), 128),
              Text.fit(acted.action(), 64),
              Text.fit(acted.subject(), 256),
              Text.fit(acted.detail(), 2000)));
    }
  }

  /** The actions, newest first. */
  public Slice<AuditEntry> list(int offset, int limit) {
    return new Slice<>(
        entities
            .createQuery(
                """
                select new org.bradawl.server.platform.control.AuditEntry(
                    a.id, a.happened, a.actor, a.action, a.subject, a.detail)
                from AuditRow a order by a.happened desc, a.id\
                """,
                AuditEntry.class)
            .setFirstResult(offset)
            .setMaxResults(limit)
            .getResultList(),
        entities.createQuery("select count(a) from AuditRow a", Long.class).getSingleResult());
  }
}
