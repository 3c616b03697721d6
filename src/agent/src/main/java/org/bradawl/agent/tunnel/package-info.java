/**
 * The encrypted tunnel between two peers: QUIC on a socket that hides the ways, certificates that
 * are made for one run and known by their fingerprints, and streams that say what they are for.
 *
 * <p>It knows nothing of NATs. Who a fingerprint belongs to, signaling has said.
 */
@NullMarked
package org.bradawl.agent.tunnel;

import org.jspecify.annotations.NullMarked;
