/**
 * Load for STUN and TURN servers over loopback: one thread plays the clients and the peer, so that
 * every packet it counts has crossed the server. The same load goes to every server that is
 * compared, in turns.
 *
 * <p>It uses the wire format and the batches of our own code, because nothing else in Java sends as
 * fast as what it measures; what it believes of a server comes from packets and from proc(5) alone.
 */
@NullMarked
package org.bradawl.benchmarks.relay;

import org.jspecify.annotations.NullMarked;
