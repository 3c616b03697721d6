package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * EVEN-PORT (RFC 8656 §18.7): the relayed port should be even.
 *
 * @param reserveNext whether the server should keep the next higher port for a later allocation
 */
public record EvenPort(boolean reserveNext) implements Attribute {

  static final AttributeCodec<EvenPort> CODEC =
      AttributeCodec.fixed(
          0x0018,
          "EVEN-PORT",
          EvenPort.class,
          1,
          value -> new EvenPort((value.u8(0) & 0x80) != 0),
          attribute -> Bytes.of((byte) (attribute.reserveNext ? 0x80 : 0)));

  @Override
  public int type() {
    return CODEC.type();
  }
}
