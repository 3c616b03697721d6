package org.bradawl.natlab.pairs;

import java.util.Optional;
import org.bradawl.natlab.world.Host;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.natlab.world.Router;

/** A host behind a NAT, or a public one, with an agent on it. */
record Home(Optional<LabNat> nat, AutoCloseable whole, PeerProcess peer) {

  static Home build(
      Internet internet, Optional<LabNat> nat, String name, boolean relayFirst, String transports) {
    if (nat.isEmpty()) {
      Host host = internet.host(name);
      return new Home(nat, host, PeerProcess.start(host.namespace(), name, relayFirst, transports));
    }
    Router router = internet.router("nat", nat.get());
    Host host = router.host(name);
    return new Home(nat, router, PeerProcess.start(host.namespace(), name, relayFirst, transports));
  }

  void close() {
    peer.close();
    try {
      whole.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot take a home down", e);
    }
  }
}
