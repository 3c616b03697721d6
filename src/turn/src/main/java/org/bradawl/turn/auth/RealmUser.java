package org.bradawl.turn.auth;

/**
 * Somebody in a realm: the same name in another realm is somebody else, with keys of their own (RFC
 * 8489 §9.2).
 *
 * @param name prepared with OpaqueString
 */
public record RealmUser(String realm, String name) {

  /**
   * As whom quotas, records and logs know this user: by the name alone in the standard realm, as
   * {@code name@realm} in any other.
   */
  public Principal principal(String standardRealm) {
    Principal plain = Principal.of(name);
    return realm.equals(standardRealm)
        ? plain
        : new Principal(name + "@" + realm, plain.application(), plain.peer());
  }
}
