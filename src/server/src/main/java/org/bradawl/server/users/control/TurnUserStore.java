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
import org.bradawl.turn.auth.RealmUser;
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

  /** The keys of every user. */
  public Map<RealmUser, UserKeys> keys() {
    Map<RealmUser, UserKeys> keys = new HashMap<>();
    entities
        .createQuery("select u from TurnUserRow u", TurnUserRow.class)
        .getResultStream()
        .forEach(row ->
            UserKeys.parse(row.keys())
                .ifPresent(parsed -> keys.put(new RealmUser(row.realm(), row.name()), parsed)));
    return keys;
  }

  /** The users by name. */
  public Slice<TurnUser> list(int offset, int limit) {
    return new Slice<>(
        entities
            .createQuery("select u from TurnUserRow u order by u.name, u.realm", TurnUserRow.class)
            .setFirstResult(offset)
            .setMaxResults(limit)
            .getResultStream()
            .map(TurnUserStore::user)
            .toList(),
        entities.createQuery("select count(u) from TurnUserRow u", Long.class).getSingleResult());
  }

  /** One user. */
  public Optional<TurnUser> find(RealmUser who) {
    return row(who).map(TurnUserStore::user);
  }

  /** Adds a user, or gives it other keys; whether it is new. */
  public boolean put(RealmUser who, String keys, Instant now) {
    Optional<TurnUserRow> known = row(who);
    known.ifPresentOrElse(
        row -> row.change(keys, now),
        () -> entities.persist(new TurnUserRow(who.realm(), who.name(), keys, now)));
    return known.isEmpty();
  }

  /** Removes a user; whether there was one. */
  public boolean remove(RealmUser who) {
    Optional<TurnUserRow> known = row(who);
    known.ifPresent(entities::remove);
    return known.isPresent();
  }

  private Optional<TurnUserRow> row(RealmUser who) {
    return Optional.ofNullable(
        entities.find(TurnUserRow.class, new TurnUserRow.Key(who.realm(), who.name())));
  }

  private static TurnUser user(TurnUserRow row) {
    return new TurnUser(row.name(), row.realm(), row.created(), row.changed());
  }
}
