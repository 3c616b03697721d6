package org.bradawl.agent.net;

import java.util.Optional;
import java.util.Set;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * Notices that this host has come to another network: Java tells of no such thing, so the addresses
 * are looked at every now and then. While no way leads to the server nothing is said; what counts
 * is where the host is when one does again.
 */
public final class NetworkWatch implements AutoCloseable {

  /** Listing the interfaces takes a fraction of a millisecond, and who moves waits for this. */
  private static final long LOOK_NANOS = 500_000_000L;

  private record View(Optional<IpAddress> towards, Set<IpAddress> all) {}

  private final TransportAddress server;
  private final Runnable moved;
  private final EventLoop.Alarm alarm;
  private View last;

  /**
   * Begins to watch, on the loop's thread.
   *
   * @param server what has to be reached
   * @param moved is told, on the loop's thread, when the host's addresses are others than before
   */
  public NetworkWatch(EventLoop loop, TransportAddress server, Runnable moved) {
    this.server = server;
    this.moved = moved;
    this.last = view();
    this.alarm =
        loop.alarm(() -> {
          look();
          again();
        });
    again();
  }

  private void again() {
    alarm.in(LOOK_NANOS);
  }

  private View view() {
    return new View(LocalAddresses.towards(server), Set.copyOf(LocalAddresses.all()));
  }

  private void look() {
    View now = view();
    boolean changed = !now.equals(last);
    if (now.towards().isPresent()) {
      last = now;
      if (changed) {
        moved.run();
      }
    }
  }

  @Override
  public void close() {
    alarm.remove();
  }
}
