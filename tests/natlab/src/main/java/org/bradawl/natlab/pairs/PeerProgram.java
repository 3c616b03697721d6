package org.bradawl.natlab.pairs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentSettings;
import org.bradawl.agent.Connection;
import org.bradawl.agent.Event;
import org.bradawl.agent.WayWishes;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.path.Path;
import org.bradawl.agent.server.ServerAddress;
import org.bradawl.agent.tunnel.Duplex;

/**
 * An agent that runs for long: it listens, sends back what it gets, and connects whenever it is
 * told to. It reads orders, one a line, and writes what happens as JSON, one object a line.
 *
 * <p>Arguments: the server's URL, the token, its name, {@code relay-first} or {@code direct-first},
 * and {@code udp}, {@code tcp} or {@code both}. The one order is {@code connect PEER}; its end is
 * the event {@code done}.
 */
public final class PeerProgram {

  /** As long as the agent's own commands have. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  /** A relayed connection that has not become direct by then stays relayed. */
  private static final Duration UPGRADE = Duration.ofSeconds(12);

  private static final Duration LOOK = Duration.ofMillis(5);

  private final Agent agent;
  private final boolean relayFirst;

  private PeerProgram(Agent agent, boolean relayFirst) {
    this.agent = agent;
    this.relayFirst = relayFirst;
  }

  /** Runs until its input ends. */
  public static void main(String... arguments)
      throws AgentException, IOException, InterruptedException {
    Rehearsals.run(PeerProgram::print);
    boolean relayFirst = arguments[3].equals("relay-first");
    Optional<Set<String>> transports =
        arguments[4].equals("both") ? Optional.empty() : Optional.of(Set.of(arguments[4]));
    ServerAddress.Web server = (ServerAddress.Web) ServerAddress.parse(arguments[0]);
    AgentSettings settings =
        AgentSettings.of(server, Optional.of(arguments[1]), arguments[2])
            .with(new WayWishes(relayFirst, Optional.empty(), transports));
    try (Agent agent = Agent.start(settings, PeerProgram::print)) {
      agent.listen(_ -> true, (_, _, stream) -> Duplex.pump(stream.in(), stream.out()));
      print(Event.of("ready"));
      new PeerProgram(agent, relayFirst).obey();
    }
  }

  private void obey() throws IOException, InterruptedException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] words = line.split(" ", 2);
      if (words[0].equals("connect")) {
        connect(words[1]);
      }
    }
  }

  private void connect(String peer) throws InterruptedException {
    long began = System.nanoTime();
    try (Connection connection = agent.connect(peer, PATIENCE)) {
      Duplex stream = connection.open(Map.of("open", "echo"));
      stream.out().write('!');
      stream.out().flush();
      if (stream.in().read() != '!') {
        throw new IOException("something else came back");
      }
      tell("first-byte", began, connection);
      if (relayFirst) {
        awaitDirect(began, connection);
      }
      stream.out().close();
    } catch (AgentException | IOException e) {
      print(Event.of("gave-up").with("why", String.valueOf(e.getMessage())));
    }
    print(Event.of("done"));
  }

  private static void awaitDirect(long began, Connection connection) throws InterruptedException {
    long end = began + UPGRADE.toNanos();
    while (connection.path().map(Path::isRelayed).orElse(true) && System.nanoTime() - end < 0) {
      Thread.sleep(LOOK);
    }
    tell("settled", began, connection);
  }

  private static void tell(String what, long began, Connection connection) {
    double millis = (System.nanoTime() - began) / 1e6;
    print(
        Event.of(what)
            .with("millis", millis)
            .with("path", connection.path().map(Path::label).orElse("none"))
            .with("remote", connection.path().map(Path::remoteText).orElse(""))
            .with(
                "transport",
                connection
                    .path()
                    .map(path -> path.transport().name().toLowerCase(java.util.Locale.ROOT))
                    .orElse("none")));
  }

  private static void print(Event event) {
    synchronized (System.out) {
      System.out.println(Json.of(event.tree()));
      System.out.flush();
    }
  }
}
