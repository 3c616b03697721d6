package org.bradawl.nat;

import java.util.List;
import java.util.Optional;
import org.bradawl.stun.TransportAddress;

/**
 * What a discovery found. Nothing in it goes beyond the evidence: where that was too thin stands
 * {@code UNKNOWN}, or an empty {@code Optional}.
 *
 * @param udp whether datagrams come back at all; {@code NO} only when TCP reached the same server
 * @param mapping what decides which external endpoint a datagram gets
 * @param filtering what decides which datagrams come in
 * @param tcpMapping the same as {@code mapping} for TCP, {@code UNKNOWN} unless asked for
 * @param hairpinning whether a datagram to the host's own external endpoint comes back in
 * @param hairpinSource whose address such a datagram then bears
 * @param portAllocation how external ports are chosen
 * @param severalAddresses whether mappings of this one host got different external addresses
 *     (arbitrary pooling, RFC 4787 §4.1)
 * @param earlyPacketMovesPort whether a packet that a peer sends before the host has written to it
 *     changes the host's external port towards that peer, as on a naive Linux router
 * @param fragments whether datagrams larger than a packet get through
 * @param genericAlg whether something rewrites addresses inside payloads: MAPPED-ADDRESS came
 *     changed where XOR-MAPPED-ADDRESS, which such a thing cannot recognise, did not
 * @param mappingLifetime found only when asked for, because it takes minutes
 * @param publicEndpoints where one socket was seen from outside, the usual server first
 * @param localEndpoints where the sockets were bound
 */
public record Report(
    Answer udp,
    Behavior mapping,
    Behavior filtering,
    Behavior tcpMapping,
    Answer hairpinning,
    Optional<HairpinSource> hairpinSource,
    PortModel portAllocation,
    Answer severalAddresses,
    Answer earlyPacketMovesPort,
    Answer fragments,
    Answer genericAlg,
    Optional<MappingLifetime> mappingLifetime,
    List<TransportAddress> publicEndpoints,
    List<TransportAddress> localEndpoints,
    List<Evidence> evidence) {

  /** Whose address a hairpinned datagram bears (RFC 4787 §6). */
  public enum HairpinSource {
    /** The sender's private one, which RFC 4787's REQ-9 forbids. */
    INTERNAL,
    EXTERNAL
  }

  /** Copies the lists. */
  public Report {
    publicEndpoints = List.copyOf(publicEndpoints);
    localEndpoints = List.copyOf(localEndpoints);
    evidence = List.copyOf(evidence);
  }

  /** A host of which nothing is known. */
  public static Report unknown() {
    return new Report(
        Answer.UNKNOWN,
        Behavior.UNKNOWN,
        Behavior.UNKNOWN,
        Behavior.UNKNOWN,
        Answer.UNKNOWN,
        Optional.empty(),
        new PortModel.Unknown(),
        Answer.UNKNOWN,
        Answer.UNKNOWN,
        Answer.UNKNOWN,
        Answer.UNKNOWN,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of());
  }

  /** RFC 3489's name of the combination. */
  public LegacyType legacyType() {
    return LegacyType.of(udp, mapping, filtering);
  }

  /** What TCP finds here: its own mapping where that was measured, and otherwise the same. */
  public Report overTcp() {
    return tcpMapping == Behavior.UNKNOWN ? this : mapping(tcpMapping);
  }

  private Report mapping(Behavior other) {
    return new Report(
        udp,
        other,
        filtering,
        tcpMapping,
        hairpinning,
        hairpinSource,
        portAllocation,
        severalAddresses,
        earlyPacketMovesPort,
        fragments,
        genericAlg,
        mappingLifetime,
        publicEndpoints,
        localEndpoints,
        evidence);
  }

  /** The same report with a lifetime. */
  public Report with(MappingLifetime lifetime) {
    return new Report(
        udp,
        mapping,
        filtering,
        tcpMapping,
        hairpinning,
        hairpinSource,
        portAllocation,
        severalAddresses,
        earlyPacketMovesPort,
        fragments,
        genericAlg,
        Optional.of(lifetime),
        publicEndpoints,
        localEndpoints,
        evidence);
  }
}
