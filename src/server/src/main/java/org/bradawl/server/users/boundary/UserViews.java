package org.bradawl.server.users.boundary;

import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import org.bradawl.server.users.control.TurnUser;
import org.jspecify.annotations.Nullable;

/** Users as JSON. */
final class UserViews {

  private UserViews() {}

  /** A user; its keys stay here. */
  @JsonbPropertyOrder({"name", "realm", "created", "changed"})
  public record User(String name, String realm, String created, String changed) {
    static User of(TurnUser user) {
      return new User(
          user.name(), user.realm(), user.created().toString(), user.changed().toString());
    }
  }

  /** A page of them. */
  @JsonbPropertyOrder({"items", "total", "next"})
  public record UserPage(List<User> items, long total, @Nullable String next) {}
}
