package org.bradawl.stun;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The sixteen bytes that tie a response to its request: the magic cookie and 96 bits (RFC 8489 §5),
 * or 128 bits without a cookie (RFC 3489 §11.1). Which of both it is decides the dialect, so a
 * message cannot contradict itself.
 *
 * @param high the magic cookie and the first 32 bits, or the first 64 bits
 * @param low the last 64 bits
 */
public record TransactionId(long high, long low) {

  /** What the messages of RFC 5389 and later carry in bytes 4 to 7. */
  public static final int MAGIC_COOKIE = 0x2112A442;

  /** The id with the magic cookie and these 96 bits. */
  public static TransactionId of(int first, long last) {
    return new TransactionId((long) MAGIC_COOKIE << 32 | Integer.toUnsignedLong(first), last);
  }

  /** The id with the magic cookie and these twelve bytes. */
  public static TransactionId of(byte[] twelve) {
    if (twelve.length != 12) {
      throw new IllegalArgumentException("a transaction id has 12 bytes, not " + twelve.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(twelve);
    return of(buffer.getInt(), buffer.getLong());
  }

  /**
   * A fresh id with the magic cookie. RFC 8489 §5 asks for cryptographic randomness, because the id
   * is what keeps strangers from answering.
   */
  public static TransactionId random(RandomGenerator random) {
    return of(random.nextInt(), random.nextLong());
  }

  /** What bytes 4 to 7 of the message hold. */
  public int cookie() {
    return (int) (high >>> 32);
  }

  /** The generation of STUN that a message with this id speaks. */
  public Dialect dialect() {
    return cookie() == MAGIC_COOKIE ? Dialect.RFC8489 : Dialect.RFC3489;
  }

  /** The id in hexadecimal, without the cookie. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return switch (dialect()) {
      case RFC8489 -> hex.toHexDigits((int) high) + hex.toHexDigits(low);
      case RFC3489 -> hex.toHexDigits(high) + hex.toHexDigits(low);
    };
  }
}
