package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/**
 * CHANGED-ADDRESS (RFC 3489 §11.2.3): where a classic response would come from if the client asked
 * for both address and port to change; today OTHER-ADDRESS.
 */
public record ChangedAddress(TransportAddress address) implements Attribute {

  static final AttributeCodec<ChangedAddress> CODEC =
      AddressValue.plain(
          0x0005,
          "CHANGED-ADDRESS",
          ChangedAddress.class,
          ChangedAddress::new,
          ChangedAddress::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
