package org.bradawl.traversal;

import org.bradawl.nat.PortModel;

/**
 * The chance that a search meets: one side opens sockets, whose external ports are anywhere among
 * some range, and the other probes ports of that range at random, none twice.
 */
public final class Birthday {

  private Birthday() {}

  /**
   * P = 1 − ∏ (N − m − i) / (N − i) for i from 0 to k − 1.
   *
   * @param range N, how many ports the sockets' external ports are drawn from
   * @param sockets m
   * @param probes k
   */
  public static double chance(int range, int sockets, int probes) {
    if (probes + sockets > range) {
      return sockets > 0 && probes > 0 ? 1 : 0;
    }
    double miss = 1;
    for (int i = 0; i < probes; i++) {
      miss *= (double) (range - sockets - i) / (range - i);
    }
    return 1 - miss;
  }

  /** How many probes give this chance against {@code sockets}, or more than the range if none. */
  public static int probesFor(double chance, int range, int sockets) {
    double miss = 1;
    for (int i = 0; i < range - sockets; i++) {
      miss *= (double) (range - sockets - i) / (range - i);
      if (1 - miss >= chance) {
        return i + 1;
      }
    }
    return range;
  }

  /**
   * How many probes from each side give this chance when both sides' ports are anywhere: each pair
   * must meet in both ports at once. About 54,000 for one half.
   */
  public static long probesForBoth(double chance) {
    double pairs = (double) PortModel.PORTS * PortModel.PORTS;
    return (long) Math.ceil(Math.sqrt(-Math.log(1 - chance) * pairs));
  }
}
