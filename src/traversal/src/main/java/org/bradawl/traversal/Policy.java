package org.bradawl.traversal;

import java.util.EnumSet;
import java.util.Set;

/**
 * What an operator or an application allows and prefers.
 *
 * @param relayFirst whether to relay at once and improve later, when the first byte matters most
 * @param relayAllowed whether to relay at all
 * @param methods which of the others may be used
 * @param transports over what
 * @param probes how many probes a search may send from one side
 * @param worthwhile the least chance of success that makes a search worth its packets
 */
public record Policy(
    boolean relayFirst,
    boolean relayAllowed,
    Set<Method> methods,
    Set<Transport> transports,
    int probes,
    double worthwhile) {

  /** At 1,000 probes a second about a second of searching; 98.4 % against 256 sockets. */
  public static final int USUAL_PROBES = 1024;

  /** Copies the sets. */
  public Policy {
    methods = Set.copyOf(methods);
    transports = Set.copyOf(transports);
  }

  /** Everything allowed, direct first. */
  public static Policy usual() {
    return new Policy(
        false,
        true,
        EnumSet.allOf(Method.class),
        EnumSet.allOf(Transport.class),
        USUAL_PROBES,
        0.5);
  }

  /** The same, relaying at once. */
  public Policy withRelayFirst() {
    return new Policy(true, relayAllowed, methods, transports, probes, worthwhile);
  }

  /** The same over these transports only. */
  public Policy over(Set<Transport> newTransports) {
    return new Policy(relayFirst, relayAllowed, methods, newTransports, probes, worthwhile);
  }

  /** The same without these methods. */
  public Policy without(Set<Method> withheld) {
    EnumSet<Method> rest = EnumSet.noneOf(Method.class);
    methods.stream().filter(method -> !withheld.contains(method)).forEach(rest::add);
    return new Policy(relayFirst, relayAllowed, rest, transports, probes, worthwhile);
  }
}
