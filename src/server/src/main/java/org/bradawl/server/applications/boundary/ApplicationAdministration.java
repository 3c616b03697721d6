package org.bradawl.server.applications.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.applications.boundary.ApplicationViews.Application;
import org.bradawl.server.applications.boundary.ApplicationViews.ApplicationPage;
import org.bradawl.server.applications.control.ApplicationKeeper;
import org.bradawl.server.applications.control.ApplicationKeeper.Outcome;
import org.bradawl.server.applications.control.ApplicationRecord;
import org.bradawl.server.applications.control.ApplicationStore;
import org.bradawl.server.http.boundary.Administrator;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.AuditStore;
import org.bradawl.server.platform.control.Slice;

/**
 * The transactions of the resource: what changes an application and what is written into the record
 * of admin actions are one.
 */
@ApplicationScoped
@Transactional
public class ApplicationAdministration {

  @Inject private ApplicationStore store;
  @Inject private ApplicationKeeper keeper;
  @Inject private AuditStore audit;
  @Inject private Administrator administrator;

  ApplicationPage list(PageRequest page) {
    Slice<ApplicationRecord> found = store.list(page.offset(), page.limit());
    List<Application> items = found.items().stream().map(this::view).toList();
    return new ApplicationPage(items, found.total(), page.next(found.total()));
  }

  Optional<Application> find(String name) {
    return store.findByName(name).map(this::view);
  }

  Outcome create(String name) {
    return audited(keeper.create(name), "create-application", name, "");
  }

  Outcome addKey(String name) {
    return audited(keeper.addKey(name), "add-application-key", name, "");
  }

  Outcome rotate(String name) {
    return audited(keeper.rotate(name), "rotate-application-keys", name, "");
  }

  Outcome revokeKey(String name, UUID key) {
    return audited(keeper.revokeKey(name, key), "revoke-application-key", name, "key " + key);
  }

  Outcome delete(String name) {
    return audited(keeper.delete(name), "delete-application", name, "");
  }

  private Outcome audited(Outcome outcome, String action, String name, String detail) {
    switch (outcome) {
      case Outcome.Made(ApplicationKeeper.MadeKey key) ->
          audit.write(administrator.acted(action, name, "new key " + key.id()));
      case Outcome.Done() -> audit.write(administrator.acted(action, name, detail));
      case Outcome.Absent _, Outcome.Refused _ -> {
        // Nothing was done.
      }
    }
    return outcome;
  }

  private Application view(ApplicationRecord application) {
    return Application.of(application, store.keys(application.id()));
  }
}
