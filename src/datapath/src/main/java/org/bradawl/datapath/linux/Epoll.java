package org.bradawl.datapath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The descriptors that a shard waits on, each with a number of the shard's choosing, and a bell
 * that others ring.
 */
final class Epoll implements AutoCloseable {

  /** Events taken at a time; more than a turn of the loop can use well at once. */
  private static final int CAPACITY = 256;

  /** The number under which the bell is heard; no socket has it. */
  static final long BELL = -1;

  private final Libc libc;
  private final int epoll;
  private final int bell;
  private final MemorySegment events;
  private final MemorySegment change;
  private final MemorySegment counter;

  /**
   * Opens both descriptors.
   *
   * @throws IllegalStateException if the kernel has none left to give
   */
  Epoll(Libc libc, Arena arena) {
    this.libc = libc;
    epoll = open(libc.epollCreate1(Abi.EPOLL_CLOEXEC), "epoll_create1");
    bell = open(libc.eventfd(0, Abi.EFD_NONBLOCK | Abi.EFD_CLOEXEC), "eventfd");
    events = arena.allocate(Abi.SIZEOF_EPOLL_EVENT * CAPACITY, Long.BYTES);
    change = arena.allocate(Abi.SIZEOF_EPOLL_EVENT, Long.BYTES);
    counter = arena.allocate(Long.BYTES, Long.BYTES);
    add(bell, Abi.EPOLLIN, BELL);
  }

  private static int open(int fd, String call) {
    if (fd < 0) {
      throw new IllegalStateException(call + " fails with errno " + -fd);
    }
    return fd;
  }

  void add(int fd, int interest, long number) {
    control(Abi.EPOLL_CTL_ADD, fd, interest, number);
  }

  void change(int fd, int interest, long number) {
    control(Abi.EPOLL_CTL_MOD, fd, interest, number);
  }

  void remove(int fd) {
    control(Abi.EPOLL_CTL_DEL, fd, 0, 0);
  }

  private void control(int operation, int fd, int interest, long number) {
    change.set(JAVA_INT_UNALIGNED, 0, interest);
    change.set(JAVA_LONG_UNALIGNED, Abi.EPOLL_DATA, number);
    int result = libc.epollCtl(epoll, operation, fd, change);
    if (result < 0) {
      throw new IllegalStateException("epoll_ctl fails with errno " + -result);
    }
  }

  /**
   * Waits for events, at most {@code timeoutMillis}, and says how many there are; -1 waits for
   * ever.
   */
  int await(int timeoutMillis) {
    int count = libc.epollWait(epoll, events.address(), CAPACITY, timeoutMillis);
    if (count < 0 && count != -Abi.EINTR) {
      throw new IllegalStateException("epoll_wait fails with errno " + -count);
    }
    return Math.max(count, 0);
  }

  long number(int index) {
    return events.get(JAVA_LONG_UNALIGNED, index * Abi.SIZEOF_EPOLL_EVENT + Abi.EPOLL_DATA);
  }

  int readiness(int index) {
    return events.get(JAVA_INT_UNALIGNED, index * Abi.SIZEOF_EPOLL_EVENT);
  }

  /** Silences the bell; for the shard alone. */
  void answerBell() {
    libc.read(bell, counter, Long.BYTES);
  }

  /** The descriptor of the bell: writing eight bytes that stand for 1 to it ends a wait. */
  int bell() {
    return bell;
  }

  @Override
  public void close() {
    libc.close(bell);
    libc.close(epoll);
  }
}
