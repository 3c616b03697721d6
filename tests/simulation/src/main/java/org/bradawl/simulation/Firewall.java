package org.bradawl.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.bradawl.simulation.Packet.Protocol;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * A home's router for IPv6: it translates nothing, and lets in only who was written to from the
 * very endpoint that is answered (RFC 6092 §3, REC-12 and REC-33 with simple security). Who is not
 * let in hears nothing of it.
 */
public final class Firewall implements Node {

  private record Flow(Protocol protocol, TransportAddress inner, TransportAddress outer) {}

  private final Realm inner;
  private final Realm outer;
  private final long lifetimeNanos;
  private final Map<Flow, Long> lastOut = new HashMap<>();

  /**
   * Stands between a home and the internet.
   *
   * @param host the address behind it, which is global
   * @param udpLifetime how long after the last packet out answers are let in
   */
  public Firewall(Realm inner, Realm outer, IpAddress host, Duration udpLifetime) {
    this.inner = inner;
    this.outer = outer;
    this.lifetimeNanos = udpLifetime.toNanos();
    inner.leadOutThrough(IpAddress.Family.IPV6, this);
    outer.attach(host, this::fromOutside);
  }

  /** Takes a packet from inside. */
  @Override
  public void receive(Packet packet) {
    Packet onward = packet.after(1);
    if (onward.ttl() > 0) {
      lastOut.put(
          new Flow(packet.protocol(), packet.source(), packet.destination()), inner.time().nanos());
      outer.send(onward);
    }
  }

  private void fromOutside(Packet packet) {
    Flow answered = new Flow(packet.protocol(), packet.destination(), packet.source());
    Long since = lastOut.get(answered);
    Packet onward = packet.after(1);
    boolean open =
        since != null
            && (packet.protocol() == Protocol.TCP || inner.time().nanos() - since <= lifetimeNanos);
    if (open && onward.ttl() > 0) {
      inner.send(onward);
    }
  }
}
