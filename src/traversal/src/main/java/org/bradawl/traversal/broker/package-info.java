/**
 * The server's part between native peers: who they are, what their NATs do and how far that can be
 * believed, and every traversal from the request to its explanation.
 *
 * <pre>
 *   frames from peers, addresses that STUN saw, time
 *        │
 *   {@link org.bradawl.traversal.broker.Broker}  one for each application
 *        │     NativePeer: where it was seen, its profile, its round trip
 *        │     Meeting:    one traversal: invited, planned, ended
 *        ▼
 *   {@link org.bradawl.traversal.broker.BrokerActions}: frames to peers, profiles and traversals to keep
 * </pre>
 *
 * <p>Pure like the rest of the module, and single-threaded: its shell calls it under one lock. What
 * a peer says of itself is a claim; only what {@link org.bradawl.traversal.broker.Broker#seen} was
 * told, or the address of its connection, is a fact, and packets are only ever directed at facts.
 */
@NullMarked
package org.bradawl.traversal.broker;

import org.jspecify.annotations.NullMarked;
