package org.bradawl.tests.support;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Ports of the loopback addresses that nobody holds, for UDP and TCP alike. Below the range from
 * which the system gives out ports by itself, so that no client takes one by chance before the test
 * binds it; and none twice in one run, so that two tests that are about to bind do not meet.
 */
public final class FreePorts {

  private static final int FROM = 20_000;
  private static final int TO = 32_000;
  private static final int TRIES = 200;

  private static final Set<Integer> GIVEN = new HashSet<>();

  private FreePorts() {}

  /** One free port. */
  public static int one() {
    return consecutive(1);
  }

  /**
   * The first of {@code count} consecutive free ports.
   *
   * @throws IllegalStateException if none are found
   */
  public static synchronized int consecutive(int count) {
    RandomGenerator random = RandomGenerator.getDefault();
    for (int attempt = 0; attempt < TRIES; attempt++) {
      int first = random.nextInt(FROM, TO - count);
      boolean free = true;
      for (int port = first; free && port < first + count; port++) {
        free = !GIVEN.contains(port) && free(port);
      }
      if (free) {
        for (int port = first; port < first + count; port++) {
          GIVEN.add(port);
        }
        return first;
      }
    }
    throw new IllegalStateException("found no " + count + " free ports");
  }

  private static boolean free(int port) {
    InetSocketAddress address = new InetSocketAddress(port);
    try (DatagramSocket udp = new DatagramSocket(null);
        ServerSocket tcp = new ServerSocket()) {
      udp.bind(address);
      tcp.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
