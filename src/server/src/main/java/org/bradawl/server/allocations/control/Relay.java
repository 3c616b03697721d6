package org.bradawl.server.allocations.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.bradawl.datapath.Datapath;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.datapath.Engines;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.turn.auth.CredentialSource;

/** The relay of this server, from its start to its stop. */
@ApplicationScoped
public class Relay {

  private volatile Optional<Datapath> running = Optional.empty();

  /**
   * Starts it. When this returns, STUN and TURN are served.
   *
   * @throws org.bradawl.datapath.ConfigurationProblem if it cannot run as configured
   */
  public void start(
      DatapathSettings settings,
      CredentialSource credentials,
      ThreadFactory threads,
      RelayObserver observer) {
    running =
        Optional.of(
            Engines.choose(settings.engine()).start(settings, credentials, threads, observer));
  }

  /** The running relay; empty before the start and after the stop. */
  public Optional<Datapath> running() {
    return running;
  }

  /** Ends every allocation and closes every socket. */
  public void stop() {
    Optional<Datapath> last = running;
    running = Optional.empty();
    last.ifPresent(Datapath::close);
  }
}
