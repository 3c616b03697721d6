package org.bradawl.traversal.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.Wishes;

/** One side of a {@link Meeting}: its terms, and what it has told and been told. */
final class Participant {

  final NativePeer peer;
  final List<FromServer.Go> goes = new ArrayList<>();
  final Map<Integer, FromPeer.StepResult> results = new HashMap<>();
  Optional<String> label = Optional.empty();
  Optional<Terms> terms = Optional.empty();
  Optional<FromPeer.Done> done = Optional.empty();

  /** What it wants and how it is authenticated. */
  record Terms(Wishes wishes, Credentials ice, Optional<Object> data) {}

  Participant(NativePeer peer) {
    this.peer = peer;
  }

  boolean isDone() {
    return done.filter(FromPeer.Done::last).isPresent();
  }

  Terms agreed() {
    return terms.orElseThrow(
        () -> new IllegalStateException("a plan is made when both have agreed"));
  }
}
