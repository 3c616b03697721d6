package org.bradawl.datapath.portable;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bradawl.stun.TransportAddress;

/** By which proxy each datagram client is reached; whoever was silent longest makes room. */
final class ProxiedClients extends LinkedHashMap<TransportAddress, InetSocketAddress> {

  private static final long serialVersionUID = 1L;

  /** Every client of a full shard several times over, in about 10 MB. */
  private static final int MOST = 65_536;

  ProxiedClients() {
    super(16, 0.75f, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<TransportAddress, InetSocketAddress> eldest) {
    return size() > MOST;
  }
}
