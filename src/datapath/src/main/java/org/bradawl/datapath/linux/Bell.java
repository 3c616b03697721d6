package org.bradawl.datapath.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Ends a shard's wait, from any thread. */
final class Bell implements Runnable {

  private final int fd;
  private boolean silent;

  Bell(int fd) {
    this.fd = fd;
  }

  /**
   * Rings. After {@link #silence} it does nothing: the descriptor may be another socket's by then.
   */
  @Override
  public synchronized void run() {
    if (!silent) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment one = arena.allocate(JAVA_LONG);
        one.set(JAVA_LONG, 0, 1);
        new Libc(arena).write(fd, one, Long.BYTES);
      }
    }
  }

  /** Before the descriptor is closed. */
  synchronized void silence() {
    silent = true;
  }
}
