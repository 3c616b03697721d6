package org.bradawl.turn.server;

import java.util.HexFormat;

/** Names an allocation, unlike any other of any shard; random, so that it also tells nothing. */
public record AllocationId(long value) {

  /**
   * The id written as {@link #toString()} writes it.
   *
   * @throws IllegalArgumentException if {@code text} is not 16 hexadecimal digits
   */
  public static AllocationId parse(String text) {
    if (text.length() != 16) {
      throw new IllegalArgumentException("an allocation id has 16 hexadecimal digits");
    }
    return new AllocationId(HexFormat.fromHexDigitsToLong(text));
  }

  /** 16 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }
}
