package org.bradawl.server.settings.boundary;

import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bradawl.server.settings.control.LiveSettings;
import org.jspecify.annotations.Nullable;

/** The configuration as JSON. */
final class ConfigurationViews {

  private ConfigurationViews() {}

  /**
   * A key that may change while the server runs.
   *
   * @param value null if it is not set, and always for a secret
   * @param source {@code rest}, {@code environment}, {@code file} or {@code default}
   * @param usual what holds when it is not set
   */
  @JsonbPropertyOrder({"key", "value", "source", "default", "secret"})
  public record SettingView(
      String key,
      @Nullable String value,
      String source,
      @jakarta.json.bind.annotation.JsonbProperty("default") String usual,
      boolean secret) {

    static SettingView of(LiveSettings.Setting setting) {
      return new SettingView(
          setting.key().key(),
          setting.key().isSecret() ? null : setting.value().orElse(null),
          setting.source().name().toLowerCase(Locale.ROOT),
          setting.key().usual(),
          setting.key().isSecret());
    }
  }

  /** All of them. */
  public record SettingList(List<SettingView> items) {}

  /** What a request has changed. */
  public record Changed(Set<String> changed) {}

  /**
   * The state of the secret.
   *
   * @param configured whether the configuration gives it; then it is changed there
   * @param beforeUntil until when the one before is good; null if there is none
   */
  @JsonbPropertyOrder({"configured", "beforeUntil"})
  public record SecretView(boolean configured, @Nullable String beforeUntil) {}
}
