/**
 * What a client's NAT does, found out by asking a server with two addresses (RFC 5780).
 *
 * <p>{@link org.bradawl.nat.Discovery} is the asking: a machine without sockets, clock or chance of
 * its own. {@code Report} is the answer: what was concluded, the evidence, and "unknown" wherever
 * the evidence is too thin. {@link org.bradawl.nat.PortModel} reads the ports that a NAT gave out
 * and says which come next.
 *
 * <p>The package knows the STUN wire format and nothing else: not who asks, not what is done with
 * the answer.
 */
@NullMarked
package org.bradawl.nat;

import org.jspecify.annotations.NullMarked;
