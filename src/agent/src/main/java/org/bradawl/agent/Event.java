package org.bradawl.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, for programs and for people.
 *
 * @param name one word
 * @param details the rest, in the order in which people like to see it
 */
public record Event(String name, Map<String, @Nullable Object> details) {

  /** An event without details. */
  public static Event of(String name) {
    return new Event(name, new LinkedHashMap<>());
  }

  /** The same with one more detail. */
  public Event with(String key, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(details);
    more.put(key, value);
    return new Event(name, more);
  }

  /** As a tree, with the name under {@code event}. */
  public Map<String, @Nullable Object> tree() {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("event", name);
    tree.putAll(details);
    return tree;
  }
}
