package org.bradawl.simulation;

import java.time.Duration;
import java.util.List;
import org.bradawl.stun.IpAddress;

/**
 * A NAT in RFC 4787's and RFC 5382's terms.
 *
 * @param parity whether an even internal port gets an even external one and an odd an odd (§4.2.2)
 * @param udpLifetime idle time after which a UDP mapping ends
 * @param inboundRefresh whether a packet from outside counts as use (§4.3)
 */
public record NatSpecification(
    EndpointBehavior mapping,
    EndpointBehavior filtering,
    PortAllocation ports,
    boolean parity,
    Hairpin hairpin,
    Pooling pooling,
    Unsolicited unsolicited,
    Duration udpLifetime,
    boolean inboundRefresh)
    implements GatewaySpecification {

  /** What becomes of a packet from inside to the NAT's own external address (RFC 4787 §6). */
  public enum Hairpin {
    NONE,
    INTERNAL_SOURCE,
    EXTERNAL_SOURCE
  }

  /** Which of several external addresses a mapping gets (RFC 4787 §4.1). */
  public enum Pooling {
    /** All of one host's mappings share one. */
    PAIRED,
    /** Any one for each mapping. */
    ARBITRARY
  }

  /** What a packet that nobody asked for is answered with (RFC 5382 §4.3 for a SYN). */
  public enum Unsolicited {
    SILENCE,
    /** ICMP port unreachable to a datagram, RST to a segment. */
    REFUSAL
  }

  /** RFC 4787's REQ-5: not less than two minutes; what well-made NATs do. */
  private static final Duration USUAL_LIFETIME = Duration.ofMinutes(2);

  /** A NAT without hairpinning that is silent to strangers and preserves ports. */
  public static NatSpecification of(EndpointBehavior mapping, EndpointBehavior filtering) {
    return new NatSpecification(
        mapping,
        filtering,
        new PortAllocation.Preserving(),
        false,
        Hairpin.NONE,
        Pooling.PAIRED,
        Unsolicited.SILENCE,
        USUAL_LIFETIME,
        false);
  }

  /** The same with other ports. */
  public NatSpecification with(PortAllocation newPorts) {
    return new NatSpecification(
        mapping,
        filtering,
        newPorts,
        parity,
        hairpin,
        pooling,
        unsolicited,
        udpLifetime,
        inboundRefresh);
  }

  /** The same with this hairpinning. */
  public NatSpecification with(Hairpin newHairpin) {
    return new NatSpecification(
        mapping,
        filtering,
        ports,
        parity,
        newHairpin,
        pooling,
        unsolicited,
        udpLifetime,
        inboundRefresh);
  }

  /** The same with this pooling. */
  public NatSpecification with(Pooling newPooling) {
    return new NatSpecification(
        mapping,
        filtering,
        ports,
        parity,
        hairpin,
        newPooling,
        unsolicited,
        udpLifetime,
        inboundRefresh);
  }

  /** The same with these manners. */
  public NatSpecification with(Unsolicited newUnsolicited) {
    return new NatSpecification(
        mapping,
        filtering,
        ports,
        parity,
        hairpin,
        pooling,
        newUnsolicited,
        udpLifetime,
        inboundRefresh);
  }

  /** The same with this lifetime of UDP mappings. */
  public NatSpecification with(Duration newUdpLifetime) {
    return new NatSpecification(
        mapping,
        filtering,
        ports,
        parity,
        hairpin,
        pooling,
        unsolicited,
        newUdpLifetime,
        inboundRefresh);
  }

  /** The same, keeping the parity of ports. */
  public NatSpecification keepingParity() {
    return new NatSpecification(
        mapping,
        filtering,
        ports,
        true,
        hairpin,
        pooling,
        unsolicited,
        udpLifetime,
        inboundRefresh);
  }

  @Override
  public Nat between(Realm inner, Realm outer, List<IpAddress> externalAddresses) {
    return new Nat(this, inner, outer, externalAddresses);
  }
}
