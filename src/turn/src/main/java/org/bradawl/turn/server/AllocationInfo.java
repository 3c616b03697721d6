package org.bradawl.turn.server;

import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.Principal;

/**
 * What stays the same during an allocation's life, but for the client's path if that one moves.
 *
 * @param principal who asked for it
 * @param client the client's path, with its transport
 * @param relayed the relayed transport address as told to the client
 * @param startedNanos when it began, in the monotonic time of the machine's inputs
 */
public record AllocationInfo(
    AllocationId id,
    Principal principal,
    FiveTuple client,
    TransportAddress relayed,
    long startedNanos) {

  AllocationInfo movedTo(FiveTuple path) {
    return new AllocationInfo(id, principal, path, relayed, startedNanos);
  }
}
