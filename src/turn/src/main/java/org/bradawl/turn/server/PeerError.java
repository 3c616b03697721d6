package org.bradawl.turn.server;

import org.bradawl.stun.TransportAddress;

/**
 * An ICMP error that a datagram to a peer met.
 *
 * @param peer whom the datagram was for
 * @param type of ICMP for IPv4 or ICMPv6, by the family of {@code peer}
 * @param code of the type
 * @param mtu the next hop's MTU where the datagram was too big, else 0
 */
public record PeerError(TransportAddress peer, int type, int code, int mtu) {}
