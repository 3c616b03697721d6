package org.bradawl.datapath.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.PeerError;

/**
 * Reads what the kernel keeps of ICMP errors beside a relay socket (IP_RECVERR and IPV6_RECVERR,
 * ip(7)): whom the datagram was for, and what became of it.
 */
final class ErrorQueue {

  /** An error, the address of who reported it, and what else the kernel may add. */
  private static final long CONTROL = 256;

  /** ICMPv4's "fragmentation needed" and ICMPv6's "packet too big", which carry an MTU. */
  private static final int UNREACHABLE = 3;

  private static final int FRAGMENTATION_NEEDED = 4;
  private static final int PACKET_TOO_BIG = 2;

  private final Libc libc;
  private final SocketAddresses addresses;
  private final MemorySegment message;
  private final MemorySegment name;
  private final MemorySegment control;

  ErrorQueue(Libc libc, SocketAddresses addresses, Arena arena) {
    this.libc = libc;
    this.addresses = addresses;
    message = arena.allocate(Abi.SIZEOF_MMSGHDR, Long.BYTES);
    name = arena.allocate(Abi.SOCKADDR_ROOM, Long.BYTES);
    control = arena.allocate(CONTROL, Long.BYTES);
  }

  /** One look into the queue. */
  sealed interface Look {

    /** Nothing is in it. */
    record Empty() implements Look {}

    /** Something was, and it is of no use to a client if {@code error} is empty. */
    record Taken(Optional<PeerError> error) implements Look {}
  }

  /** Takes the oldest error of a socket. */
  Look take(int fd) {
    message.fill((byte) 0);
    message.set(JAVA_LONG_UNALIGNED, Abi.MSG_NAME, name.address());
    message.set(JAVA_INT_UNALIGNED, Abi.MSG_NAMELEN, (int) Abi.SOCKADDR_ROOM);
    message.set(JAVA_LONG_UNALIGNED, Abi.MSG_CONTROL, control.address());
    message.set(JAVA_LONG_UNALIGNED, Abi.MSG_CONTROLLEN, CONTROL);
    int count = libc.recvmmsg(fd, message.address(), 1, Abi.MSG_ERRQUEUE | Abi.MSG_DONTWAIT);
    if (count <= 0) {
      return new Look.Empty();
    }
    TransportAddress peer =
        message.get(JAVA_INT_UNALIGNED, Abi.MSG_NAMELEN) == 0 ? null : addresses.read(name, 0);
    return new Look.Taken(
        peer == null
            ? Optional.empty()
            : error(peer, message.get(JAVA_LONG_UNALIGNED, Abi.MSG_CONTROLLEN)));
  }

  private Optional<PeerError> error(TransportAddress peer, long length) {
    long at = 0;
    while (at + Abi.CMSG_DATA <= length) {
      long size = control.get(JAVA_LONG_UNALIGNED, at + Abi.CMSG_LEN);
      int level = control.get(JAVA_INT_UNALIGNED, at + Abi.CMSG_LEVEL);
      int type = control.get(JAVA_INT_UNALIGNED, at + Abi.CMSG_TYPE);
      if (size < Abi.CMSG_DATA || at + size > length) {
        return Optional.empty();
      }
      if ((level == Abi.IPPROTO_IP && type == Abi.IP_RECVERR)
          || (level == Abi.IPPROTO_IPV6 && type == Abi.IPV6_RECVERR)) {
        return size < Abi.CMSG_DATA + Abi.EXTENDED_ERROR.byteSize()
            ? Optional.empty()
            : meaning(peer, at + Abi.CMSG_DATA);
      }
      at += Abi.cmsgAlign(size);
    }
    return Optional.empty();
  }

  private Optional<PeerError> meaning(TransportAddress peer, long at) {
    int type = Byte.toUnsignedInt(control.get(JAVA_BYTE, at + Abi.EE_TYPE));
    int code = Byte.toUnsignedInt(control.get(JAVA_BYTE, at + Abi.EE_CODE));
    int mtu = control.get(JAVA_INT_UNALIGNED, at + Abi.EE_INFO);
    boolean tooBig = control.get(JAVA_INT_UNALIGNED, at + Abi.EE_ERRNO) == Abi.EMSGSIZE;
    return switch (Byte.toUnsignedInt(control.get(JAVA_BYTE, at + Abi.EE_ORIGIN))) {
      case Abi.SO_EE_ORIGIN_ICMP, Abi.SO_EE_ORIGIN_ICMP6 ->
          Optional.of(new PeerError(peer, type, code, tooBig ? mtu : 0));
      // What a router would have said, this kernel says itself once it has heard it from one.
      case Abi.SO_EE_ORIGIN_LOCAL -> tooBig ? Optional.of(tooBig(peer, mtu)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static PeerError tooBig(TransportAddress peer, int mtu) {
    return peer.address().family() == Family.IPV4
        ? new PeerError(peer, UNREACHABLE, FRAGMENTATION_NEEDED, mtu)
        : new PeerError(peer, PACKET_TOO_BIG, 0, mtu);
  }
}
