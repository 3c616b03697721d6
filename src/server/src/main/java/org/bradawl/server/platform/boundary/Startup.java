package org.bradawl.server.platform.boundary;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger.Level;
import org.bradawl.server.platform.control.Database;

/** Starts the server in order and stops it in reverse. */
@ApplicationScoped
public class Startup {

  private static final System.Logger LOG = System.getLogger("bradawl");

  @Inject private Database database;

  private volatile boolean serving;

  /** Whether the server has started and is not stopping. */
  public boolean serving() {
    return serving;
  }

  void start(
      @Observes @Priority(Interceptor.Priority.APPLICATION) @Initialized(ApplicationScoped.class)
          Object event) {
    database.migrate();
    serving = true;
    LOG.log(Level.INFO, "bradawl ready http://");
  }

  void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
    serving = false;
  }
}
