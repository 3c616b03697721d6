package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/** What the constructors of attributes with limited length check. */
final class Lengths {

  private Lengths() {}

  /**
   * Rejects a value that is too short or too long.
   *
   * @throws IllegalArgumentException if it is
   */
  static void check(String name, Bytes value, int min, int max) {
    if (value.length() < min || value.length() > max) {
      throw new IllegalArgumentException(
          name + " has " + min + " to " + max + " bytes, not " + value.length());
    }
  }
}
