package org.bradawl.server.signaling.control;

import org.bradawl.signaling.Link;

/** A link that queues during an exchange's turn and writes afterwards. */
public interface Outlet extends Link {

  /** Begins writing what is queued. Called without any lock. */
  void flush();
}
