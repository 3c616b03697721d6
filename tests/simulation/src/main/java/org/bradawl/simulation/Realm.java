package org.bradawl.simulation;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.stun.IpAddress;

/**
 * An address realm (RFC 2663 §2.1): within it an address is one node's. Realms may use the same
 * private ranges; nothing but a gateway leads from one to another.
 */
public final class Realm {

  private final VirtualTime time;
  private final LinkQuality quality;
  private final Map<IpAddress, Node> nodes = new HashMap<>();
  private final Map<IpAddress.Family, Node> gateways = new EnumMap<>(IpAddress.Family.class);
  private long sent;
  private long lost;

  /** An empty realm whose packets fare as {@code quality} says. */
  public Realm(VirtualTime time, LinkQuality quality) {
    this.time = time;
    this.quality = quality;
  }

  /** The loop that everything in the realm runs on. */
  public VirtualTime time() {
    return time;
  }

  /** Gives {@code address} to {@code node}; an address has one owner. */
  public void attach(IpAddress address, Node node) {
    if (nodes.putIfAbsent(address, node) != null) {
      throw new IllegalArgumentException(address + " is taken in this realm");
    }
  }

  /** Takes {@code address} away from whoever has it. */
  public void detach(IpAddress address) {
    nodes.remove(address);
  }

  /** Has packets for unknown addresses go to {@code node}. */
  public void leadOutThrough(Node node) {
    for (IpAddress.Family family : IpAddress.Family.values()) {
      gateways.put(family, node);
    }
  }

  /** The same for one family, where each has a router of its own. */
  public void leadOutThrough(IpAddress.Family family, Node node) {
    gateways.put(family, node);
  }

  /** Whether the address is somebody's here. */
  public boolean knows(IpAddress address) {
    return nodes.containsKey(address);
  }

  /** How many packets have been sent in the realm. */
  public long sent() {
    return sent;
  }

  /** How many of them were lost, died of their TTL or had no taker. */
  public long lost() {
    return lost;
  }

  /** Carries a packet to the owner of its destination, or to the gateway, or nowhere. */
  public void send(Packet packet) {
    sent++;
    IpAddress destination = packet.destination().address();
    Optional<Node> taker =
        Optional.ofNullable(nodes.get(destination))
            .or(() -> Optional.ofNullable(gateways.get(destination.family())));
    Packet arriving = packet.after(quality.hops());
    RandomGenerator random = time.random();
    if (taker.isEmpty() || arriving.ttl() <= 0 || random.nextDouble() < quality.loss()) {
      lost++;
      return;
    }
    long nanos = quality.delay().toNanos();
    if (!quality.jitter().isZero()) {
      nanos += random.nextLong(quality.jitter().toNanos());
    }
    if (quality.reorder() > 0 && random.nextDouble() < quality.reorder()) {
      nanos += 3 * quality.delay().toNanos();
    }
    Node node = taker.get();
    time.at(time.nanos() + nanos, () -> node.receive(arriving));
  }
}
