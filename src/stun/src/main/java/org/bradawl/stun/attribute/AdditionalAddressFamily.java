package org.bradawl.stun.attribute;

import java.util.Optional;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.IpAddress;

/**
 * ADDITIONAL-ADDRESS-FAMILY (RFC 8656 §18.11): a second relayed address, beside the IPv4 one. Only
 * IPv6 is allowed here.
 *
 * @param code the number of the family, which may be none we know
 */
public record AdditionalAddressFamily(int code) implements Attribute {

  static final AttributeCodec<AdditionalAddressFamily> CODEC =
      AttributeCodec.fixed(
          0x8000,
          "ADDITIONAL-ADDRESS-FAMILY",
          AdditionalAddressFamily.class,
          4,
          value -> new AdditionalAddressFamily(value.u8(0)),
          attribute -> Bytes.ofInt(attribute.code << 24));

  /** Rejects what does not fit a byte. */
  public AdditionalAddressFamily {
    if (code >>> 8 != 0) {
      throw new IllegalArgumentException("ADDITIONAL-ADDRESS-FAMILY holds one byte, not " + code);
    }
  }

  /** Asks for this family. */
  public AdditionalAddressFamily(IpAddress.Family family) {
    this(family.code());
  }

  /** The family, if the number stands for one. */
  public Optional<IpAddress.Family> family() {
    return IpAddress.Family.of(code);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
