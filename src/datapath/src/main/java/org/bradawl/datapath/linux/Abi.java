package org.bradawl.datapath.linux;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.structLayout;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * The C structures and numbers of Linux that the engine uses, for 64-bit machines of little-endian
 * byte order (x86-64 and aarch64). A test compiles the same questions with the machine's own
 * headers and compares the answers.
 */
final class Abi {

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;

  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_TYPE = 3;
  static final int SO_ERROR = 4;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_REUSEPORT = 15;

  /** Lets each datagram say how many the socket has had to drop so far (socket(7)). */
  static final int SO_RXQ_OVFL = 40;

  static final int IPPROTO_IP = 0;

  /** How many hops packets of the socket may see; -1 gives back the system's own (ip(7)). */
  static final int IP_TTL = 2;

  /** The least TTL that packets for the socket must have; of errors, that of what they quote. */
  static final int IP_MINTTL = 21;

  /** Whether the kernel sets the DF bit and refuses what the path does not take whole (ip(7)). */
  static final int IP_MTU_DISCOVER = 10;

  static final int IPV6_MTU_DISCOVER = 23;
  static final int IP_PMTUDISC_DONT = 0;
  static final int IP_PMTUDISC_DO = 2;

  /** Keeps ICMP errors in a queue beside the socket (ip(7), ipv6(7)). */
  static final int IP_RECVERR = 11;

  static final int IPV6_RECVERR = 25;

  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;

  /** Tells a {@code struct tcp_info}, whose first byte is the state (tcp(7)). */
  static final int TCP_INFO = 11;

  /** The state of a socket that is neither connected nor listening. */
  static final int TCP_CLOSE = 7;

  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;

  static final int SOL_UDP = 17;

  /** Sends one buffer as many datagrams of this size (udp(7); Linux 4.18). */
  static final int UDP_SEGMENT = 103;

  /**
   * Receives a run of datagrams of one flow as one buffer, with their size beside it (Linux 5.0).
   */
  static final int UDP_GRO = 104;

  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_TRUNC = 0x20;
  static final int MSG_NOSIGNAL = 0x4000;

  /** Receives from the queue of errors (recvmsg(2)). */
  static final int MSG_ERRQUEUE = 0x2000;

  /** Where an error of that queue comes from. */
  static final int SO_EE_ORIGIN_LOCAL = 1;

  static final int SO_EE_ORIGIN_ICMP = 2;
  static final int SO_EE_ORIGIN_ICMP6 = 3;

  static final int EPOLLIN = 0x1;
  static final int EPOLLOUT = 0x4;
  static final int EPOLLERR = 0x8;
  static final int EPOLLHUP = 0x10;
  static final int EPOLLRDHUP = 0x2000;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EPOLL_CTL_MOD = 3;
  static final int EPOLL_CLOEXEC = 0x80000;

  static final int EFD_NONBLOCK = 0x800;
  static final int EFD_CLOEXEC = 0x80000;

  /**
   * How late the kernel may end this thread's sleep, in nanoseconds (PR_SET_TIMERSLACK(2const)).
   */
  static final int PR_SET_TIMERSLACK = 29;

  /** The number of sched_setattr(2), for which C libraries have had a function only since 2025. */
  static final long SYS_SCHED_SETATTR = schedSetattr(System.getProperty("os.arch"));

  /** Next to the other on each machine. */
  static final long SYS_SCHED_GETATTR = SYS_SCHED_SETATTR + 1;

  /** The policy of threads that nobody gave another (sched(7)). */
  static final int SCHED_NORMAL = 0;

  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EINVAL = 22;
  static final int EMFILE = 24;
  static final int EMSGSIZE = 90;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;
  static final int ENOBUFS = 105;
  static final int ECONNREFUSED = 111;

  /** {@code struct iovec} (readv(2)). */
  static final StructLayout IOVEC =
      structLayout(
          ValueLayout.ADDRESS.withName("iov_base"), ValueLayout.JAVA_LONG.withName("iov_len"));

  /** {@code struct msghdr} (recvmsg(2)) as 64-bit glibc and musl lay it out. */
  static final StructLayout MSGHDR =
      structLayout(
          ValueLayout.ADDRESS.withName("msg_name"),
          ValueLayout.JAVA_INT.withName("msg_namelen"),
          paddingLayout(4),
          ValueLayout.ADDRESS.withName("msg_iov"),
          ValueLayout.JAVA_LONG.withName("msg_iovlen"),
          ValueLayout.ADDRESS.withName("msg_control"),
          ValueLayout.JAVA_LONG.withName("msg_controllen"),
          ValueLayout.JAVA_INT.withName("msg_flags"),
          paddingLayout(4));

  /**
   * {@code struct mmsghdr} (recvmmsg(2)): a message header and the length that the kernel writes.
   */
  static final StructLayout MMSGHDR =
      structLayout(
          MSGHDR.withName("msg_hdr"), ValueLayout.JAVA_INT.withName("msg_len"), paddingLayout(4));

  /** {@code struct cmsghdr} (cmsg(3)), before its data. */
  static final StructLayout CMSGHDR =
      structLayout(
          ValueLayout.JAVA_LONG.withName("cmsg_len"),
          ValueLayout.JAVA_INT.withName("cmsg_level"),
          ValueLayout.JAVA_INT.withName("cmsg_type"));

  /** {@code struct sock_extended_err} (ip(7)), before the address of who reported the error. */
  static final StructLayout EXTENDED_ERROR =
      structLayout(
          ValueLayout.JAVA_INT.withName("ee_errno"),
          ValueLayout.JAVA_BYTE.withName("ee_origin"),
          ValueLayout.JAVA_BYTE.withName("ee_type"),
          ValueLayout.JAVA_BYTE.withName("ee_code"),
          ValueLayout.JAVA_BYTE.withName("ee_pad"),
          ValueLayout.JAVA_INT.withName("ee_info"),
          ValueLayout.JAVA_INT.withName("ee_data"));

  /**
   * {@code struct sched_attr} (sched_setattr(2)) in its first version, which every kernel takes.
   */
  static final StructLayout SCHED_ATTR =
      structLayout(
          ValueLayout.JAVA_INT.withName("size"),
          ValueLayout.JAVA_INT.withName("sched_policy"),
          ValueLayout.JAVA_LONG.withName("sched_flags"),
          ValueLayout.JAVA_INT.withName("sched_nice"),
          ValueLayout.JAVA_INT.withName("sched_priority"),
          ValueLayout.JAVA_LONG.withName("sched_runtime"),
          ValueLayout.JAVA_LONG.withName("sched_deadline"),
          ValueLayout.JAVA_LONG.withName("sched_period"));

  /** {@code struct sockaddr_in} (ip(7)); port and address in network order. */
  static final StructLayout SOCKADDR_IN =
      structLayout(
          ValueLayout.JAVA_SHORT.withName("sin_family"),
          ValueLayout.JAVA_SHORT.withName("sin_port"),
          ValueLayout.JAVA_INT.withName("sin_addr"),
          paddingLayout(8));

  /** {@code struct sockaddr_in6} (ipv6(7)); port and address in network order. */
  static final StructLayout SOCKADDR_IN6 =
      structLayout(
          ValueLayout.JAVA_SHORT.withName("sin6_family"),
          ValueLayout.JAVA_SHORT.withName("sin6_port"),
          ValueLayout.JAVA_INT.withName("sin6_flowinfo"),
          MemoryLayout.sequenceLayout(16, ValueLayout.JAVA_BYTE).withName("sin6_addr"),
          ValueLayout.JAVA_INT.withName("sin6_scope_id"));

  /** {@code struct epoll_event} (epoll_ctl(2)) of this machine. */
  static final StructLayout EPOLL_EVENT = epollEvent(System.getProperty("os.arch"));

  static final long SIZEOF_IOVEC = IOVEC.byteSize();
  static final long SIZEOF_MMSGHDR = MMSGHDR.byteSize();
  static final long SIZEOF_EPOLL_EVENT = EPOLL_EVENT.byteSize();

  static final long IOV_BASE = offset(IOVEC, "iov_base");
  static final long IOV_LEN = offset(IOVEC, "iov_len");
  static final long MSG_NAME = offset(MSGHDR, "msg_name");
  static final long MSG_NAMELEN = offset(MSGHDR, "msg_namelen");
  static final long MSG_IOV = offset(MSGHDR, "msg_iov");
  static final long MSG_IOVLEN = offset(MSGHDR, "msg_iovlen");
  static final long MSG_CONTROL = offset(MSGHDR, "msg_control");
  static final long MSG_CONTROLLEN = offset(MSGHDR, "msg_controllen");
  static final long MSG_FLAGS = offset(MSGHDR, "msg_flags");
  static final long MSG_LEN = offset(MMSGHDR, "msg_len");
  static final long CMSG_LEN = offset(CMSGHDR, "cmsg_len");
  static final long CMSG_LEVEL = offset(CMSGHDR, "cmsg_level");
  static final long CMSG_TYPE = offset(CMSGHDR, "cmsg_type");
  static final long CMSG_DATA = CMSGHDR.byteSize();
  static final long EE_ERRNO = offset(EXTENDED_ERROR, "ee_errno");
  static final long EE_ORIGIN = offset(EXTENDED_ERROR, "ee_origin");
  static final long EE_TYPE = offset(EXTENDED_ERROR, "ee_type");
  static final long EE_CODE = offset(EXTENDED_ERROR, "ee_code");
  static final long EE_INFO = offset(EXTENDED_ERROR, "ee_info");
  static final long SCHED_POLICY = offset(SCHED_ATTR, "sched_policy");
  static final long SCHED_RUNTIME = offset(SCHED_ATTR, "sched_runtime");
  static final long EPOLL_DATA = offset(EPOLL_EVENT, "data");

  /** Room for the larger of the two socket addresses, in whole words. */
  static final long SOCKADDR_ROOM = 32;

  /** Room for a control message with an {@code int} or a {@code __u16}: CMSG_SPACE(4). */
  static final long CMSG_ROOM = 24;

  /** Room for what a receive may say of a datagram: UDP_GRO and SO_RXQ_OVFL. */
  static final long CONTROL_ROOM = 2 * CMSG_ROOM;

  private Abi() {}

  /** The one structure that differs: packed on x86-64 and there alone. */
  static StructLayout epollEvent(String architecture) {
    return architecture.equals("amd64")
        ? structLayout(
            ValueLayout.JAVA_INT.withName("events"),
            ValueLayout.JAVA_LONG_UNALIGNED.withName("data"))
        : structLayout(
            ValueLayout.JAVA_INT.withName("events"),
            paddingLayout(4),
            ValueLayout.JAVA_LONG.withName("data"));
  }

  /** The number of the call on a machine of this kind. */
  static long schedSetattr(String architecture) {
    return architecture.equals("amd64") ? 314 : 274;
  }

  static long offset(StructLayout struct, String field) {
    return struct.byteOffset(PathElement.groupElement(field));
  }

  /** CMSG_ALIGN (cmsg(3)): control messages start at whole words. */
  static long cmsgAlign(long length) {
    return (length + 7) & ~7L;
  }

  /** Whether this machine is one that the structures above describe. */
  static boolean describesThisMachine() {
    String architecture = System.getProperty("os.arch");
    return System.getProperty("os.name").equals("Linux")
        && (architecture.equals("amd64") || architecture.equals("aarch64"));
  }
}
