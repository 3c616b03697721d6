package org.bradawl.benchmarks.relay;

import java.io.IOException;
import org.bradawl.datapath.linux.DatagramLoop;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * Opens clients' sockets, at one port after the other: servers remember a five-tuple for some
 * seconds after its allocation has ended, and refuse it meanwhile.
 */
final class ClientSockets {

  private static final int FIRST = 29_000;
  private static final int LAST = 64_999;

  private static int next = FIRST;

  private ClientSockets() {}

  /**
   * Opens a socket of this loop.
   *
   * @param buffer bytes that may wait in it
   */
  static void open(DatagramLoop loop, IpAddress local, int buffer) throws IOException {
    for (int tries = 0; tries < LAST - FIRST; tries++) {
      int port = next;
      next = next == LAST ? FIRST : next + 1;
      try {
        loop.open(new TransportAddress(local, port), buffer);
        return;
      } catch (IOException e) {
        // Somebody else's port; the next one may be free.
      }
    }
    throw new IOException("no port from " + FIRST + " to " + LAST + " is free at " + local);
  }
}
