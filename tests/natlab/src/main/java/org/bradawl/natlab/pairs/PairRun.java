package org.bradawl.natlab.pairs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bradawl.agent.json.Json;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;

/**
 * A matrix of pairs: on either side a running agent behind each NAT, all of them online and known
 * to the server, and one after the other those of the one side connect to those of the other.
 */
public final class PairRun {

  /** Rehearsal, entering and discovery, several at once on two cores. */
  private static final Duration READY = Duration.ofSeconds(60);

  /** A connection with everything that may be tried. */
  private static final Duration CONNECTED = Duration.ofSeconds(75);

  /** The third connection is hardly faster than the second. */
  private static final int REHEARSALS = 2;

  /** Agents started at the same time: more would make each other's discovery late. */
  private static final int AT_ONCE = 3;

  private final Internet internet;
  private final boolean relayFirst;
  private final String transports;
  private final Consumer<String> evidence;

  /**
   * A run.
   *
   * @param transports {@code udp}, {@code tcp} or {@code both}
   * @param evidence is told all that both sides said about a pair that went otherwise than it
   *     should
   */
  public PairRun(
      Internet internet, boolean relayFirst, String transports, Consumer<String> evidence) {
    this.internet = internet;
    this.relayFirst = relayFirst;
    this.transports = transports;
    this.evidence = evidence;
  }

  /**
   * Runs every pair.
   *
   * @param each is told each result as it comes, row by row
   */
  public List<PairResult> run(
      List<Optional<LabNat>> asking, List<Optional<LabNat>> asked, Consumer<PairResult> each) {
    List<Home> all = homes(asking, asked);
    try {
      rehearse(all.subList(0, asking.size()), all.subList(asking.size(), all.size()));
      List<PairResult> results = new ArrayList<>();
      for (Home from : all.subList(0, asking.size())) {
        for (Home to : all.subList(asking.size(), all.size())) {
          PairResult result = pair(from, to);
          results.add(result);
          each.accept(result);
        }
      }
      return results;
    } finally {
      all.forEach(Home::close);
    }
  }

  /**
   * Has every agent connect, or be connected to, a few times: a running agent has compiled what it
   * needs for that, and the time that Java takes for it the first time is not to be measured.
   */
  private void rehearse(List<Home> asking, List<Home> asked) {
    Home visitor = Home.build(internet, Optional.empty(), "visitor", relayFirst, transports);
    try {
      if (visitor.peer().await("ready", 0, READY).isEmpty()) {
        throw new LabFailure("the visitor does not get ready:\n" + visitor.peer().said(0));
      }
      for (int i = 0; i < REHEARSALS; i++) {
        asking.forEach(home -> pair(home, visitor));
        asked.forEach(home -> pair(visitor, home));
      }
    } finally {
      visitor.close();
    }
  }

  private List<Home> homes(List<Optional<LabNat>> asking, List<Optional<LabNat>> asked) {
    try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Home>> begun = new ArrayList<>();
      for (int i = 0; i < asking.size(); i++) {
        begun.add(begin(workers, asking.get(i), "a" + i));
      }
      for (int i = 0; i < asked.size(); i++) {
        begun.add(begin(workers, asked.get(i), "b" + i));
      }
      List<Home> homes = new ArrayList<>();
      for (Future<Home> home : begun) {
        homes.add(home.get());
      }
      return homes;
    } catch (ExecutionException e) {
      throw new LabFailure("a home is not built: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabFailure("interrupted", e);
    }
  }

  private Future<Home> begin(ExecutorService workers, Optional<LabNat> nat, String name) {
    return workers.submit(() -> {
      Home home = Home.build(internet, nat, name, relayFirst, transports);
      if (home.peer().await("ready", 0, READY).isEmpty()) {
        throw new LabFailure(
            name + " does not get ready:\n" + home.peer().said(0) + home.peer().threads());
      }
      return home;
    });
  }

  private PairResult pair(Home from, Home to) {
    int fromMark = from.peer().mark();
    int toMark = to.peer().mark();
    from.peer().order("connect " + to.peer().name());
    boolean ended = from.peer().await("done", fromMark, CONNECTED).isPresent();
    Optional<Json> first = from.peer().await("first-byte", fromMark, Duration.ZERO);
    Optional<Json> settled = from.peer().await("settled", fromMark, Duration.ZERO);
    Optional<Json> last = settled.or(() -> first);
    PairResult result =
        new PairResult(
            transports.equals("tcp") ? Promise.TCP : Promise.WITH_UDP,
            from.nat(),
            to.nat(),
            last.map(event -> event.get("path").textOrEmpty()).orElse("failed"),
            last.map(event -> event.get("transport").textOrEmpty()).orElse(""),
            millis(first),
            millis(settled),
            from.peer()
                .await("gave-up", fromMark, Duration.ZERO)
                .map(event -> event.get("why").textOrEmpty())
                .orElse(ended ? "" : "it did not end"));
    if (!result.isDirect() && !result.isHopeless()) {
      evidence.accept(
          "### %s asks %s\n\n%s\n\nand the asked side:\n\n%s\nwhose connection to the server:\n\n%s\nand whose threads:\n\n%s\n"
              .formatted(
                  name(from.nat()),
                  name(to.nat()),
                  from.peer().said(fromMark),
                  to.peer().said(toMark),
                  to.peer()
                      .said(0)
                      .lines()
                      .filter(line -> line.contains("signaling-"))
                      .collect(Collectors.joining("\n")),
                  first.isPresent() ? "" : to.peer().threads()));
    }
    return result;
  }

  static String name(Optional<LabNat> nat) {
    return nat.map(LabNat::toString).orElse("public");
  }

  private static OptionalDouble millis(Optional<Json> event) {
    return event
        .map(told -> OptionalDouble.of(told.get("millis").fraction(0)))
        .orElse(OptionalDouble.empty());
  }
}
