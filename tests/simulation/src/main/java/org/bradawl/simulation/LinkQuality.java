package org.bradawl.simulation;

import java.time.Duration;

/**
 * How packets fare between two nodes of a realm.
 *
 * @param delay what every packet takes at least
 * @param jitter up to this much more, evenly spread; more than the spacing of packets reorders them
 * @param loss chance of a packet to vanish, 0 to 1
 * @param reorder chance of a packet to be overtaken: it takes another three delays
 * @param hops routers on the way, for packets with a low TTL
 */
public record LinkQuality(Duration delay, Duration jitter, double loss, double reorder, int hops) {

  /** Rejects what is no probability and time that runs backwards. */
  public LinkQuality {
    if (loss < 0 || loss > 1 || reorder < 0 || reorder > 1) {
      throw new IllegalArgumentException("a chance lies between 0 and 1");
    }
    if (delay.isNegative() || jitter.isNegative() || hops < 0) {
      throw new IllegalArgumentException("delay, jitter and hops are not negative");
    }
  }

  /** A home network: a fraction of a millisecond, nothing lost, no router inside. */
  public static LinkQuality lan() {
    return new LinkQuality(Duration.ofNanos(200_000), Duration.ofNanos(100_000), 0, 0, 0);
  }

  /** An internet across a continent: 20 ms one way, 2 ms of jitter, eight routers. */
  public static LinkQuality internet() {
    return new LinkQuality(Duration.ofMillis(20), Duration.ofMillis(2), 0, 0, 8);
  }

  /** The same with this chance of loss. */
  public LinkQuality withLoss(double newLoss) {
    return new LinkQuality(delay, jitter, newLoss, reorder, hops);
  }

  /** The same with this delay and jitter. */
  public LinkQuality withDelay(Duration newDelay, Duration newJitter) {
    return new LinkQuality(newDelay, newJitter, loss, reorder, hops);
  }

  /** The same with this chance of being overtaken. */
  public LinkQuality withReorder(double newReorder) {
    return new LinkQuality(delay, jitter, loss, newReorder, hops);
  }

  /** The same with this many routers. */
  public LinkQuality withHops(int newHops) {
    return new LinkQuality(delay, jitter, loss, reorder, newHops);
  }
}
