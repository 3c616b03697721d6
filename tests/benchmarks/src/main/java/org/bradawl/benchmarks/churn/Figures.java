package org.bradawl.benchmarks.churn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bradawl.datapath.Datapath;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.turn.server.TurnCounters.Event;

/**
 * What must be as it was: every gauge that the relay has, and what the process holds.
 *
 * @param unended allocations made and not ended, by the counters
 * @param untold allocations whose beginning, but not whose end was told to the observer
 * @param connections TCP connections open
 * @param heap bytes in use after collecting
 * @param faults broken invariants, each a bug
 */
record Figures(
    int allocations,
    long unended,
    long untold,
    int connections,
    int tlsSessions,
    int dtlsSessions,
    int shards,
    long descriptors,
    long heap,
    long faults) {

  /** What compiled code, classes and buffers of the run may leave behind. */
  private static final long HEAP_NOISE = 24 << 20;

  static Figures of(Datapath datapath, Ends ends) {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    DatapathStatistics now = datapath.statistics();
    return new Figures(
        now.turn().allocations(),
        now.turn().count(Event.ALLOCATED) - now.turn().count(Event.ENDED),
        ends.open(),
        now.connections(),
        now.secured().tlsSessions(),
        now.secured().dtlsSessions(),
        now.shards(),
        openDescriptors(),
        runtime.totalMemory() - runtime.freeMemory(),
        now.faults());
  }

  /** Whether nobody is served any more. */
  static boolean idle(Datapath datapath) {
    DatapathStatistics now = datapath.statistics();
    return now.turn().allocations() == 0
        && now.connections() == 0
        && now.secured().tlsSessions() == 0
        && now.secured().dtlsSessions() == 0;
  }

  boolean isAsBefore(Figures before) {
    return allocations == before.allocations
        && unended == before.unended
        && untold == before.untold
        && connections == before.connections
        && tlsSessions == before.tlsSessions
        && dtlsSessions == before.dtlsSessions
        && shards == before.shards
        && descriptors <= before.descriptors
        && heap <= before.heap + HEAP_NOISE
        && faults == 0;
  }

  static long openDescriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      return -1;
    }
  }
}
