package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * PADDING (RFC 5780 §7.6): filler that makes a message as long as it is, to learn whether fragments
 * pass.
 */
public record Padding(Bytes filler) implements Attribute {

  static final AttributeCodec<Padding> CODEC =
      AttributeCodec.opaque(
          0x0026, "PADDING", Padding.class, 0, 65535, Padding::new, Padding::filler);

  @Override
  public int type() {
    return CODEC.type();
  }
}
