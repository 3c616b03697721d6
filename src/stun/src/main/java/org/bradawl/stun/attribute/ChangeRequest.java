package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * CHANGE-REQUEST (RFC 5780 §7.2, RFC 3489 §11.2.4): from where the client wants its answer.
 *
 * @param changeAddress from the other address
 * @param changePort from the other port
 */
public record ChangeRequest(boolean changeAddress, boolean changePort) implements Attribute {

  static final AttributeCodec<ChangeRequest> CODEC =
      AttributeCodec.fixed(
          0x0003,
          "CHANGE-REQUEST",
          ChangeRequest.class,
          4,
          value -> new ChangeRequest((value.i32(0) & 4) != 0, (value.i32(0) & 2) != 0),
          attribute ->
              Bytes.ofInt((attribute.changeAddress ? 4 : 0) | (attribute.changePort ? 2 : 0)));

  @Override
  public int type() {
    return CODEC.type();
  }
}
