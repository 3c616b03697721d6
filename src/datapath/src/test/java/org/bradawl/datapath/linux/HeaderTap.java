package org.bradawl.datapath.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransportAddress;
import org.bradawl.tests.support.Requires;

/** Reads IP headers of UDP datagrams off the wire (packet(7)), which takes CAP_NET_RAW. */
public final class HeaderTap implements AutoCloseable {

  private static final int AF_PACKET = 17;
  private static final short ETH_P_IP = 0x0800;
  private static final short ETH_P_IPV6 = (short) 0x86dd;
  private static final int UDP = 17;
  private static final int ROOM = 1 << 17;

  /**
   * What matters of an IP header.
   *
   * @param hops the time to live, or the hop limit
   * @param trafficClass DSCP and ECN, eight bits
   * @param dontFragment the DF bit; false for IPv6, which has none
   * @param plain neither options nor extension headers, nor is it a fragment
   */
  public record Header(int hops, int trafficClass, boolean dontFragment, boolean plain) {}

  private final Arena arena = Arena.ofConfined();
  private final Libc libc = new Libc(arena);
  private final MemorySegment packet = arena.allocate(ROOM);
  private final Family family;
  private final int fd;

  private HeaderTap(Family family) {
    this.family = family;
    short protocol = family == Family.IPV4 ? ETH_P_IP : ETH_P_IPV6;
    int inNetworkOrder = Short.toUnsignedInt(Short.reverseBytes(protocol));
    fd = libc.socket(AF_PACKET, Abi.SOCK_DGRAM | Abi.SOCK_NONBLOCK, inNetworkOrder);
  }

  /** Sees what arrives from now on; aborts the test where that is not allowed. */
  public static HeaderTap open(Family family) {
    Requires.linux();
    HeaderTap tap = new HeaderTap(family);
    Requires.that(tap.fd >= 0, "needs the right to read packets off the wire (CAP_NET_RAW)");
    return tap;
  }

  /** One datagram. */
  public record Packet(TransportAddress from, TransportAddress to, Header header) {}

  /** What has arrived since the last call, of all that this machine hears, oldest first. */
  public List<Packet> taken() {
    List<Packet> packets = new ArrayList<>();
    while (true) {
      long length = libc.recv(fd, packet, ROOM, Abi.MSG_DONTWAIT);
      if (length == -Abi.EAGAIN) {
        return packets;
      }
      if (length > 0) {
        ByteBuffer bytes = packet.asSlice(0, length).asByteBuffer();
        packets.add(family == Family.IPV4 ? ipv4(bytes) : ipv6(bytes));
      }
    }
  }

  private static Packet ipv4(ByteBuffer packet) {
    int size = (packet.get(0) & 0x0f) * 4;
    int fragment = packet.getShort(6);
    Header header =
        new Header(
            Byte.toUnsignedInt(packet.get(8)),
            Byte.toUnsignedInt(packet.get(1)),
            (fragment & 0x4000) != 0,
            size == 20 && (fragment & 0x3fff) == 0);
    return udp(packet, 12, 4, packet.get(9), size, header);
  }

  private static Packet ipv6(ByteBuffer packet) {
    Header header =
        new Header(Byte.toUnsignedInt(packet.get(7)), packet.getInt(0) >>> 20 & 0xff, false, true);
    return udp(packet, 8, 16, packet.get(6), 40, header);
  }

  /** Port 0 stands for what is no UDP, or has something between the headers. */
  private static Packet udp(
      ByteBuffer packet, int addresses, int length, int protocol, int ports, Header header) {
    boolean udp = protocol == UDP;
    int from = udp ? Short.toUnsignedInt(packet.getShort(ports)) : 0;
    int to = udp ? Short.toUnsignedInt(packet.getShort(ports + 2)) : 0;
    return new Packet(
        new TransportAddress(address(packet, addresses, length), from),
        new TransportAddress(address(packet, addresses + length, length), to),
        header);
  }

  private static IpAddress address(ByteBuffer packet, int at, int length) {
    byte[] bytes = new byte[length];
    packet.get(at, bytes);
    return IpAddress.of(bytes);
  }

  @Override
  public void close() {
    libc.close(fd);
    arena.close();
  }
}
