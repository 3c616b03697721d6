package org.bradawl.datapath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * How long a thread wants to run before it is another one's turn. Linux gives the processor first
 * to who asks for little (EEVDF; Linux 6.12 lets threads say how much, without any privilege), so a
 * shard that wakes up for a datagram need seldom wait until a compiler or a collector on the same
 * core has had its 3 ms. It gets no larger share by that: who needs more than its share waits.
 *
 * <p>Serves the thread that calls it.
 */
final class Slice {

  /** The least that the kernel grants: some twenty packets. */
  static final long SHORT_NANOS = 100_000;

  /** What gives a thread the system's own slice back. */
  private static final long USUAL = 0;

  private static final long THIS_THREAD = 0;

  private final Libc libc;
  private final MemorySegment attributes;

  Slice(Libc libc, Arena arena) {
    this.libc = libc;
    this.attributes = arena.allocate(Abi.SCHED_ATTR);
  }

  /**
   * Asks for short slices, and says whether this thread has them now. An older kernel ignores the
   * request, a sandbox may refuse it, and a policy other than the usual one has slices of its own.
   */
  boolean shorten() {
    return ask(SHORT_NANOS) && nanos() == SHORT_NANOS;
  }

  /** Back to the system's own slice. */
  void restore() {
    ask(USUAL);
  }

  /** This thread's slice; 0 where the kernel does not tell. */
  long nanos() {
    return read() ? attributes.get(JAVA_LONG, Abi.SCHED_RUNTIME) : 0;
  }

  private boolean ask(long nanos) {
    // Nice value, policy and flags stay as they are: what the operator chose.
    if (!read() || attributes.get(JAVA_INT, Abi.SCHED_POLICY) != Abi.SCHED_NORMAL) {
      return false;
    }
    attributes.set(JAVA_LONG, Abi.SCHED_RUNTIME, nanos);
    return libc.syscall(Abi.SYS_SCHED_SETATTR, THIS_THREAD, attributes, 0, 0) == 0;
  }

  private boolean read() {
    long size = attributes.byteSize();
    return libc.syscall(Abi.SYS_SCHED_GETATTR, THIS_THREAD, attributes, size, 0) == 0;
  }
}
