package org.bradawl.datapath.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls of the engine, in C's shape: what is negative is an {@code errno} with its sign
 * turned. One instance serves one thread, because it owns the place that {@code errno} is caught
 * in.
 *
 * <p>The calls that packets take pass addresses as numbers, because a memory segment made for a
 * call is an object; on both machines a pointer travels as a long does.
 */
@SuppressWarnings("restricted") // native access is what this class is for; the launcher enables it
final class Libc {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CAPTURE.varHandle(PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      bind("socket", of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND = bind("bind", of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle LISTEN = bind("listen", of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle ACCEPT4 =
      bind("accept4", of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
  private static final MethodHandle GETSOCKNAME =
      bind("getsockname", of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle SETSOCKOPT =
      bind("setsockopt", of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle GETSOCKOPT =
      bind("getsockopt", of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle CLOSE = bind("close", of(JAVA_INT, JAVA_INT));
  private static final MethodHandle RECV =
      bind("recv", of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SEND =
      bind("send", of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final FunctionDescriptor SENDTO_SHAPE =
      of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SENDTO = bind("sendto", SENDTO_SHAPE);
  private static final MethodHandle QUICK_SENDTO = bindQuick("sendto", SENDTO_SHAPE);
  private static final MethodHandle READ =
      bind("read", of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      bind("write", of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final FunctionDescriptor RECVMMSG_SHAPE =
      of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle RECVMMSG = bind("recvmmsg", RECVMMSG_SHAPE);
  private static final MethodHandle QUICK_RECVMMSG = bindQuick("recvmmsg", RECVMMSG_SHAPE);
  private static final FunctionDescriptor SENDMMSG_SHAPE =
      of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle SENDMMSG = bind("sendmmsg", SENDMMSG_SHAPE);
  private static final MethodHandle QUICK_SENDMMSG = bindQuick("sendmmsg", SENDMMSG_SHAPE);
  private static final MethodHandle EPOLL_CREATE1 = bind("epoll_create1", of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CTL =
      bind("epoll_ctl", of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final FunctionDescriptor EPOLL_WAIT_SHAPE =
      of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_WAIT = bind("epoll_wait", EPOLL_WAIT_SHAPE);
  private static final MethodHandle QUICK_EPOLL_WAIT = bindQuick("epoll_wait", EPOLL_WAIT_SHAPE);
  private static final MethodHandle EVENTFD = bind("eventfd", of(JAVA_INT, JAVA_INT, JAVA_INT));

  private static final MethodHandle PRCTL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("prctl"),
          of(JAVA_INT, JAVA_INT, JAVA_LONG),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(1));

  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(1));

  private final MemorySegment captured;

  /** Serves the thread that owns {@code arena}. */
  Libc(Arena arena) {
    captured = arena.allocate(CAPTURE);
  }

  /** <a href="https://man7.org/linux/man-pages/man2/socket.2.html">socket(2)</a>. */
  int socket(int domain, int type, int protocol) {
    try {
      return result((int) SOCKET.invokeExact(captured, domain, type, protocol));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/bind.2.html">bind(2)</a>. */
  int bind(int fd, MemorySegment address, int length) {
    try {
      return result((int) BIND.invokeExact(captured, fd, address, length));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/listen.2.html">listen(2)</a>. */
  int listen(int fd, int backlog) {
    try {
      return result((int) LISTEN.invokeExact(captured, fd, backlog));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/accept.2.html">accept4(2)</a>. */
  int accept4(int fd, MemorySegment address, MemorySegment length, int flags) {
    try {
      return result((int) ACCEPT4.invokeExact(captured, fd, address, length, flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/getsockname.2.html">getsockname(2)</a>. */
  int getsockname(int fd, MemorySegment address, MemorySegment length) {
    try {
      return result((int) GETSOCKNAME.invokeExact(captured, fd, address, length));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/setsockopt.2.html">setsockopt(2)</a>. */
  int setsockopt(int fd, int level, int name, MemorySegment value, int length) {
    try {
      return result((int) SETSOCKOPT.invokeExact(captured, fd, level, name, value, length));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/getsockopt.2.html">getsockopt(2)</a>. */
  int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment length) {
    try {
      return result((int) GETSOCKOPT.invokeExact(captured, fd, level, name, value, length));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/close.2.html">close(2)</a>. */
  int close(int fd) {
    try {
      return result((int) CLOSE.invokeExact(captured, fd));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/recv.2.html">recv(2)</a>. */
  long recv(int fd, MemorySegment buffer, long length, int flags) {
    try {
      return result((long) RECV.invokeExact(captured, fd, buffer, length, flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/send.2.html">send(2)</a>. */
  long send(int fd, MemorySegment buffer, long length, int flags) {
    try {
      return result((long) SEND.invokeExact(captured, fd, buffer, length, flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/send.2.html">sendto(2)</a>. */
  long sendto(int fd, long buffer, long length, int flags, long address, int addressLength) {
    try {
      long sent =
          (long) QUICK_SENDTO.invokeExact(fd, buffer, length, flags, address, addressLength);
      return sent >= 0
          ? sent
          : result(
              (long)
                  SENDTO.invokeExact(captured, fd, buffer, length, flags, address, addressLength));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/read.2.html">read(2)</a>. */
  long read(int fd, MemorySegment buffer, long length) {
    try {
      return result((long) READ.invokeExact(captured, fd, buffer, length));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/write.2.html">write(2)</a>. */
  long write(int fd, MemorySegment buffer, long length) {
    try {
      return result((long) WRITE.invokeExact(captured, fd, buffer, length));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /**
   * <a href="https://man7.org/linux/man-pages/man2/recvmmsg.2.html">recvmmsg(2)</a>, without its
   * time-out.
   */
  int recvmmsg(int fd, long messages, int count, int flags) {
    try {
      int received = (int) QUICK_RECVMMSG.invokeExact(fd, messages, count, flags, 0L);
      return received >= 0
          ? received
          : result((int) RECVMMSG.invokeExact(captured, fd, messages, count, flags, 0L));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/sendmmsg.2.html">sendmmsg(2)</a>. */
  int sendmmsg(int fd, long messages, int count, int flags) {
    try {
      int sent = (int) QUICK_SENDMMSG.invokeExact(fd, messages, count, flags);
      return sent >= 0
          ? sent
          : result((int) SENDMMSG.invokeExact(captured, fd, messages, count, flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/epoll_create.2.html">epoll_create1(2)</a>. */
  int epollCreate1(int flags) {
    try {
      return result((int) EPOLL_CREATE1.invokeExact(captured, flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/epoll_ctl.2.html">epoll_ctl(2)</a>. */
  int epollCtl(int epoll, int operation, int fd, MemorySegment event) {
    try {
      return result((int) EPOLL_CTL.invokeExact(captured, epoll, operation, fd, event));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/epoll_wait.2.html">epoll_wait(2)</a>. */
  int epollWait(int epoll, long events, int count, int timeoutMillis) {
    try {
      int ready = (int) QUICK_EPOLL_WAIT.invokeExact(epoll, events, count, timeoutMillis);
      return ready >= 0
          ? ready
          : result((int) EPOLL_WAIT.invokeExact(captured, epoll, events, count, timeoutMillis));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>. */
  int eventfd(int value, int flags) {
    try {
      return result((int) EVENTFD.invokeExact(captured, value, flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** <a href="https://man7.org/linux/man-pages/man2/prctl.2.html">prctl(2)</a>. */
  int prctl(int operation, long argument) {
    try {
      return result((int) PRCTL.invokeExact(captured, operation, argument));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /**
   * <a href="https://man7.org/linux/man-pages/man2/syscall.2.html">syscall(2)</a>, of a call that
   * takes a number, an address and two more numbers.
   */
  long syscall(long call, long first, MemorySegment second, long third, long fourth) {
    try {
      return result((long) SYSCALL.invokeExact(captured, call, first, second, third, fourth));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  private int result(int returned) {
    return returned >= 0 ? returned : -(int) ERRNO.get(captured, 0L);
  }

  private long result(long returned) {
    return returned >= 0 ? returned : -(int) ERRNO.get(captured, 0L);
  }

  private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  /**
   * A call that does not say what went wrong, because catching {@code errno} makes an object each
   * time (JDK 25): when it fails, it is made again with the one that does.
   */
  private static MethodHandle bindQuick(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
  }

  private static FunctionDescriptor of(MemoryLayout result, MemoryLayout... arguments) {
    return FunctionDescriptor.of(result, arguments);
  }

  /** A downcall that throws was bound wrongly: a fault of this class and of nobody's input. */
  private static AssertionError broken(Throwable cause) {
    return new AssertionError("a system call is bound wrongly", cause);
  }
}
