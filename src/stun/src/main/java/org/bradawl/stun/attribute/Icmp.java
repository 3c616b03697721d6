package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * ICMP (RFC 8656 §18.13): the ICMP or ICMPv6 error that a relayed packet met, in a Data indication.
 *
 * @param icmpType 7 bits
 * @param icmpCode 9 bits
 * @param errorData the next hop's MTU where the packet was too big, else 0
 */
public record Icmp(int icmpType, int icmpCode, int errorData) implements Attribute {

  static final AttributeCodec<Icmp> CODEC =
      AttributeCodec.fixed(
          0x8004,
          "ICMP",
          Icmp.class,
          8,
          value -> new Icmp(value.u16(2) >>> 9, value.u16(2) & 0x1ff, value.i32(4)),
          attribute ->
              Bytes.ofLong(
                  (long) (attribute.icmpType << 9 | attribute.icmpCode) << 32
                      | Integer.toUnsignedLong(attribute.errorData)));

  /** Rejects what does not fit. */
  public Icmp {
    if (icmpType >>> 7 != 0 || icmpCode >>> 9 != 0) {
      throw new IllegalArgumentException("ICMP has 7 bits of type and 9 of code");
    }
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
