package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/**
 * REFLECTED-FROM (RFC 3489 §11.2.11): who really asked, in the answer to a request with
 * RESPONSE-ADDRESS.
 */
public record ReflectedFrom(TransportAddress address) implements Attribute {

  static final AttributeCodec<ReflectedFrom> CODEC =
      AddressValue.plain(
          0x000B,
          "REFLECTED-FROM",
          ReflectedFrom.class,
          ReflectedFrom::new,
          ReflectedFrom::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
