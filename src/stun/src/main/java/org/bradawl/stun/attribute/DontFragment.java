package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/** DONT-FRAGMENT (RFC 8656 §18.9): the server should relay with the DF bit set. */
public record DontFragment() implements Attribute {

  static final AttributeCodec<DontFragment> CODEC =
      AttributeCodec.fixed(
          0x001A,
          "DONT-FRAGMENT",
          DontFragment.class,
          0,
          value -> new DontFragment(),
          attribute -> Bytes.EMPTY);

  @Override
  public int type() {
    return CODEC.type();
  }
}
