/**
 * The client's side of TURN (RFC 8656) as a machine: datagrams to and from one server go in and
 * out, an allocation and its channels are kept alive.
 *
 * <p>It knows the STUN wire format. It does not know who its peers are, nor what they are told.
 */
@NullMarked
package org.bradawl.turn.client;

import org.jspecify.annotations.NullMarked;
