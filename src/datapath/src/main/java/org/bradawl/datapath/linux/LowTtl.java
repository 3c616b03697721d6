package org.bradawl.datapath.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * Packets over IPv4 that die after a few hops: they open the NATs at the own end of a path, and
 * those at its other end never see them. Java has no call for that. The one class of this package
 * that is used beyond it: a native peer that punches needs nothing else of the operating system.
 *
 * <p>Each call stands for itself and may be made by any thread. What it costs is a few system calls
 * for each open file of the process; the first call also costs the loading of this package's native
 * calls, some 100 ms, which {@link #prepare} takes out of the way.
 */
public final class LowTtl {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  /** Gives the socket back the system's own (ip(7)). */
  private static final int USUAL = -1;

  /** Begins to connect. */
  @FunctionalInterface
  public interface Connecting {
    /** Does so, or fails at once. */
    void run() throws IOException;
  }

  private LowTtl() {}

  /** Whether this system has it, and this process may make native calls. */
  public static boolean isAvailable() {
    return LowTtl.class.getModule().isNativeAccessEnabled()
        && Abi.describesThisMachine()
        && Files.isDirectory(OPEN_FILES);
  }

  /** Loads what the other calls need; whether it could be done. */
  public static boolean prepare() {
    if (!isAvailable()) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      Sockets sockets = sockets(arena);
      int fd = sockets.openUdp(new TransportAddress(IpAddress.v4(0x7f000001), 0), false);
      if (fd < 0) {
        return false;
      }
      boolean settable = sockets.set(fd, Abi.IPPROTO_IP, Abi.IP_TTL, 1) == 0;
      sockets.close(fd);
      return settable;
    }
  }

  /**
   * Has what {@code sending} sends from a UDP socket of this process die after {@code ttl} hops.
   *
   * @param local where the socket is bound
   * @param sending is not called if there is no such socket
   * @return whether it was called
   */
  public static boolean during(TransportAddress local, int ttl, Runnable sending) {
    if (!isAvailable() || local.address().family() != IpAddress.Family.IPV4) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      Sockets sockets = sockets(arena);
      OptionalInt fd = socket(file -> isDatagrams(sockets, file, local));
      if (fd.isEmpty() || sockets.set(fd.getAsInt(), Abi.IPPROTO_IP, Abi.IP_TTL, ttl) < 0) {
        return false;
      }
      try {
        sending.run();
      } finally {
        sockets.set(fd.getAsInt(), Abi.IPPROTO_IP, Abi.IP_TTL, USUAL);
      }
      return true;
    }
  }

  /**
   * Has the first SYN of a connection die after {@code ttl} hops, and the connection wait all the
   * same: the router where the SYN dies says so, and that is ignored. A SYN of the other side's
   * then finds it waiting (RFC 9293 §3.5); when the kernel repeats its own SYN, after a second,
   * that one goes all the way.
   *
   * @param local where the TCP socket is bound, which neither listens nor connects yet
   * @param connecting begins to connect; it is not called if there is no such socket
   * @return whether it was called
   */
  public static boolean connecting(TransportAddress local, int ttl, Connecting connecting)
      throws IOException {
    if (!isAvailable() || local.address().family() != IpAddress.Family.IPV4) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      Sockets sockets = sockets(arena);
      OptionalInt found = socket(fd -> isUnconnected(sockets, fd, local));
      if (found.isEmpty()) {
        return false;
      }
      int fd = found.getAsInt();
      // The error quotes the SYN as it died, with a TTL of 1; nothing that arrives has less than 2.
      boolean limited =
          sockets.set(fd, Abi.IPPROTO_IP, Abi.IP_TTL, ttl) == 0
              && sockets.set(fd, Abi.IPPROTO_IP, Abi.IP_MINTTL, 2) == 0;
      if (!limited) {
        return false;
      }
      try {
        connecting.run();
      } finally {
        sockets.set(fd, Abi.IPPROTO_IP, Abi.IP_TTL, USUAL);
      }
      return true;
    }
  }

  private static Sockets sockets(Arena arena) {
    return new Sockets(new Libc(arena), new SocketAddresses(), arena);
  }

  private static boolean isDatagrams(Sockets sockets, int fd, TransportAddress local) {
    return sockets.get(fd, Abi.SOL_SOCKET, Abi.SO_TYPE) == Abi.SOCK_DGRAM
        && sockets.boundTo(fd).equals(Optional.of(local));
  }

  private static boolean isUnconnected(Sockets sockets, int fd, TransportAddress local) {
    return sockets.get(fd, Abi.SOL_SOCKET, Abi.SO_TYPE) == Abi.SOCK_STREAM
        && (sockets.get(fd, Abi.IPPROTO_TCP, Abi.TCP_INFO) & 0xff) == Abi.TCP_CLOSE
        && sockets.boundTo(fd).equals(Optional.of(local));
  }

  /** The JDK does not tell its sockets' descriptors, but the kernel tells what each one is. */
  private static OptionalInt socket(IntPredicate wanted) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (NUMBER.matcher(name).matches() && wanted.test(Integer.parseInt(name))) {
          return OptionalInt.of(Integer.parseInt(name));
        }
      }
      return OptionalInt.empty();
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }
}
