package org.bradawl.signaling;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that are due the same time after they were added: the order of adding is the order of
 * the deadlines, so adding, removing and finding the next are all constant.
 */
final class Deadlines {

  private final Map<Session, Long> due = new LinkedHashMap<>();
  private final long delayNanos;

  Deadlines(long delayNanos) {
    this.delayNanos = delayNanos;
  }

  int size() {
    return due.size();
  }

  void add(Session session, long nowNanos) {
    due.remove(session);
    due.put(session, nowNanos + delayNanos);
  }

  void remove(Session session) {
    due.remove(session);
  }

  /** Takes out the next session whose time has come, or null. */
  @Nullable Session take(long nowNanos) {
    Iterator<Map.Entry<Session, Long>> entries = due.entrySet().iterator();
    if (!entries.hasNext()) {
      return null;
    }
    Map.Entry<Session, Long> first = entries.next();
    if (first.getValue() - nowNanos > 0) {
      return null;
    }
    entries.remove();
    return first.getKey();
  }
}
