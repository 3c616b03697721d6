package org.bradawl.agent;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.frame.Wishes;

/**
 * What a user allows and prefers, in the words of the outside.
 *
 * @param relayFirst whether to relay at once and go direct as soon as that works
 * @param paths the only ways allowed, if not all
 * @param transports the only transports allowed, if not all
 */
public record WayWishes(
    boolean relayFirst, Optional<Set<String>> paths, Optional<Set<String>> transports) {

  /**
   * Checks the words.
   *
   * @throws IllegalArgumentException if one means nothing, in words for people
   */
  public WayWishes {
    paths.ifPresent(words -> chosen(words, Method.values(), Method::label));
    transports.ifPresent(words -> chosen(words, Transport.values(), WayWishes::word));
  }

  private static String word(Transport transport) {
    return transport.name().toLowerCase(Locale.ROOT);
  }

  private static <T> List<T> chosen(Set<String> words, T[] all, Function<T, String> label) {
    for (String word : words) {
      if (Arrays.stream(all).noneMatch(one -> label.apply(one).equals(word))) {
        throw new IllegalArgumentException(
            word + " is none of " + String.join(", ", Arrays.stream(all).map(label).toList()));
      }
    }
    return Arrays.stream(all).filter(one -> words.contains(label.apply(one))).toList();
  }

  Wishes wishes() {
    Set<Method> methods =
        paths
            .<Set<Method>>map(words -> Set.copyOf(chosen(words, Method.values(), Method::label)))
            .orElse(EnumSet.allOf(Method.class));
    Set<Transport> over =
        transports
            .<Set<Transport>>map(
                words -> Set.copyOf(chosen(words, Transport.values(), WayWishes::word)))
            .orElse(EnumSet.allOf(Transport.class));
    return new Wishes(
        relayFirst, methods.contains(Method.RELAY), methods, over, Wishes.none().probes());
  }
}
