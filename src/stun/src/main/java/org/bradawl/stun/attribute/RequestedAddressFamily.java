package org.bradawl.stun.attribute;

import java.util.Optional;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.IpAddress;

/**
 * REQUESTED-ADDRESS-FAMILY (RFC 8656 §18.6): what kind of relayed address the client wants.
 *
 * @param code the number of the family, which may be none we know (440)
 */
public record RequestedAddressFamily(int code) implements Attribute {

  static final AttributeCodec<RequestedAddressFamily> CODEC =
      AttributeCodec.fixed(
          0x0017,
          "REQUESTED-ADDRESS-FAMILY",
          RequestedAddressFamily.class,
          4,
          value -> new RequestedAddressFamily(value.u8(0)),
          attribute -> Bytes.ofInt(attribute.code << 24));

  /** Rejects what does not fit a byte. */
  public RequestedAddressFamily {
    if (code >>> 8 != 0) {
      throw new IllegalArgumentException("REQUESTED-ADDRESS-FAMILY holds one byte, not " + code);
    }
  }

  /** Asks for this family. */
  public RequestedAddressFamily(IpAddress.Family family) {
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
