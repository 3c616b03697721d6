package org.bradawl.traversal;

import java.util.List;
import java.util.Optional;
import org.bradawl.stun.TransportAddress;

/**
 * What one side tells the other before a step: where its packets will come from.
 *
 * @param step the number of the step
 * @param endpoints the likeliest first
 * @param range the ports to search when the endpoints cannot be told
 */
public record Preparation(int step, List<TransportAddress> endpoints, Optional<Range> range) {

  /** Copies the list. */
  public Preparation {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * Ports of one address.
   *
   * @param lowest any endpoint of the address with the lowest port
   * @param size how many ports
   */
  public record Range(TransportAddress lowest, int size) {

    /** Rejects what goes beyond port 65535. */
    public Range {
      if (size < 1 || lowest.port() + size > 65536) {
        throw new IllegalArgumentException("ports end at 65535");
      }
    }
  }
}
