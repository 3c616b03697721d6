package org.bradawl.stun.attribute;

import java.util.Optional;
import org.bradawl.stun.IpAddress;

/**
 * ADDRESS-ERROR-CODE (RFC 8656 §18.12): why one of two requested relayed addresses was not given.
 *
 * @param familyCode the number of the family it is about
 * @param code 300 to 699
 * @param reason for people; fewer than 764 bytes
 */
public record AddressErrorCode(int familyCode, int code, String reason) implements Attribute {

  static final AttributeCodec<AddressErrorCode> CODEC =
      AttributeCodec.inDialect(
          0x8001,
          "ADDRESS-ERROR-CODE",
          AddressErrorCode.class,
          4,
          4 + ErrorValue.MAX_REASON_BYTES,
          (value, id) ->
              ErrorValue.code(value)
                  .flatMap(code ->
                      ErrorValue.reason(value, id)
                          .map(reason -> new AddressErrorCode(value.u8(0), code, reason))),
          (attribute, id) ->
              ErrorValue.encode(attribute.familyCode, attribute.code, attribute.reason, id));

  /** Rejects a family, code or reason that cannot be sent. */
  public AddressErrorCode {
    ErrorValue.check(code, reason);
    if (familyCode >>> 8 != 0) {
      throw new IllegalArgumentException("a family has one byte, not " + familyCode);
    }
  }

  /** About this family. */
  public AddressErrorCode(IpAddress.Family family, int code, String reason) {
    this(family.code(), code, reason);
  }

  /** The family, if the number stands for one. */
  public Optional<IpAddress.Family> family() {
    return IpAddress.Family.of(familyCode);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
