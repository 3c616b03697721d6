package org.bradawl.simulation;

/** Whatever can be handed a packet by a {@link Realm}. */
@FunctionalInterface
public interface Node {

  /** Takes a packet that has arrived. */
  void receive(Packet packet);
}
