package org.bradawl.datapath;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** What this process holds of memory, once what is not needed any more is collected. */
final class Memory {

  private Memory() {}

  /** Bytes in use on the heap and in buffers beside it. */
  static long used() {
    long least = Long.MAX_VALUE;
    // What ends in one collection may let go of more in the next: weak references, cleaners.
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, now());
    }
    return least;
  }

  private static long now() {
    long buffers =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + buffers;
  }
}
