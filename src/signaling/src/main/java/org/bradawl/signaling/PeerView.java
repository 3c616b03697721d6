package org.bradawl.signaling;

import java.time.Instant;
import java.util.Set;

/**
 * A peer with a session, as an administrator sees it.
 *
 * @param peer its name
 * @param session the session's identifier; not a secret
 * @param since when the session started
 * @param away whether its connection is lost
 * @param queued frames that wait for its acknowledgement
 * @param rooms the rooms it is in
 */
public record PeerView(
    String peer, String session, Instant since, boolean away, int queued, Set<String> rooms) {}
