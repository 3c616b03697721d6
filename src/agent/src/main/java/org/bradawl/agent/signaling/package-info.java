/**
 * The server's WebSocket as frames in and frames out, with what keeps it up: heartbeats, a new
 * connection when the old one breaks, and the resume of the session. It knows the envelope, not
 * what the frames are about.
 */
@NullMarked
package org.bradawl.agent.signaling;

import org.jspecify.annotations.NullMarked;
