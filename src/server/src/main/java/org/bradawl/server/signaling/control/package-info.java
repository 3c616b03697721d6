/**
 * Signaling inside the server: one exchange for each application behind one lock, the time that
 * passes for all of them, and what is taken down of their peers. Knows no WebSocket.
 */
@NullMarked
package org.bradawl.server.signaling.control;

import org.jspecify.annotations.NullMarked;
