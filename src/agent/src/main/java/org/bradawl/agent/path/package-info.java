/**
 * Ways to one peer: the sockets of {@code traversal}'s machine, the relay of {@code turn}'s, and
 * one {@link java.net.DatagramSocket} that hides which way is in use.
 *
 * <pre>
 *   tunnel ── PathSocket ── Paths ──┬── direct over UDP
 *                                   ├── direct over TCP, framed
 *                                   └── relayed
 * </pre>
 *
 * <p>It tells STUN from payload by the first byte (RFC 7983) and knows nothing else about what it
 * carries.
 */
@NullMarked
package org.bradawl.agent.path;

import org.jspecify.annotations.NullMarked;
