package org.bradawl.datapath;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import org.bradawl.stun.TransportAddress;

/** Whether an address and port are to be had at this moment. */
final class PortProbe {

  private PortProbe() {}

  static boolean isFree(TransportAddress endpoint) {
    try (DatagramSocket udp = new DatagramSocket(null);
        ServerSocket tcp = new ServerSocket()) {
      udp.bind(endpoint.toSocketAddress());
      tcp.bind(endpoint.toSocketAddress());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
