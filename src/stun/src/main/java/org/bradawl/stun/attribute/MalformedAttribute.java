package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * An attribute of a request that must be understood, is known, and has a value that it cannot have:
 * what a 400 answers (RFC 8656 §7.2 and its like). Its bytes are kept as they came.
 *
 * @param type below 0x8000
 * @param value the value without padding
 */
public record MalformedAttribute(int type, Bytes value) implements Attribute {

  /** Rejects a type that may be ignored, or does not fit 16 bits. */
  public MalformedAttribute {
    if (type >>> 15 != 0) {
      throw new IllegalArgumentException("nonsense that may be ignored is an UnknownAttribute");
    }
  }
}
