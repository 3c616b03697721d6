package org.bradawl.natlab.world;

import java.util.List;
import org.bradawl.natlab.net.Namespace;

/** A cable with an address at either end and nothing else on it. */
final class Wire {

  private Wire() {}

  static Link.Attachment lay(
      Namespace above, String aboveName, String gateway, Namespace below, String address) {
    return lay(above, aboveName, gateway + "/32", gateway, below, address);
  }

  /** A cable into a local network: the router's address comes with the size of the network. */
  static Link.Attachment layInside(
      Namespace above, String aboveName, String gateway, Namespace below, String address) {
    return lay(above, aboveName, gateway + "/24", gateway, below, address);
  }

  private static Link.Attachment lay(
      Namespace above,
      String aboveName,
      String own,
      String gateway,
      Namespace below,
      String address) {
    above.ip(
        List.of(
            "link add " + aboveName + " type veth peer name wan netns " + below.name(),
            "addr add " + own + " dev " + aboveName,
            "link set " + aboveName + " up",
            "route add " + address + "/32 dev " + aboveName));
    below.ip(
        List.of(
            "addr add " + address + "/32 dev wan",
            "link set wan up",
            "route add " + gateway + "/32 dev wan",
            "route add default via " + gateway + " src " + address));
    return new Link.Attachment(address, gateway);
  }
}
