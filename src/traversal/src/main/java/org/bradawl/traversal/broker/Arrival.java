package org.bradawl.traversal.broker;

import java.util.Optional;
import org.bradawl.stun.IpAddress;

/**
 * Which connection something has come over.
 *
 * @param peer whose it is
 * @param session of the signaling session, which outlives a connection
 * @param address where the connection comes from, as far as it can be told
 */
public record Arrival(String peer, String session, Optional<IpAddress> address) {}
