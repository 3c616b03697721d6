package org.bradawl.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bradawl.simulation.Packet.Protocol;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** Connection tracking with masquerade: the naive router of {@link LinuxRouterSpecification}. */
public final class LinuxRouter implements Node {

  /** A direction of a flow as the kernel sees it on an interface. */
  private record Tuple(Protocol protocol, TransportAddress source, TransportAddress destination) {}

  /** A flow; {@code inside} is empty when it ends at the router itself. */
  private static final class Entry {
    final Tuple inbound;
    final Optional<Tuple> inside;
    boolean answered;
    long usedNanos;

    Entry(Tuple inbound, Optional<Tuple> inside) {
      this.inbound = inbound;
      this.inside = inside;
    }
  }

  private final LinuxRouterSpecification specification;
  private final Realm inner;
  private final Realm outer;
  private final IpAddress external;
  private final VirtualTime time;
  private final Map<Tuple, Entry> byInbound = new HashMap<>();
  private final Map<Tuple, Entry> byInside = new HashMap<>();

  LinuxRouter(
      LinuxRouterSpecification specification, Realm inner, Realm outer, IpAddress external) {
    this.specification = specification;
    this.inner = inner;
    this.outer = outer;
    this.external = external;
    this.time = inner.time();
    inner.leadOutThrough(this);
    outer.attach(external, this::fromOutside);
  }

  /** Takes a packet from inside. */
  @Override
  public void receive(Packet packet) {
    Packet onward = packet.after(1);
    // Masquerade alone does not hairpin: what is for the router's own address ends there.
    if (onward.ttl() <= 0 || packet.destination().address().equals(external)) {
      return;
    }
    Tuple inside = new Tuple(packet.protocol(), packet.source(), packet.destination());
    Entry entry =
        Optional.ofNullable(byInside.get(inside))
            .filter(this::alive)
            .orElseGet(() -> masquerade(inside));
    entry.usedNanos = time.nanos();
    outer.send(onward.from(entry.inbound.destination()));
  }

  private Entry masquerade(Tuple inside) {
    int port = inside.source().port();
    Tuple inbound = inboundOf(inside, port);
    while (isTaken(inbound)) {
      port = 1024 + time.random().nextInt(64512);
      inbound = inboundOf(inside, port);
    }
    Entry entry = new Entry(inbound, Optional.of(inside));
    byInside.put(inside, entry);
    byInbound.put(inbound, entry);
    return entry;
  }

  private Tuple inboundOf(Tuple inside, int port) {
    return new Tuple(inside.protocol(), inside.destination(), new TransportAddress(external, port));
  }

  private boolean isTaken(Tuple inbound) {
    Entry entry = byInbound.get(inbound);
    return entry != null && alive(entry);
  }

  private void fromOutside(Packet packet) {
    Tuple inbound = new Tuple(packet.protocol(), packet.source(), packet.destination());
    Optional<Entry> entry = Optional.ofNullable(byInbound.get(inbound)).filter(this::alive);
    Optional<Tuple> inside = entry.flatMap(found -> found.inside);
    if (inside.isPresent()) {
      entry.get().usedNanos = time.nanos();
      answered(entry.get(), packet);
      Packet onward = packet.to(inside.get().source()).after(1);
      if (onward.ttl() > 0) {
        inner.send(onward);
      }
    } else if (!packet.isRefusal()) {
      deliverToRouter(inbound, packet);
    }
  }

  /** A flow whose only answer is a RST is forgotten (the kernel's nf_conntrack_tcp_packet). */
  private void answered(Entry entry, Packet packet) {
    if (packet.isReset() && !entry.answered) {
      byInbound.remove(entry.inbound, entry);
      entry.inside.ifPresent(inside -> byInside.remove(inside, entry));
    }
    entry.answered = true;
  }

  private void deliverToRouter(Tuple inbound, Packet packet) {
    // A lone RST as the answer to a SYN makes the kernel forget the flow again; a datagram's stays.
    if (packet.protocol() == Protocol.UDP) {
      Entry entry = new Entry(inbound, Optional.empty());
      entry.usedNanos = time.nanos();
      byInbound.put(inbound, entry);
    }
    outer.send(packet.refused());
  }

  private boolean alive(Entry entry) {
    boolean tcp = entry.inbound.protocol() == Protocol.TCP;
    if (tcp || time.nanos() - entry.usedNanos <= specification.udpLifetime().toNanos()) {
      return true;
    }
    byInbound.remove(entry.inbound, entry);
    entry.inside.ifPresent(inside -> byInside.remove(inside, entry));
    return false;
  }
}
