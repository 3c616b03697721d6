package org.bradawl.server.platform.boundary;

import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import jakarta.servlet.ServletContext;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bradawl.datapath.ConfigurationProblem;
import org.bradawl.datapath.Datapath;
import org.bradawl.server.allocations.control.Relay;
import org.bradawl.server.allocations.control.RelayHistory;
import org.bradawl.server.allocations.control.RelaySessionStore;
import org.bradawl.server.applications.control.ApplicationSeed;
import org.bradawl.server.peers.control.PeerStore;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.server.platform.control.Database;
import org.bradawl.server.platform.control.DatabaseReady;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.platform.control.Secrets;
import org.bradawl.server.platform.control.ServerStopping;
import org.bradawl.server.platform.control.StartProblem;
import org.bradawl.server.platform.control.Transactions;
import org.bradawl.server.settings.control.Drain;
import org.bradawl.server.settings.control.LiveSettings;
import org.bradawl.server.settings.control.RelayAccess;
import org.bradawl.server.settings.control.TurnSecrets;
import org.bradawl.server.traversals.control.Brokerage;
import org.bradawl.server.traversals.control.Sightings;
import org.bradawl.server.users.control.TurnUserStore;

/**
 * Starts the server in order (configuration, database, secrets, records, relay) and stops it in
 * reverse. What an operator can correct is told in lines that begin with {@code bradawl cannot
 * start:}; then the deployment fails.
 */
@ApplicationScoped
public class Startup {

  /** How long the last records may take to be written; with the relay's 5 s a stop takes 10 s. */
  private static final Duration FLUSH = Duration.ofSeconds(3);

  /** The container opens the door after this observer, when the rest of the WAR is deployed. */
  private static final Duration DEPLOYMENT = Duration.ofMinutes(2);

  private static final System.Logger LOG = System.getLogger("bradawl");

  // Asked for one by one: the making of each needs the one before.
  @Inject private Instance<Configuration> configurations;
  @Inject private Instance<Secrets> secrets;
  @Inject private Instance<RecordQueue> queues;
  @Inject private Database database;
  @Inject private Transactions transactions;
  @Inject private ApplicationSeed applications;
  @Inject private RelaySessionStore relaySessions;
  @Inject private PeerStore peers;
  @Inject private Relay relay;
  @Inject private RelayAccess access;
  @Inject private LiveSettings settings;
  @Inject private TurnSecrets turnSecrets;
  @Inject private TurnUserStore users;
  @Inject private Drain drain;
  @Inject private InstantSource clock;
  @Inject private Event<DatabaseReady> databaseReady;
  @Inject private Event<ServerStopping> stopping;
  @Resource private ManagedThreadFactory threads;

  private volatile boolean serving;
  @Inject private Brokerage brokerage;

  private Optional<RecordQueue> records = Optional.empty();

  /** Whether the server has started and is not stopping. */
  public boolean serving() {
    return serving;
  }

  void start(
      @Observes @Priority(Interceptor.Priority.APPLICATION) @Initialized(ApplicationScoped.class)
          Object context) {
    long begin = System.nanoTime();
    try {
      Configuration configuration = configurations.get();
      startDatabase(configuration);
      startRecords();
      Datapath datapath = startRelay();
      serving = true;
      LOG.log(
          Level.INFO,
          "bradawl started in {0} ms: engine {1}, database {2}, listening at {3}",
          Long.toString((System.nanoTime() - begin) / 1_000_000),
          datapath.engine(),
          configuration.database(),
          listenersOf(datapath));
      announce(configuration, datapath, context);
    } catch (StartProblem problem) {
      tell(problem.lines());
      stop();
      throw problem;
    } catch (ConfigurationProblem problem) {
      tell(List.of(String.valueOf(problem.getMessage())));
      stop();
      throw problem;
    }
  }

  private static void tell(List<String> lines) {
    lines.forEach(line -> LOG.log(Level.ERROR, "bradawl cannot start: " + line));
  }

  private void startDatabase(Configuration configuration) {
    database.migrate(configuration.database());
    secrets.get();
    transactions
        .call(() -> applications.sow(configuration.applications()))
        .ifPresent(key ->
            LOG.log(
                Level.INFO,
                "bradawl key of the application demo, for development, shown this once: {0}",
                key));
    closeWhatWasLost();
    databaseReady.fire(new DatabaseReady());
  }

  /** One node owns the database, so whatever is open in it was left by a server that is no more. */
  private void closeWhatWasLost() {
    int lost =
        transactions.call(() -> relaySessions.closeLost(clock.instant()) + peers.closeLost());
    if (lost > 0) {
      LOG.log(
          Level.WARNING,
          "the last server did not stop cleanly: {0} open sessions closed as server-lost",
          lost);
    }
  }

  private void startRecords() {
    RecordQueue queue = queues.get();
    threads.newThread(queue::run).start();
    records = Optional.of(queue);
  }

  private Datapath startRelay() {
    turnSecrets.begin();
    Configuration now = settings.begin();
    relay.start(
        now.datapath(),
        access.begin(now, transactions.call(users::keys)),
        threads,
        new Sightings(new RelayHistory(queues.get(), clock, System::nanoTime), brokerage));
    return relay.running().orElseThrow();
  }

  private static String listenersOf(Datapath datapath) {
    return datapath.listeners().stream()
        .map(listener -> listener.transport() + " " + listener.address())
        .collect(Collectors.joining(", "));
  }

  private void announce(Configuration configuration, Datapath datapath, Object context) {
    String path = context instanceof ServletContext servlets ? servlets.getContextPath() : "";
    FrontDoor door = new FrontDoor(configuration.http(), path);
    String line = ReadyLine.of(configuration.http(), datapath.listeners());
    threads
        .newThread(() -> {
          try {
            if (door.opens(DEPLOYMENT)) {
              LOG.log(Level.INFO, line);
            } else {
              LOG.log(
                  Level.ERROR, "bradawl is not reached at " + ReadyLine.url(configuration.http()));
            }
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        })
        .start();
  }

  void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object context) {
    if (serving) {
      serving = false;
      drain.await(configurations.get().operation().drain());
      stopping.fire(new ServerStopping());
      int lost = stop();
      database.settle(configurations.get().database());
      // Logging has been taken down by the process's own shutdown hook by now.
      System.err.println(
          lost == 0
              ? "bradawl stopped; all records written"
              : "bradawl stopped; the database did not take the last " + lost + " records");
    }
  }

  /** How many records could not be written. */
  private int stop() {
    relay.stop();
    try {
      return records.isPresent() ? records.get().close(FLUSH) : 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return queues.get().status().waiting();
    }
  }
}
