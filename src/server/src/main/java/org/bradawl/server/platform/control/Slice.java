package org.bradawl.server.platform.control;

import java.util.List;

/**
 * A page of a longer list.
 *
 * @param total how many there are on all pages
 */
public record Slice<T>(List<T> items, long total) {
  /** Keeps the items as they are. */
  public Slice {
    items = List.copyOf(items);
  }
}
