package org.bradawl.server.users.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.bradawl.server.http.boundary.Administrator;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.AuditStore;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.users.boundary.UserViews.User;
import org.bradawl.server.users.boundary.UserViews.UserPage;
import org.bradawl.server.users.control.TurnUser;
import org.bradawl.server.users.control.TurnUserStore;
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

  Optional<User> find(String name) {
    return store.find(name).map(User::of);
  }

  /** Adds a user, or changes its password; whether it is new. */
  boolean put(String name, String keys) {
    boolean fresh = store.put(name, realm(), keys, clock.instant());
    audit.write(administrator.acted(fresh ? "create-user" : "change-user", name, ""));
    return fresh;
  }

  boolean remove(String name) {
    boolean removed = store.remove(name);
    if (removed) {
      audit.write(administrator.acted("delete-user", name, ""));
    }
    return removed;
  }

  Map<String, UserKeys> keys() {
    return store.keys(realm());
  }

  String realm() {
    return configuration.datapath().turn().realm();
  }
}
