package org.bradawl.benchmarks.relay;

import java.util.Arrays;

/** Durations in nanoseconds, in places that grow with them: each figure is right to 3 %. */
final class Histogram {

  private static final int PER_OCTAVE = 32;
  private static final int SHIFT = 5;

  private final long[] counts = new long[64 * PER_OCTAVE];
  private long total;

  void add(long nanos) {
    counts[place(Math.max(nanos, 0))]++;
    total++;
  }

  private static int place(long nanos) {
    if (nanos < PER_OCTAVE) {
      return (int) nanos;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    return (exponent - SHIFT + 1) * PER_OCTAVE
        + (int) (nanos >>> (exponent - SHIFT) & (PER_OCTAVE - 1));
  }

  void clear() {
    Arrays.fill(counts, 0);
    total = 0;
  }

  /** The duration that this share of all stays within, in µs; NaN without any. */
  double micros(double share) {
    long wanted = (long) Math.ceil(share * total);
    long seen = 0;
    for (int place = 0; place < counts.length; place++) {
      seen += counts[place];
      if (seen >= wanted && total > 0) {
        return lowest(place) / 1_000.0;
      }
    }
    return Double.NaN;
  }

  private static long lowest(int place) {
    if (place < PER_OCTAVE) {
      return place;
    }
    int exponent = place / PER_OCTAVE + SHIFT - 1;
    return (long) (PER_OCTAVE + place % PER_OCTAVE) << (exponent - SHIFT);
  }
}
