package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * An attribute that this codec does not know, or one that may be ignored and makes no sense: its
 * bytes are kept as they came.
 *
 * @param type 16 bits
 * @param value the value without padding
 */
public record UnknownAttribute(int type, Bytes value) implements Attribute {

  /** Rejects a type that does not fit 16 bits. */
  public UnknownAttribute {
    if (type >>> 16 != 0) {
      throw new IllegalArgumentException("an attribute type has 16 bits, not " + type);
    }
  }
}
