/**
 * The WebSocket {@code /signal/v1}: one text frame is one JSON object, described by {@code
 * webapp/protocol/signaling-v1.asyncapi.yaml}.
 *
 * <p>A filter finds out who is calling before the container upgrades the connection and hands its
 * finding over as the principal; the endpoint, of which there is one instance, moves frames between
 * sockets and {@link org.bradawl.server.signaling.control.Hall}s. What frames mean is decided in
 * {@link org.bradawl.signaling}, which knows no WebSocket.
 */
@NullMarked
package org.bradawl.server.signaling.boundary;

import org.jspecify.annotations.NullMarked;
