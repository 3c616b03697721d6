/**
 * The STUN and TURN server as single-threaded machines, one per shard.
 *
 * <pre>
 *   datagram or framed message ─► StunTurnServer ─► ServerActions: send, open relay, close …
 *   relay opened or refused    ─►   Binding: answered without state (RFC 8489, 5780, 3489)
 *   datagram from a peer       ─►   TURN: five-tuple ─► Allocation ─► permissions, channels (RFC 8656)
 *   advance(now)               ─►   one deadline queue
 * </pre>
 *
 * <p>A machine owns its allocations; what several shards must agree on (free ports, reservations,
 * which addresses are relayed now, how many allocations a user holds) is in {@link
 * org.bradawl.turn.server.SharedState}, whose parts are safe for threads. Nothing here opens a
 * socket, reads a clock, sleeps, logs or draws randomness of its own: times are monotonic
 * nanoseconds passed in and compared by subtraction.
 *
 * <p>Relaying is the hot path: for ChannelData in both directions and for Send and Data the machine
 * creates no object. Its tables are open-addressed with primitive keys ({@code KeyTable}) or with
 * hashes computed once from primitives ({@code FiveTupleTable}); messages are read and written in
 * place.
 */
@NullMarked
package org.bradawl.turn.server;

import org.jspecify.annotations.NullMarked;
