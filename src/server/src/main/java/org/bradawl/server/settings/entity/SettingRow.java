package org.bradawl.server.settings.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code server_setting}: a configuration key that an administrator set while running. */
@Entity
@Table(name = "server_setting")
public class SettingRow {

  @Id
  @Column(name = "name", updatable = false)
  private String name;

  @Column(name = "content")
  private String content;

  @Column(name = "changed")
  private Instant changed;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected SettingRow() {}

  /** A key with its value. */
  public SettingRow(String name, String content, Instant changed) {
    this.name = name;
    this.content = content;
    this.changed = changed;
  }

  /** The key. */
  public String name() {
    return name;
  }

  /** Its value. */
  public String content() {
    return content;
  }
}
