package org.bradawl.stun;

/** What a datagram, or one message of a stream, turned out to be. */
public sealed interface Decoded permits StunMessage, ChannelData, Malformed {}
