/**
 * Who may speak as which peer, and what a peer needs to reach the relay: peer tokens, the check of
 * whatever a client presents, and the list of ICE servers with credentials that expire.
 *
 * <p>Both front doors, REST and the WebSocket of signaling, come through {@link
 * org.bradawl.server.credentials.control.PeerAdmission} and {@link
 * org.bradawl.server.credentials.control.IceServerSource}. Nothing here knows HTTP or WebSocket.
 */
@NullMarked
package org.bradawl.server.credentials.control;

import org.jspecify.annotations.NullMarked;
