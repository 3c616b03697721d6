package org.bradawl.traversal.broker;

import org.bradawl.stun.IpAddress;

/** Addresses that are nobody's on the internet. */
final class Places {

  private Places() {}

  /** RFC 1122 loopback, RFC 1918, RFC 3927, RFC 6598, RFC 4193, RFC 4291 §2.5.3 and §2.5.6. */
  static boolean isLocal(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> isLocalV4((int) address.low());
      case IPV6 ->
          (address.high() == 0 && address.low() == 1)
              || address.high() >>> 57 == 0xfc >>> 1
              || address.high() >>> 54 == 0xfe80 >>> 6;
    };
  }

  private static boolean isLocalV4(int bits) {
    return bits >>> 24 == 10
        || bits >>> 24 == 127
        || bits >>> 20 == 0xac1
        || bits >>> 16 == 0xc0a8
        || bits >>> 22 == 0x6440 >>> 6
        || bits >>> 16 == 0xa9fe;
  }
}
