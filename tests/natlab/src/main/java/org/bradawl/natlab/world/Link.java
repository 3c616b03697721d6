package org.bradawl.natlab.world;

import org.bradawl.natlab.net.Namespace;

/** What a router or a host can be connected to. */
public sealed interface Link permits Internet, Router {

  /**
   * What a connection came to.
   *
   * @param address the address given to the lower side
   * @param gateway through which it reaches everybody else
   */
  record Attachment(String address, String gateway) {}

  /** Connects a namespace, whose interface is called {@code wan} from then on, and numbers it. */
  Attachment attach(Namespace below);
}
