package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * FINGERPRINT (RFC 8489 §14.7): tells STUN from other protocols on the same port. Always last.
 *
 * @param crc CRC-32 of the message up to here, XOR 0x5354554E
 */
public record Fingerprint(int crc) implements Attribute {

  static final AttributeCodec<Fingerprint> CODEC =
      AttributeCodec.fixed(
          0x8028,
          "FINGERPRINT",
          Fingerprint.class,
          4,
          value -> new Fingerprint(value.i32(0)),
          attribute -> Bytes.ofInt(attribute.crc));

  @Override
  public int type() {
    return CODEC.type();
  }
}
