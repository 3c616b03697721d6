package org.bradawl.datapath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * Opens, sets up and closes the sockets of one shard. A negative answer is an {@code errno} with
 * its sign turned.
 */
final class Sockets {

  private final Libc libc;
  private final SocketAddresses addresses;
  private final MemorySegment address;
  private final MemorySegment value;
  private final MemorySegment length;

  Sockets(Libc libc, SocketAddresses addresses, Arena arena) {
    this.libc = libc;
    this.addresses = addresses;
    address = arena.allocate(Abi.SOCKADDR_ROOM, Long.BYTES);
    value = arena.allocate(JAVA_INT);
    length = arena.allocate(JAVA_INT);
  }

  /**
   * A bound UDP socket that does not block.
   *
   * @param shared whether other shards bind the same address, so that the kernel spreads clients
   *     over them
   */
  int openUdp(TransportAddress local, boolean shared) {
    int fd = libc.socket(domain(local), Abi.SOCK_DGRAM | Abi.SOCK_NONBLOCK | Abi.SOCK_CLOEXEC, 0);
    return fd < 0 ? fd : bound(fd, local, shared);
  }

  /**
   * What a relayed address is: it never sets the DF bit unless told to, and keeps the ICMP errors
   * that its datagrams meet.
   */
  void prepareRelay(int fd, IpAddress.Family family) {
    mayFragment(fd, family, true);
    switch (family) {
      case IPV4 -> set(fd, Abi.IPPROTO_IP, Abi.IP_RECVERR, 1);
      case IPV6 -> set(fd, Abi.IPPROTO_IPV6, Abi.IPV6_RECVERR, 1);
    }
  }

  /** Whether datagrams may be fragmented on their way; if not, those too long are refused. */
  void mayFragment(int fd, IpAddress.Family family, boolean may) {
    int setting = may ? Abi.IP_PMTUDISC_DONT : Abi.IP_PMTUDISC_DO;
    switch (family) {
      case IPV4 -> set(fd, Abi.IPPROTO_IP, Abi.IP_MTU_DISCOVER, setting);
      case IPV6 -> set(fd, Abi.IPPROTO_IPV6, Abi.IPV6_MTU_DISCOVER, setting);
    }
  }

  /** A listening TCP socket that does not block. */
  int openListener(TransportAddress local, int backlog) {
    int fd = libc.socket(domain(local), Abi.SOCK_STREAM | Abi.SOCK_NONBLOCK | Abi.SOCK_CLOEXEC, 0);
    if (fd < 0) {
      return fd;
    }
    set(fd, Abi.SOL_SOCKET, Abi.SO_REUSEADDR, 1);
    int bound = bound(fd, local, true);
    if (bound < 0) {
      return bound;
    }
    int listening = libc.listen(fd, backlog);
    return listening < 0 ? closed(fd, listening) : fd;
  }

  private int bound(int fd, TransportAddress local, boolean shared) {
    if (local.address().family() == IpAddress.Family.IPV6) {
      set(fd, Abi.IPPROTO_IPV6, Abi.IPV6_V6ONLY, 1);
    }
    if (shared) {
      set(fd, Abi.SOL_SOCKET, Abi.SO_REUSEPORT, 1);
    }
    int result = libc.bind(fd, address, SocketAddresses.write(address, 0, local));
    return result < 0 ? closed(fd, result) : fd;
  }

  private int closed(int fd, int error) {
    libc.close(fd);
    return error;
  }

  /** Sets an option of type {@code int}; returns 0, or what the kernel had against it. */
  int set(int fd, int level, int name, int setting) {
    value.set(JAVA_INT, 0, setting);
    return libc.setsockopt(fd, level, name, value, Integer.BYTES);
  }

  /** The setting of an option of type {@code int}, or a negative error. */
  int get(int fd, int level, int name) {
    length.set(JAVA_INT, 0, Integer.BYTES);
    int result = libc.getsockopt(fd, level, name, value, length);
    return result < 0 ? result : value.get(JAVA_INT, 0);
  }

  /** The address that the socket is bound to. */
  TransportAddress localAddress(int fd) {
    length.set(JAVA_INT, 0, (int) Abi.SOCKADDR_ROOM);
    int result = libc.getsockname(fd, address, length);
    TransportAddress local = result < 0 ? null : addresses.read(address, 0);
    if (local == null) {
      throw new IllegalStateException("getsockname fails on an open socket: errno " + -result);
    }
    return local;
  }

  /** The same of a descriptor that may be anybody's and anything; empty if it is no such socket. */
  Optional<TransportAddress> boundTo(int fd) {
    length.set(JAVA_INT, 0, (int) Abi.SOCKADDR_ROOM);
    return libc.getsockname(fd, address, length) < 0
        ? Optional.empty()
        : Optional.ofNullable(addresses.read(address, 0));
  }

  void close(int fd) {
    libc.close(fd);
  }

  private static int domain(TransportAddress local) {
    return switch (local.address().family()) {
      case IPV4 -> Abi.AF_INET;
      case IPV6 -> Abi.AF_INET6;
    };
  }
}
