package org.bradawl.server.traversals.control;

/**
 * How often peers behind this pair of NATs got through by this path.
 *
 * @param path empty for those that failed
 */
public record NatPair(String initiatorNat, String responderNat, String path, long count) {}
