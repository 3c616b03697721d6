package org.bradawl.server.users.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code turn_user}: a name and the keys made of its password. */
@Entity
@Table(name = "turn_user")
public class TurnUserRow {

  @Id
  @Column(name = "name", updatable = false)
  private String name;

  @Column(name = "realm")
  private String realm;

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
  public TurnUserRow(String name, String realm, String keys, Instant now) {
    this.name = name;
    this.realm = realm;
    this.keys = keys;
    this.created = now;
    this.changed = now;
  }

  /** Gives it other keys. */
  public void change(String otherRealm, String otherKeys, Instant now) {
    realm = otherRealm;
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
}
