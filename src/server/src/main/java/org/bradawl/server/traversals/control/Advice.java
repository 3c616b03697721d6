package org.bradawl.server.traversals.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What people could change so that two peers get through to each other directly the next time.
 * Nothing where they did; only what follows from what is known of their NATs.
 */
final class Advice {

  private static final String UNKNOWN = "unknown";
  private static final String BLOCKED = "udp-blocked";
  private static final String SYMMETRIC = "symmetric";

  private Advice() {}

  static List<String> of(TraversalRecord told) {
    if (told.connected() && !told.path().equals("relayed")) {
      return List.of();
    }
    List<String> advice = new ArrayList<>();
    blocked(told.initiator(), told.initiatorNat(), advice);
    blocked(told.responder(), told.responderNat(), advice);
    if (told.initiatorNat().equals(SYMMETRIC) || told.responderNat().equals(SYMMETRIC)) {
      advice.add(
          "One router that opens a port is enough: turn on UPnP, NAT-PMP or PCP at either, or"
              + " forward a port; or give both networks IPv6.");
    }
    unknown(told).ifPresent(advice::add);
    if (advice.isEmpty()) {
      advice.add(
          "Such NATs let a direct path through: look for a firewall that drops UDP at either end.");
    }
    if (told.path().equals("relayed")) {
      advice.add("Or leave it as it is: the relay works, at the server's cost.");
    } else {
      advice.add("Or let them use the relay.");
    }
    return advice;
  }

  private static void blocked(String peer, String nat, List<String> advice) {
    if (nat.equals(BLOCKED)) {
      advice.add("Allow UDP out of " + peer + "'s network.");
    }
  }

  private static Optional<String> unknown(TraversalRecord told) {
    List<String> whose =
        Stream.of(
                told.initiatorNat().equals(UNKNOWN) ? told.initiator() : "",
                told.responderNat().equals(UNKNOWN) ? told.responder() : "")
            .filter(peer -> !peer.isEmpty())
            .toList();
    return whose.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "To learn what stands in the way, run 'bradawl check' in the network of "
                + String.join(" and in that of ", whose)
                + ".");
  }
}
