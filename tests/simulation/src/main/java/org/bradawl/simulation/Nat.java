package org.bradawl.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bradawl.simulation.Packet.Protocol;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** A NAT that does exactly what its {@link NatSpecification} says. */
public final class Nat implements Node {

  /** Real TCP sessions outlive any test (RFC 5382 §5: 2 hours 4 minutes). */
  private static final long TCP_LIFETIME_NANOS = 7_440_000_000_000L;

  private record Key(Protocol protocol, TransportAddress internal, TransportAddress remote) {}

  private record External(Protocol protocol, TransportAddress address) {}

  private static final class Mapping {
    final Key key;
    final External external;
    final Map<TransportAddress, Long> permitted = new HashMap<>();
    final Set<TransportAddress> answered = new HashSet<>();
    long usedNanos;

    /** It was asked for: it lets everybody in and does not end. */
    boolean requested;

    Mapping(Key key, External external) {
      this.key = key;
      this.external = external;
    }
  }

  private final NatSpecification specification;
  private final Realm inner;
  private final Realm outer;
  private final VirtualTime time;
  private final List<IpAddress> externalAddresses;
  private final Map<IpAddress, IpAddress> pairings = new HashMap<>();
  private final Map<External, PortPool> pools = new HashMap<>();
  private final Map<Key, Mapping> byInternal = new HashMap<>();
  private final Map<External, Mapping> byExternal = new HashMap<>();

  /** Flows that a host has begun itself, and those that came to a port opened on request. */
  private final Set<Key> begun = new HashSet<>();

  private final Map<Key, Mapping> answering = new HashMap<>();

  Nat(NatSpecification specification, Realm inner, Realm outer, List<IpAddress> externalAddresses) {
    this.specification = specification;
    this.inner = inner;
    this.outer = outer;
    this.time = inner.time();
    this.externalAddresses = List.copyOf(externalAddresses);
    inner.leadOutThrough(this);
    externalAddresses.forEach(address -> outer.attach(address, this::fromOutside));
  }

  /** What it was built from. */
  public NatSpecification specification() {
    return specification;
  }

  /** How many mappings it holds, ended ones included until they are looked at. */
  public int mappings() {
    return byInternal.size();
  }

  /** Forgets every mapping, as a reboot does. */
  public void reboot() {
    byInternal.clear();
    byExternal.clear();
    begun.clear();
    answering.clear();
    pools.clear();
  }

  /**
   * Opens a port for a host on request, as UPnP, NAT-PMP and PCP have it done; what the host sends
   * by itself goes on getting the ports that it got before, as on a Linux router.
   */
  public TransportAddress open(Protocol protocol, TransportAddress internal) {
    IpAddress address = externalAddressFor(internal.address());
    int port =
        pool(protocol, address)
            .take(internal.address(), internal.port())
            .orElseThrow(() -> new IllegalStateException("no port is left"));
    External external = new External(protocol, new TransportAddress(address, port));
    Mapping mapping = new Mapping(new Key(protocol, internal, external.address()), external);
    mapping.requested = true;
    byExternal.put(external, mapping);
    return external.address();
  }

  private PortPool pool(Protocol protocol, IpAddress address) {
    return pools.computeIfAbsent(
        new External(protocol, new TransportAddress(address, 0)),
        _ -> new PortPool(specification, time.random()));
  }

  /** Takes a packet from inside. */
  @Override
  public void receive(Packet packet) {
    Packet onward = packet.after(1);
    if (onward.ttl() <= 0) {
      return;
    }
    if (!externalAddresses.contains(packet.destination().address())) {
      outward(onward).ifPresent(outer::send);
    } else if (specification.hairpin() != NatSpecification.Hairpin.NONE) {
      outward(onward).ifPresent(translated -> turnBack(packet.source(), translated));
    }
  }

  private void turnBack(TransportAddress internalSource, Packet translated) {
    admitted(translated)
        .map(back ->
            specification.hairpin() == NatSpecification.Hairpin.INTERNAL_SOURCE
                ? back.from(internalSource)
                : back)
        .ifPresent(inner::send);
  }

  private Optional<Packet> outward(Packet packet) {
    Key key =
        new Key(
            packet.protocol(),
            packet.source(),
            specification.mapping().keyOf(packet.destination()));
    Key flow = new Key(packet.protocol(), packet.source(), packet.destination());
    if (answering.containsKey(flow)) {
      return Optional.of(packet.from(answering.get(flow).external.address()));
    }
    begun.add(flow);
    Optional<Mapping> mapping =
        Optional.ofNullable(byInternal.get(key)).filter(this::alive).or(() -> allocate(key));
    mapping.ifPresent(found -> {
      found.usedNanos = time.nanos();
      found.permitted.put(specification.filtering().keyOf(packet.destination()), time.nanos());
    });
    return mapping.map(found -> packet.from(found.external.address()));
  }

  private Optional<Mapping> allocate(Key key) {
    IpAddress address = externalAddressFor(key.internal().address());
    return pool(key.protocol(), address)
        .take(key.internal().address(), key.internal().port())
        .map(port -> {
          External external = new External(key.protocol(), new TransportAddress(address, port));
          Mapping mapping = new Mapping(key, external);
          byInternal.put(key, mapping);
          byExternal.put(external, mapping);
          return mapping;
        });
  }

  private IpAddress externalAddressFor(IpAddress host) {
    int any = time.random().nextInt(externalAddresses.size());
    return switch (specification.pooling()) {
      case PAIRED -> pairings.computeIfAbsent(host, _ -> externalAddresses.get(any));
      case ARBITRARY -> externalAddresses.get(any);
    };
  }

  private void fromOutside(Packet packet) {
    Optional<Packet> admitted = admitted(packet.after(1));
    if (admitted.isPresent()) {
      inner.send(admitted.get());
    } else if (specification.unsolicited() == NatSpecification.Unsolicited.REFUSAL
        && !packet.isRefusal()) {
      outer.send(packet.refused());
    }
  }

  private Optional<Packet> admitted(Packet packet) {
    Mapping mapping = byExternal.get(new External(packet.protocol(), packet.destination()));
    if (packet.ttl() <= 0 || mapping == null || !alive(mapping)) {
      return Optional.empty();
    }
    if (!permits(mapping, packet.source())) {
      return Optional.empty();
    }
    answered(mapping, packet);
    if (mapping.requested) {
      // What the host has begun before goes on as it began, and the answers from elsewhere.
      Key flow = new Key(packet.protocol(), mapping.key.internal(), packet.source());
      if (!begun.contains(flow)) {
        answering.put(flow, mapping);
      }
      return Optional.of(packet.to(mapping.key.internal()));
    }
    // NATs that track connections answer a flow that came in from the endpoint it came to, even
    // where a flow of the host's own to the same peer would have got another one.
    Key reply =
        new Key(
            packet.protocol(),
            mapping.key.internal(),
            specification.mapping().keyOf(packet.source()));
    byInternal.putIfAbsent(reply, mapping);
    if (specification.inboundRefresh()) {
      mapping.usedNanos = time.nanos();
    }
    return Optional.of(packet.to(mapping.key.internal()));
  }

  /**
   * A connection whose only answer is a RST is over; where each is tracked by itself, its
   * permission goes with it.
   */
  private void answered(Mapping mapping, Packet packet) {
    boolean tracked = specification.filtering() == EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT;
    if (tracked && packet.isReset() && !mapping.answered.contains(packet.source())) {
      mapping.permitted.remove(packet.source());
    } else if (packet.protocol() == Protocol.TCP) {
      mapping.answered.add(packet.source());
    }
  }

  private boolean permits(Mapping mapping, TransportAddress source) {
    if (mapping.requested || specification.filtering() == EndpointBehavior.ENDPOINT_INDEPENDENT) {
      return true;
    }
    Long since = mapping.permitted.get(specification.filtering().keyOf(source));
    return since != null && time.nanos() - since <= lifetimeNanos(mapping);
  }

  private boolean alive(Mapping mapping) {
    if (mapping.requested || time.nanos() - mapping.usedNanos <= lifetimeNanos(mapping)) {
      return true;
    }
    byInternal.remove(mapping.key, mapping);
    if (byExternal.remove(mapping.external, mapping)) {
      External pool =
          new External(
              mapping.external.protocol(),
              new TransportAddress(mapping.external.address().address(), 0));
      Optional.ofNullable(pools.get(pool))
          .ifPresent(found -> found.release(mapping.external.address().port()));
    }
    return false;
  }

  private long lifetimeNanos(Mapping mapping) {
    return switch (mapping.key.protocol()) {
      case UDP -> specification.udpLifetime().toNanos();
      case TCP -> TCP_LIFETIME_NANOS;
    };
  }
}
