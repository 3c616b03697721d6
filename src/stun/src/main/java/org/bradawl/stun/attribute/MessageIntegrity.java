package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/** MESSAGE-INTEGRITY (RFC 8489 §14.5): HMAC-SHA1 over the message up to here. */
public record MessageIntegrity(Bytes hmac) implements Attribute {

  static final AttributeCodec<MessageIntegrity> CODEC =
      AttributeCodec.opaque(
          0x0008,
          "MESSAGE-INTEGRITY",
          MessageIntegrity.class,
          20,
          20,
          MessageIntegrity::new,
          MessageIntegrity::hmac);

  /** Rejects another length than 20 bytes. */
  public MessageIntegrity {
    Lengths.check("MESSAGE-INTEGRITY", hmac, 20, 20);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
