package org.bradawl.traversal.frame;

import java.util.EnumSet;
import java.util.Set;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Policy;
import org.bradawl.traversal.Transport;

/**
 * What one side of a connection allows and prefers.
 *
 * @param probes how many probes a search may send from one side
 */
public record Wishes(
    boolean relayFirst,
    boolean relayAllowed,
    Set<Method> methods,
    Set<Transport> transports,
    int probes) {

  /** Copies the sets. */
  public Wishes {
    methods = Set.copyOf(methods);
    transports = Set.copyOf(transports);
  }

  /** Everything, direct first. */
  public static Wishes none() {
    return new Wishes(
        false,
        true,
        EnumSet.allOf(Method.class),
        EnumSet.allOf(Transport.class),
        Policy.USUAL_PROBES);
  }

  /** What both allow, in the manner of the side that asked. */
  public Policy together(Wishes responder) {
    Policy usual = Policy.usual();
    return new Policy(
        relayFirst,
        relayAllowed && responder.relayAllowed,
        common(methods, responder.methods),
        common(transports, responder.transports),
        Math.min(usual.probes(), Math.min(probes, responder.probes)),
        usual.worthwhile());
  }

  private static <T> Set<T> common(Set<T> ours, Set<T> theirs) {
    return ours.stream().filter(theirs::contains).collect(java.util.stream.Collectors.toSet());
  }
}
