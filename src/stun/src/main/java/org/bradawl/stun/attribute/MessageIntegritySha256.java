package org.bradawl.stun.attribute;

import java.util.Optional;
import org.bradawl.stun.Bytes;

/**
 * MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.6): HMAC-SHA256 over the message up to here.
 *
 * @param hmac 32 bytes, or a prefix of at least 16 that is a multiple of four long
 */
public record MessageIntegritySha256(Bytes hmac) implements Attribute {

  /** The shortest truncation that RFC 8489 §14.6 allows. */
  public static final int MIN_BYTES = 16;

  /** The whole HMAC. */
  public static final int MAX_BYTES = 32;

  static final AttributeCodec<MessageIntegritySha256> CODEC =
      AttributeCodec.of(
          0x001C,
          "MESSAGE-INTEGRITY-SHA256",
          MessageIntegritySha256.class,
          MIN_BYTES,
          MAX_BYTES,
          value ->
              value.length() % 4 == 0
                  ? Optional.of(new MessageIntegritySha256(value))
                  : Optional.empty(),
          MessageIntegritySha256::hmac);

  /** Rejects a length that RFC 8489 does not allow. */
  public MessageIntegritySha256 {
    Lengths.check("MESSAGE-INTEGRITY-SHA256", hmac, MIN_BYTES, MAX_BYTES);
    if (hmac.length() % 4 != 0) {
      throw new IllegalArgumentException("a truncated HMAC is a multiple of four bytes long");
    }
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
