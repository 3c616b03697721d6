package org.bradawl.datapath.portable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.ProxyHeader;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.Cidr;
import org.bradawl.turn.server.StunTurnServer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the PROXY header off datagrams from stated proxies, each of which must have one, and sends
 * what is for their clients back by them. Everyone else's datagrams pass as they are.
 */
final class ProxyEntrance implements Entrance {

  private final List<Cidr> proxies;
  private final ShardCounters counters;
  private final @Nullable Entrance next;

  ProxyEntrance(List<Cidr> proxies, ShardCounters counters, @Nullable Entrance next) {
    this.proxies = proxies;
    this.counters = counters;
    this.next = next;
  }

  static boolean isListed(List<Cidr> proxies, IpAddress address) {
    return proxies.stream().anyMatch(range -> range.contains(address));
  }

  @Override
  public void take(
      UdpListener listener,
      InetSocketAddress source,
      InetSocketAddress via,
      ByteBuffer datagram,
      StunTurnServer machine,
      long now) {
    if (proxies.isEmpty() || !isListed(proxies, IpAddress.of(source.getAddress()))) {
      pass(listener, source, via, datagram, machine, now);
      return;
    }
    switch (ProxyHeader.read(datagram, false)) {
      case ProxyHeader.Incomplete _, ProxyHeader.Malformed _ -> counters.dropped(Drop.PROXY_HEADER);
      case ProxyHeader.Unnamed unnamed -> {
        datagram.position(datagram.position() + unnamed.length());
        pass(listener, source, via, datagram, machine, now);
      }
      case ProxyHeader.Named named -> {
        datagram.position(datagram.position() + named.length());
        listener.reachedBy(named.client(), via);
        pass(listener, named.client().toSocketAddress(), via, datagram, machine, now);
      }
    }
  }

  private void pass(
      UdpListener listener,
      InetSocketAddress source,
      InetSocketAddress via,
      ByteBuffer datagram,
      StunTurnServer machine,
      long now) {
    if (next == null) {
      machine.fromClient(listener.path(source), datagram, now);
    } else {
      next.take(listener, source, via, datagram, machine, now);
    }
  }
}
