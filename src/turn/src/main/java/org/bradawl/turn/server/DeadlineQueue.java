package org.bradawl.turn.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one shard: a binary heap whose members know their place, so that moving one
 * costs a logarithm and no object. An allocation is one member, with the earliest of all its times.
 */
final class DeadlineQueue {

  private @Nullable Timed[] heap = new Timed[16];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The earliest deadline; the queue must not be empty. */
  long earliestNanos() {
    return at(0).deadlineNanos();
  }

  /** Gives {@code timed} a deadline, or another one. */
  void schedule(Timed timed, long deadlineNanos) {
    timed.deadlineNanos(deadlineNanos);
    if (timed.index() == Timed.NOT_QUEUED) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      place(timed, size++);
    }
    up(timed.index());
    down(timed.index());
  }

  /** Takes {@code timed} out, if it is in. */
  void cancel(Timed timed) {
    int hole = timed.index();
    if (hole == Timed.NOT_QUEUED) {
      return;
    }
    Timed last = at(--size);
    heap[size] = null;
    timed.index(Timed.NOT_QUEUED);
    if (hole != size) {
      place(last, hole);
      up(hole);
      down(last.index());
    }
  }

  /** Takes out, one by one, whatever is due by now, and tells it. */
  void advance(long nowNanos) {
    while (size > 0 && at(0).deadlineNanos() - nowNanos <= 0) {
      Timed due = at(0);
      cancel(due);
      due.due(nowNanos);
    }
  }

  private void up(int start) {
    int i = start;
    while (i > 0 && earlier(i, (i - 1) / 2)) {
      swap(i, (i - 1) / 2);
      i = (i - 1) / 2;
    }
  }

  private void down(int start) {
    int i = start;
    while (true) {
      int least = i;
      for (int child = 2 * i + 1; child <= 2 * i + 2 && child < size; child++) {
        if (earlier(child, least)) {
          least = child;
        }
      }
      if (least == i) {
        return;
      }
      swap(i, least);
      i = least;
    }
  }

  private boolean earlier(int i, int j) {
    return at(i).deadlineNanos() - at(j).deadlineNanos() < 0;
  }

  private void swap(int i, int j) {
    Timed first = at(i);
    place(at(j), i);
    place(first, j);
  }

  private void place(Timed timed, int i) {
    heap[i] = timed;
    timed.index(i);
  }

  private Timed at(int i) {
    Timed timed = heap[i];
    if (timed == null) {
      throw new IllegalStateException("a hole in the heap");
    }
    return timed;
  }
}
