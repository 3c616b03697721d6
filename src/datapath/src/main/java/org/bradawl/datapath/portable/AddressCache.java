package org.bradawl.datapath.portable;

import java.net.InetSocketAddress;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Translates between the JDK's socket addresses and ours without making new objects for those seen
 * lately. Two tables of a fixed size in which a newcomer takes the place of whoever was there, so
 * that a flood of spoofed sources costs no memory.
 *
 * <p>For one address it keeps giving the same {@link InetSocketAddress}: a channel then skips
 * encoding it again for the kernel.
 */
final class AddressCache {

  /** Peers and clients of one shard that are active at a time; about 2 MB when full. */
  private static final int SIZE = 8192;

  private final @Nullable InetSocketAddress[] sources = new InetSocketAddress[SIZE];
  private final @Nullable TransportAddress[] sourceValues = new TransportAddress[SIZE];
  private final @Nullable TransportAddress[] targets = new TransportAddress[SIZE];
  private final @Nullable InetSocketAddress[] targetValues = new InetSocketAddress[SIZE];

  /** Where a datagram came from. */
  TransportAddress of(InetSocketAddress source) {
    int slot = slot(source.hashCode());
    TransportAddress known = sourceValues[slot];
    if (known != null && source.equals(sources[slot])) {
      return known;
    }
    TransportAddress made = TransportAddress.of(source);
    sources[slot] = source;
    sourceValues[slot] = made;
    return made;
  }

  /** Where a datagram goes. */
  InetSocketAddress of(TransportAddress target) {
    int slot = slot(hash(target));
    InetSocketAddress known = targetValues[slot];
    if (known != null && target.equals(targets[slot])) {
      return known;
    }
    InetSocketAddress made = target.toSocketAddress();
    targets[slot] = target;
    targetValues[slot] = made;
    return made;
  }

  private static int hash(TransportAddress address) {
    long bits = address.address().high() * 31 + address.address().low();
    return Long.hashCode(bits) * 31 + address.port();
  }

  /** Fibonacci hashing: neighbouring addresses and ports must not meet in one slot. */
  static int slot(int hash) {
    return (hash * 0x9E37_79B9) >>> (32 - Integer.numberOfTrailingZeros(SIZE));
  }
}
