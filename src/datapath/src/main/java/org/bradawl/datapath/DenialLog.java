package org.bradawl.datapath;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bradawl.stun.FiveTuple;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.Cidr;
import org.bradawl.turn.server.PeerDenial;

/**
 * Writes a line for a denied peer: who asked for whom, and which rule says no. Browsers ask for
 * private addresses all day, and who scans a network asks thousands of times a second; so few lines
 * are written, and each says how many were not.
 */
final class DenialLog implements RelayObserver {

  /** Not of this class: what operators read has a name that they need not look up. */
  private static final Logger LOG = System.getLogger("bradawl.relay");

  /** Enough to see a pattern at once. */
  private static final int BURST = 10;

  /** After those, 86,400 lines a day at the most: some ten megabytes. */
  private static final long LINE_EVERY = Duration.ofSeconds(1).toNanos();

  /** Longer names are cut: a user name may have 508 bytes (RFC 8489 §14.3). */
  private static final int LONGEST_NAME = 80;

  private final RelayObserver next;
  private final LongSupplier clock;
  private final Consumer<String> lines;
  private long paidUntil;
  private boolean begun;
  private long untold;

  /** Beside this observer, which is told everything else. */
  DenialLog(RelayObserver next) {
    this(next, System::nanoTime, line -> LOG.log(Level.INFO, line));
  }

  DenialLog(RelayObserver next, LongSupplier clock, Consumer<String> lines) {
    this.next = next;
    this.clock = clock;
    this.lines = lines;
  }

  @Override
  public void clientSeen(FiveTuple path, String name) {
    next.clientSeen(path, name);
  }

  @Override
  public void allocationStarted(AllocationView allocation) {
    next.allocationStarted(allocation);
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
    next.allocationEnded(allocation);
  }

  @Override
  public synchronized void peerDenied(PeerDenial denial) {
    next.peerDenied(denial);
    long now = clock.getAsLong();
    long from = begun && paidUntil - now > 0 ? paidUntil : now;
    begun = true;
    if (from - now >= BURST * LINE_EVERY) {
      untold++;
      return;
    }
    paidUntil = from + LINE_EVERY;
    lines.accept(line(denial) + (untold == 0 ? "" : "; " + untold + " denials before it untold"));
    untold = 0;
  }

  private static String line(PeerDenial denial) {
    return "peer %s denied to user \"%s\" from %s: %s"
        .formatted(
            denial.peer(), shown(denial.principal().user()), denial.client().client(), why(denial));
  }

  private static String why(PeerDenial denial) {
    return switch (denial.rule()) {
      case OWN_SERVICE -> "a service of this server";
      case OWN_ADDRESS -> "an address of this server, where nobody relays at that port";
      case DENIED -> "in" + range(denial.range()) + " of " + RelaySettings.DENIED_PEERS;
      case NOT_GLOBAL ->
          "not global" + range(denial.range()) + ", and not in " + RelaySettings.ALLOWED_PEERS;
      case CARRIES_IPV4 -> "an IPv6 address that carries an IPv4 one";
    };
  }

  private static String range(Optional<Cidr> range) {
    return range.map(cidr -> " " + cidr).orElse("");
  }

  /** Names come from clients: no line of the log may look like another one. */
  static String shown(String name) {
    StringBuilder shown = new StringBuilder();
    int end =
        name.offsetByCodePoints(0, Math.min(LONGEST_NAME, name.codePointCount(0, name.length())));
    name.substring(0, end)
        .codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            shown.append('\\').appendCodePoint(c);
          } else if (isPlain(c)) {
            shown.appendCodePoint(c);
          } else {
            shown.append("\\u{").append(Integer.toHexString(c)).append('}');
          }
        });
    return end < name.length() ? shown + "…" : shown.toString();
  }

  /** Control and format characters, line separators and what is no character can mislead. */
  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
