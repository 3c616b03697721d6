package org.bradawl.server.signaling.control;

/**
 * Where a peer comes from, for the record.
 *
 * @param address without a port
 * @param userAgent what its program calls itself, or empty
 */
public record Visitor(String address, String userAgent) {}
