package org.bradawl.server.platform.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.Optional;
import org.bradawl.server.platform.entity.StoredSecret;

/** The rows of {@code server_secret}. Needs the caller's transaction. */
@ApplicationScoped
public class SecretStore {

  @PersistenceContext(unitName = "bradawl")
  private EntityManager entities;

  /** For the container. */
  protected SecretStore() {}

  /** A store over this entity manager, outside of a container. */
  public SecretStore(EntityManager entities) {
    this.entities = entities;
  }

  /** The value of this name. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(entities.find(StoredSecret.class, name)).map(StoredSecret::content);
  }

  /** Keeps a value in place of the one with this name, if there is one. */
  public void replace(String name, String content, Instant now) {
    remove(name);
    keep(name, content, now);
  }

  /** Forgets a value. */
  public void remove(String name) {
    StoredSecret known = entities.find(StoredSecret.class, name);
    if (known != null) {
      entities.remove(known);
      entities.flush();
    }
  }

  /** Keeps a new value. */
  public void keep(String name, String content, Instant now) {
    entities.persist(new StoredSecret(name, content, now));
  }
}
