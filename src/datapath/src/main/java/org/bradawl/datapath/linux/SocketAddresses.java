package org.bradawl.datapath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Turns {@code sockaddr} structures into transport addresses and back.
 *
 * <p>Reading remembers the addresses it made, each in the one place that its bits hash to, so that
 * a flow's packets share one object. A collision costs a new object and nothing else, and strangers
 * with forged sources can do no more than that.
 */
final class SocketAddresses {

  /**
   * Places for remembered addresses: a shard's share of a few thousand busy clients and peers; 4
   * bytes each when empty.
   */
  private static final int PLACES = 1 << 13;

  private static final ValueLayout.OfShort PORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt BITS32 =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong BITS64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final long PORT_AT = Abi.offset(Abi.SOCKADDR_IN, "sin_port");
  private static final long IPV4_AT = Abi.offset(Abi.SOCKADDR_IN, "sin_addr");
  private static final long IPV6_AT = Abi.offset(Abi.SOCKADDR_IN6, "sin6_addr");

  private final @Nullable TransportAddress[] remembered = new TransportAddress[PLACES];

  /** The address written at {@code offset}, or null if its family is neither IPv4 nor IPv6. */
  @Nullable TransportAddress read(MemorySegment memory, long offset) {
    int family = memory.get(JAVA_SHORT_UNALIGNED, offset);
    int port = Short.toUnsignedInt(memory.get(PORT, offset + PORT_AT));
    return switch (family) {
      case Abi.AF_INET ->
          remember(
              IpAddress.Family.IPV4,
              0,
              Integer.toUnsignedLong(memory.get(BITS32, offset + IPV4_AT)),
              port);
      case Abi.AF_INET6 ->
          remember(
              IpAddress.Family.IPV6,
              memory.get(BITS64, offset + IPV6_AT),
              memory.get(BITS64, offset + IPV6_AT + Long.BYTES),
              port);
      default -> null;
    };
  }

  private TransportAddress remember(IpAddress.Family family, long high, long low, int port) {
    long mixed = (high * 31 + low * 0x9E3779B97F4A7C15L + port) * 0xD6E8FEB86659FD93L;
    int place = (int) (mixed >>> 51);
    TransportAddress known = remembered[place];
    if (known != null && known.port() == port) {
      IpAddress address = known.address();
      if (address.low() == low && address.high() == high && address.family() == family) {
        return known;
      }
    }
    TransportAddress fresh = new TransportAddress(new IpAddress(family, high, low), port);
    remembered[place] = fresh;
    return fresh;
  }

  /**
   * Writes {@code address} at {@code offset}, where {@link Abi#SOCKADDR_ROOM} bytes are free, and
   * says its length.
   */
  static int write(MemorySegment memory, long offset, TransportAddress address) {
    IpAddress ip = address.address();
    return switch (ip.family()) {
      case IPV4 -> {
        memory.set(JAVA_SHORT_UNALIGNED, offset, (short) Abi.AF_INET);
        memory.set(PORT, offset + PORT_AT, (short) address.port());
        memory.set(BITS32, offset + IPV4_AT, (int) ip.low());
        memory.set(BITS64, offset + IPV4_AT + Integer.BYTES, 0);
        yield (int) Abi.SOCKADDR_IN.byteSize();
      }
      case IPV6 -> {
        memory.set(JAVA_SHORT_UNALIGNED, offset, (short) Abi.AF_INET6);
        memory.set(PORT, offset + PORT_AT, (short) address.port());
        memory.set(BITS32, offset + PORT_AT + Short.BYTES, 0);
        memory.set(BITS64, offset + IPV6_AT, ip.high());
        memory.set(BITS64, offset + IPV6_AT + Long.BYTES, ip.low());
        memory.set(BITS32, offset + IPV6_AT + 2 * Long.BYTES, 0);
        yield (int) Abi.SOCKADDR_IN6.byteSize();
      }
    };
  }
}
