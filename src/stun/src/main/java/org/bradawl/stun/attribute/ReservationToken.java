package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * RESERVATION-TOKEN (RFC 8656 §18.10): stands for a port that the server keeps for a later
 * allocation.
 */
public record ReservationToken(long token) implements Attribute {

  static final AttributeCodec<ReservationToken> CODEC =
      AttributeCodec.fixed(
          0x0022,
          "RESERVATION-TOKEN",
          ReservationToken.class,
          8,
          value -> new ReservationToken(value.i64(0)),
          attribute -> Bytes.ofLong(attribute.token));

  @Override
  public int type() {
    return CODEC.type();
  }
}
