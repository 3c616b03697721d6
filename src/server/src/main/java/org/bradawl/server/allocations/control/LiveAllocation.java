package org.bradawl.server.allocations.control;

import java.time.Instant;
import java.util.Locale;
import org.bradawl.turn.server.AllocationView;

/**
 * A living allocation, its times translated from the relay's monotonic clock to the calendar.
 *
 * @param expires when it ends unless it is refreshed
 */
public record LiveAllocation(AllocationView view, Instant started, Instant expires) {

  /** What it relays: {@code udp} or {@code tcp}, between server and peers. */
  public String relays() {
    return view.relaysTcp() ? "tcp" : "udp";
  }

  /** {@code udp}, {@code tcp}, {@code tls} or {@code dtls}, between client and server. */
  public String transport() {
    return view.info().client().transport().name().toLowerCase(Locale.ROOT);
  }
}
