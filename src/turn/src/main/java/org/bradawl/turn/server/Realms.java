package org.bradawl.turn.server;

import org.bradawl.stun.FiveTuple;

/** Which realm each client is in (RFC 8489 §9.2): it may depend on the name it asked for. */
@FunctionalInterface
public interface Realms {

  /** The realm of a client; the same for as long as its path stands for one session. */
  String of(FiveTuple path);
}
