package org.bradawl.datapath;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.PortHold;

/** Holds reserved ports by binding sockets to them that nobody reads. */
final class HeldPorts implements PortHold {

  private final Map<TransportAddress, DatagramChannel> held = new ConcurrentHashMap<>();

  @Override
  public boolean hold(TransportAddress local) {
    try {
      DatagramChannel socket = open(local);
      try {
        socket.bind(local.toSocketAddress());
      } catch (IOException e) {
        socket.close();
        return false;
      }
      held.put(local, socket);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static DatagramChannel open(TransportAddress local) throws IOException {
    return switch (local.address().family()) {
      case IPV4 -> DatagramChannel.open(StandardProtocolFamily.INET);
      case IPV6 -> DatagramChannel.open(StandardProtocolFamily.INET6);
    };
  }

  @Override
  public void release(TransportAddress local) {
    DatagramChannel socket = held.remove(local);
    if (socket == null) {
      return;
    }
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a held port cannot be let go", e);
    }
  }
}
