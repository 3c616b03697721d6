package org.bradawl.simulation;

/** How a NAT picks the external port of a new mapping (RFC 4787 §4.2). */
public sealed interface PortAllocation {

  /** The internal port if it is free, otherwise any. */
  record Preserving() implements PortAllocation {}

  /**
   * A counter over all mappings of an external address.
   *
   * @param step added for each mapping; negative counts down
   */
  record Contiguous(int step) implements PortAllocation {
    /** Rejects a counter that stands still. */
    public Contiguous {
      if (step == 0) {
        throw new IllegalArgumentException("a step is not 0");
      }
    }
  }

  /**
   * Any port of a block that belongs to the internal host, as carrier NATs do (RFC 7422).
   *
   * @param size ports in a block; blocks begin at 1024 and at multiples of the size from there
   */
  record BlockRandom(int size) implements PortAllocation {}

  /** Any port from 1024 up. */
  record Random() implements PortAllocation {}
}
