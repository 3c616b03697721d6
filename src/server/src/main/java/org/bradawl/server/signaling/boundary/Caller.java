package org.bradawl.server.signaling.boundary;

import java.security.Principal;
import java.util.Optional;
import org.bradawl.server.credentials.control.Admission;
import org.bradawl.server.credentials.control.Reached;
import org.bradawl.server.signaling.control.Visitor;
import org.bradawl.signaling.Resumption;

/**
 * Who is behind a handshake and what they want, found by {@link SignalingGate}. It travels as the
 * principal, the one thing of a request that every container passes on to a WebSocket session by
 * itself.
 *
 * @param admission whether they may come in
 * @param resumption the session they want to go on with
 * @param visitor where they come from
 * @param reached how they reached us
 */
record Caller(
    Admission admission, Optional<Resumption> resumption, Visitor visitor, Reached reached)
    implements Principal {

  @Override
  public String getName() {
    return switch (admission) {
      case Admission.Admitted admitted -> admitted.application() + "/" + admitted.peer();
      case Admission.Refused refused -> refused.refusal().code();
    };
  }

  /** Leaves the resume secret out. */
  @Override
  public String toString() {
    return getName();
  }
}
