package org.bradawl.stun.attribute;

/**
 * ERROR-CODE (RFC 8489 §14.8).
 *
 * @param code 300 to 699
 * @param reason for people; fewer than 764 bytes
 */
public record ErrorCode(int code, String reason) implements Attribute {

  static final AttributeCodec<ErrorCode> CODEC =
      AttributeCodec.inDialect(
          0x0009,
          "ERROR-CODE",
          ErrorCode.class,
          4,
          4 + ErrorValue.MAX_REASON_BYTES,
          (value, id) ->
              ErrorValue.code(value)
                  .flatMap(code ->
                      ErrorValue.reason(value, id).map(reason -> new ErrorCode(code, reason))),
          (attribute, id) -> ErrorValue.encode(0, attribute.code, attribute.reason, id));

  /** Rejects a code or reason that cannot be sent. */
  public ErrorCode {
    ErrorValue.check(code, reason);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
