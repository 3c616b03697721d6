package org.bradawl.server.users.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row of {@code turn_user}: a name in a realm and the keys made of its password. */
@Entity
@Table(name = "turn_user")
@IdClass(TurnUserRow.Key.class)
public class TurnUserRow {

  @Id
  @Column(name = "realm", updatable = false)
  private String realm;

  @Id
  @Column(name = "name", updatable = false)
  private String name;

  @Column(name = "derived_keys")
  private String keys;

  @Column(name = "created", updatable = false)
  private Instant created;

  @Column(name = "changed")
  private Instant changed;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected TurnUserRow() {}

  /** A new user. */
  public TurnUserRow(String realm, String name, String keys, Instant now) {
    this.realm = realm;
    this.name = name;
    this.keys = keys;
    this.created = now;
    this.changed = now;
  }

  /** Gives it other keys. */
  public void change(String otherKeys, Instant now) {
    keys = otherKeys;
    changed = now;
  }

  /** Who. */
  public String name() {
    return name;
  }

  /** Where the keys hold. */
  public String realm() {
    return realm;
  }

  /** The keys as {@code UserKeys} writes them. */
  public String keys() {
    return keys;
  }

  /** Since when. */
  public Instant created() {
    return created;
  }

  /** Since when it has these keys. */
  public Instant changed() {
    return changed;
  }

  /** What tells one row from the others. */
  public static class Key implements Serializable {

    private static final long serialVersionUID = 1L;

    private String realm;
    private String name;

    /** For the persistence provider. */
    @SuppressWarnings("NullAway.Init")
    protected Key() {}

    /** The key of this user. */
    public Key(String realm, String name) {
      this.realm = realm;
      this.name = name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && realm.equals(key.realm) && name.equals(key.name);
    }

    @Override
    public int hashCode() {
      return Objects.hash(realm, name);
    }
  }
}
