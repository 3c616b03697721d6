package org.bradawl.server.users.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.users.entity.TurnUserRow;
import org.bradawl.turn.auth.UserKeys;

/** The rows of {@code turn_user}. Needs the caller's transaction. */
@ApplicationScoped
public class TurnUserStore {

  @PersistenceContext(unitName = "bradawl")
  private EntityManager entities;

  /** For the container. */
  protected TurnUserStore() {}

  /** A store over this entity manager, outside of a container. */
  public TurnUserStore(EntityManager entities) {
    this.entities = entities;
  }

  /** The keys of every user of this realm. */
  public Map<String, UserKeys> keys(String realm) {
    Map<String, UserKeys> keys = new HashMap<>();
    entities
        .createQuery("select u from TurnUserRow u where u.realm = :realm", TurnUserRow.class)
        .setParameter("realm", realm)
        .getResultStream()
        .forEach(
            row -> UserKeys.parse(row.keys()).ifPresent(parsed -> keys.put(row.name(), parsed)));
    return keys;
  }

  /** The users by name. */
  public Slice<TurnUser> list(int offset, int limit) {
    return new Slice<>(
        entities
            .createQuery("select u from TurnUserRow u order by u.name", TurnUserRow.class)
            .setFirstResult(offset)
            .setMaxResults(limit)
            .getResultStream()
            .map(TurnUserStore::user)
            .toList(),
        entities.createQuery("select count(u) from TurnUserRow u", Long.class).getSingleResult());
  }

  /** One user. */
  public Optional<TurnUser> find(String name) {
    return Optional.ofNullable(entities.find(TurnUserRow.class, name)).map(TurnUserStore::user);
  }

  /** Adds a user, or gives it other keys; whether it is new. */
  public boolean put(String name, String realm, String keys, Instant now) {
    TurnUserRow known = entities.find(TurnUserRow.class, name);
    if (known == null) {
      entities.persist(new TurnUserRow(name, realm, keys, now));
    } else {
      known.change(realm, keys, now);
    }
    return known == null;
  }

  /** Removes a user; whether there was one. */
  public boolean remove(String name) {
    TurnUserRow known = entities.find(TurnUserRow.class, name);
    if (known != null) {
      entities.remove(known);
    }
    return known != null;
  }

  private static TurnUser user(TurnUserRow row) {
    return new TurnUser(row.name(), row.realm(), row.created(), row.changed());
  }
}
