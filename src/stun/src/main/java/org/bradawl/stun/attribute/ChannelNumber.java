package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * CHANNEL-NUMBER (RFC 8656 §18.1).
 *
 * @param number 16 bits; whether it can be a channel's is for the server to say, with 400
 */
public record ChannelNumber(int number) implements Attribute {

  static final AttributeCodec<ChannelNumber> CODEC =
      AttributeCodec.fixed(
          0x000C,
          "CHANNEL-NUMBER",
          ChannelNumber.class,
          4,
          value -> new ChannelNumber(value.u16(0)),
          attribute -> Bytes.ofInt(attribute.number << 16));

  /** Rejects what does not fit 16 bits. */
  public ChannelNumber {
    if (number >>> 16 != 0) {
      throw new IllegalArgumentException("CHANNEL-NUMBER has 16 bits, not " + number);
    }
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
