package org.bradawl.turn.server;

/**
 * What CONNECTION-ID says (RFC 6062 §6.2.1): a connection between this server and a peer, over TCP.
 * Random, so that nobody can bind to a connection that he was not told of, and unlike any other of
 * any shard.
 */
public record DataConnectionId(int value) {}
