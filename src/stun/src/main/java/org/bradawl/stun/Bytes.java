package org.bradawl.stun;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * A byte string that never changes, compared by content. A part of one shares its memory: the
 * values of all attributes of a decoded message are views of one copy of the message.
 */
public final class Bytes {

  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int start;
  private final int length;

  private Bytes(byte[] array, int start, int length) {
    this.array = array;
    this.start = start;
    this.length = length;
  }

  /** These bytes, copied. */
  public static Bytes of(byte... bytes) {
    return new Bytes(bytes.clone(), 0, bytes.length);
  }

  /** The bytes between position and limit, copied; the buffer's position stays. */
  public static Bytes copyOf(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(buffer.position(), copy);
    return owning(copy);
  }

  /** These bytes without a copy: nobody may change the array afterwards. */
  public static Bytes owning(byte[] bytes) {
    return new Bytes(bytes, 0, bytes.length);
  }

  /** Two bytes, most significant first. */
  public static Bytes ofShort(int value) {
    return owning(new byte[] {(byte) (value >>> 8), (byte) value});
  }

  /** Four bytes, most significant first. */
  public static Bytes ofInt(int value) {
    return owning(ByteBuffer.allocate(4).putInt(value).array());
  }

  /** Eight bytes, most significant first. */
  public static Bytes ofLong(long value) {
    return owning(ByteBuffer.allocate(8).putLong(value).array());
  }

  /**
   * The UTF-8 form of {@code text}.
   *
   * @throws IllegalArgumentException if it has none, because of half a surrogate pair
   */
  public static Bytes utf8(String text) {
    return hasSurrogates(text) ? encoded(text) : owning(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The JDK's short way would put a question mark for half a pair. */
  private static Bytes encoded(String text) {
    try {
      return copyOf(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text with half a surrogate pair", e);
    }
  }

  private static boolean hasSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** The bytes that these hexadecimal digits, with or without spaces, stand for. */
  public static Bytes hex(String digits) {
    return owning(HexFormat.of().parseHex(digits.replaceAll("\\s", "")));
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return length == 0;
  }

  /** The byte at {@code index}, 0 to 255. */
  public int u8(int index) {
    return array[start + checked(index, 1)] & 0xff;
  }

  /** The two bytes at {@code index} as a number, 0 to 65535. */
  public int u16(int index) {
    return u8(index) << 8 | u8(index + 1);
  }

  /** The four bytes at {@code index} as a signed number. */
  public int i32(int index) {
    return u16(index) << 16 | u16(index + 2);
  }

  /** The four bytes at {@code index} as a number that is never negative. */
  public long u32(int index) {
    return Integer.toUnsignedLong(i32(index));
  }

  /** The eight bytes at {@code index} as a signed number. */
  public long i64(int index) {
    return (long) i32(index) << 32 | u32(index + 4);
  }

  /** What starts at {@code index}; shares memory with this. */
  public Bytes from(int index) {
    return slice(index, length - index);
  }

  /** The {@code count} bytes at {@code index}; shares memory with this. */
  public Bytes slice(int index, int count) {
    return new Bytes(array, start + checked(index, count), count);
  }

  /** The text that these bytes are in UTF-8, or empty if they are not UTF-8. */
  public Optional<String> utf8() {
    if (isAscii()) {
      return Optional.of(new String(array, start, length, StandardCharsets.US_ASCII));
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(asBuffer()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private boolean isAscii() {
    for (int i = start; i < start + length; i++) {
      if (array[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** A copy as an array. */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, start, start + length);
  }

  /** A read-only view. */
  public ByteBuffer asBuffer() {
    return ByteBuffer.wrap(array, start, length).slice().asReadOnlyBuffer();
  }

  /** Writes the bytes at the position of {@code target}, which moves on. */
  public void putInto(ByteBuffer target) {
    target.put(array, start, length);
  }

  /** Lets a code cover the bytes, without the copy that it makes of a read-only view. */
  void putInto(Mac mac) {
    mac.update(array, start, length);
  }

  private int checked(int index, int count) {
    if (index < 0 || count < 0 || index > length - count) {
      throw new IndexOutOfBoundsException(
          count + " bytes at " + index + " of a string of " + length);
    }
    return index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, start, start + length, that.array, that.start, that.start + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = start; i < start + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** The bytes in hexadecimal; of a long string the first 32 and the length. */
  @Override
  public String toString() {
    String digits = HexFormat.of().formatHex(array, start, start + Math.min(length, 32));
    return length <= 32 ? digits : digits + "… (" + length + " bytes)";
  }
}
