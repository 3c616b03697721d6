package org.bradawl.server.allocations.control;

/** What all ended sessions of the record relayed together. */
public record RelayTotals(
    long sessions, long bytesUp, long packetsUp, long bytesDown, long packetsDown) {}
