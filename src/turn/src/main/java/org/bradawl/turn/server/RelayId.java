package org.bradawl.turn.server;

/**
 * One attempt to open a relay socket, and then that socket; never used twice by one machine. The
 * shell keeps the object beside its socket, so that a datagram from a peer costs no new one.
 */
public record RelayId(long value) {}
