package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/** DATA (RFC 8656 §18.4): the application's bytes in Send and Data indications. */
public record Data(Bytes value) implements Attribute {

  static final AttributeCodec<Data> CODEC =
      AttributeCodec.opaque(0x0013, "DATA", Data.class, 0, 65535, Data::new, Data::value);

  @Override
  public int type() {
    return CODEC.type();
  }
}
