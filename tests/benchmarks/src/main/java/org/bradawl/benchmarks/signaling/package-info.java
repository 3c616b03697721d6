/**
 * Load for signaling servers over loopback: many WebSocket connections in pairs, offer-like
 * messages at a paced rate, one thread, raw sockets. Knows nothing of the server's code; the same
 * load goes to PeerServer for comparison.
 *
 * <p>No library is used and nothing is shared with the server, so that a mistake there is not
 * repeated here.
 */
@NullMarked
package org.bradawl.benchmarks.signaling;

import org.jspecify.annotations.NullMarked;
