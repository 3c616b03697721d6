package org.bradawl.datapath.linux;

import java.lang.foreign.Arena;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * What the running kernel can do for UDP, asked of it once at the start.
 *
 * @param receiveRuns whether it hands over runs of datagrams as one (UDP_GRO, Linux 5.0)
 * @param sendRuns whether it cuts runs up into datagrams (UDP_SEGMENT, Linux 4.18)
 * @param receiveBuffer what it grants of {@link #LISTENER_BUFFER}, in bytes
 * @param shortSlices whether it gives a thread shorter turns that asks for them (Linux 6.12)
 */
record KernelFeatures(
    boolean receiveRuns, boolean sendRuns, int receiveBuffer, boolean shortSlices) {

  /**
   * What listeners ask for, to ride out a turn that takes long: at 200,000 packets/s and 300 bytes
   * each with the kernel's own overhead of about 700, 20 ms. The kernel grants what {@code
   * net.core.rmem_max} allows.
   */
  static final int LISTENER_BUFFER = 4 << 20;

  /**
   * What relay sockets ask for: one peer's burst. 500 datagrams of 1200 bytes and the kernel's
   * overhead, which is 5 ms of a relay's share of a busy core; empty it costs nothing.
   */
  static final int RELAY_BUFFER = 1 << 19;

  /**
   * Packets up to this size may share a run. A run is cut into datagrams that must each fit the
   * path's MTU: Ethernet's 1500 less 48 for IPv6 and UDP. Larger ones would have to be fragmented,
   * which goes only one by one.
   */
  private static final int SEGMENT_LIMIT = 1452;

  /** Asks the kernel. */
  static KernelFeatures probe() {
    try (Arena arena = Arena.ofConfined()) {
      Libc libc = new Libc(arena);
      Slice slice = new Slice(libc, arena);
      boolean shortSlices = slice.shorten();
      slice.restore();
      Sockets sockets = new Sockets(libc, new SocketAddresses(), arena);
      int fd = sockets.openUdp(new TransportAddress(IpAddress.v4(0x7f000001), 0), false);
      if (fd < 0) {
        return new KernelFeatures(false, false, 0, shortSlices);
      }
      boolean receives = sockets.set(fd, Abi.SOL_UDP, Abi.UDP_GRO, 1) == 0;
      boolean sends = sockets.set(fd, Abi.SOL_UDP, Abi.UDP_SEGMENT, 0) == 0;
      sockets.set(fd, Abi.SOL_SOCKET, Abi.SO_RCVBUF, LISTENER_BUFFER);
      // The kernel doubles what it is asked for, to pay for its own overhead (socket(7)).
      int granted = sockets.get(fd, Abi.SOL_SOCKET, Abi.SO_RCVBUF) / 2;
      sockets.close(fd);
      return new KernelFeatures(receives, sends, granted, shortSlices);
    }
  }

  KernelFeatures withoutRuns() {
    return new KernelFeatures(false, false, receiveBuffer, shortSlices);
  }

  int segmentLimit() {
    return sendRuns ? SEGMENT_LIMIT : 0;
  }
}
