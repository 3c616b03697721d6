package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/** USE-CANDIDATE (RFC 8445 §7.1.2): the controlling agent nominates this pair. */
public record UseCandidate() implements Attribute {

  static final AttributeCodec<UseCandidate> CODEC =
      AttributeCodec.fixed(
          0x0025,
          "USE-CANDIDATE",
          UseCandidate.class,
          0,
          value -> new UseCandidate(),
          attribute -> Bytes.EMPTY);

  @Override
  public int type() {
    return CODEC.type();
  }
}
