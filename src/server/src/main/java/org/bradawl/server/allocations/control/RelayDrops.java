package org.bradawl.server.allocations.control;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.turn.server.TurnCounters.Event;

/** What the relay dropped or refused, by cause, as REST and the metrics name the causes. */
public final class RelayDrops {

  /** What is counted, but is nothing that went wrong. */
  private static final Set<Event> ORDINARY =
      EnumSet.of(
          Event.BINDING,
          Event.BINDING_REDIRECTED,
          Event.CHALLENGED,
          Event.RETRANSMISSION,
          Event.ALLOCATED,
          Event.ENDED);

  /** Counted by the machines and dropped or refused. */
  public static final Set<Event> REFUSALS = EnumSet.complementOf(EnumSet.copyOf(ORDINARY));

  private RelayDrops() {}

  /** Every cause that happened at least once, with how often. */
  public static Map<String, Long> happened(DatapathStatistics statistics) {
    Map<String, Long> causes = new TreeMap<>();
    for (Event event : REFUSALS) {
      add(causes, event, statistics.turn().count(event));
    }
    for (Drop drop : Drop.values()) {
      add(causes, drop, statistics.dropped(drop));
    }
    return causes;
  }

  /** The name of a cause: lower case, with hyphens. */
  public static String name(Enum<?> cause) {
    return cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void add(Map<String, Long> causes, Enum<?> cause, long count) {
    if (count > 0) {
      causes.merge(name(cause), count, Long::sum);
    }
  }
}
