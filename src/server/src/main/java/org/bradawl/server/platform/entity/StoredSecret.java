package org.bradawl.server.platform.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code server_secret}: a value that the server made for itself. */
@Entity
@Table(name = "server_secret")
public class StoredSecret {

  @Id
  @Column(name = "name", updatable = false)
  private String name;

  @Column(name = "content")
  private String content;

  @Column(name = "created")
  private Instant created;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected StoredSecret() {}

  /** A new value. */
  public StoredSecret(String name, String content, Instant created) {
    this.name = name;
    this.content = content;
    this.created = created;
  }

  /** Which one it is. */
  public String name() {
    return name;
  }

  /** Its value. */
  public String content() {
    return content;
  }
}
