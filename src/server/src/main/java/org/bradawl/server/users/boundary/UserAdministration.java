package org.bradawl.server.users.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bradawl.server.http.boundary.Administrator;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.AuditStore;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.users.boundary.UserViews.User;
import org.bradawl.server.users.boundary.UserViews.UserPage;
import org.bradawl.server.users.control.TurnUser;
import org.bradawl.server.users.control.TurnUserStore;
import org.bradawl.turn.auth.RealmUser;
import org.bradawl.turn.auth.UserKeys;

/** The transactions of the resource: a change and its line in the record are one. */
@ApplicationScoped
@Transactional
public class UserAdministration {

  @Inject private TurnUserStore store;
  @Inject private AuditStore audit;
  @Inject private Administrator administrator;
  @Inject private Configuration configuration;
  @Inject private InstantSource clock;

  UserPage list(PageRequest page) {
    Slice<TurnUser> found = store.list(page.offset(), page.limit());
    return new UserPage(
        found.items().stream().map(User::of).toList(), found.total(), page.next(found.total()));
  }

  Optional<User> find(RealmUser who) {
    return store.find(who).map(User::of);
  }

  /** Adds a user, or changes its password; whether it is new. */
  boolean put(RealmUser who, String keys) {
    boolean fresh = store.put(who, keys, clock.instant());
    audit.write(administrator.acted(fresh ? "create-user" : "change-user", shown(who), ""));
    return fresh;
  }

  boolean remove(RealmUser who) {
    boolean removed = store.remove(who);
    if (removed) {
      audit.write(administrator.acted("delete-user", shown(who), ""));
    }
    return removed;
  }

  private String shown(RealmUser who) {
    return who.principal(realm()).user();
  }

  Map<RealmUser, UserKeys> keys() {
    return store.keys();
  }

  String realm() {
    return configuration.datapath().turn().realm();
  }

  /** Every realm that clients can be in. */
  Set<String> realms() {
    return configuration.datapath().turn().realmUsers().realms();
  }
}
