package org.bradawl.nat;

/** Yes, no, or not enough evidence for either. */
public enum Answer {
  YES,
  NO,
  UNKNOWN;

  /** The answer that is certain. */
  public static Answer of(boolean value) {
    return value ? YES : NO;
  }
}
