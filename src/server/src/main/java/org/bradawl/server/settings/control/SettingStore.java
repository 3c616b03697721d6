package org.bradawl.server.settings.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.bradawl.server.settings.entity.SettingRow;

/** The rows of {@code server_setting}. Needs the caller's transaction. */
@ApplicationScoped
public class SettingStore {

  @PersistenceContext(unitName = "bradawl")
  private EntityManager entities;

  /** For the container. */
  protected SettingStore() {}

  /** A store over this entity manager, outside of a container. */
  public SettingStore(EntityManager entities) {
    this.entities = entities;
  }

  /** Every key with its value. */
  public Map<String, String> all() {
    return entities
        .createQuery("select s from SettingRow s", SettingRow.class)
        .getResultStream()
        .collect(Collectors.toUnmodifiableMap(SettingRow::name, SettingRow::content));
  }

  /** Puts these in place of all there are. */
  public void replace(Map<String, String> values, Instant now) {
    entities.createQuery("delete from SettingRow s").executeUpdate();
    entities.clear();
    values.forEach((name, content) -> entities.persist(new SettingRow(name, content, now)));
  }
}
