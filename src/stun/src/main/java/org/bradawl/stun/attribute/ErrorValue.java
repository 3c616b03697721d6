package org.bradawl.stun.attribute;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.TransactionId;

/**
 * The value that ERROR-CODE (RFC 8489 §14.8) and ADDRESS-ERROR-CODE (RFC 8656 §18.12) share: a byte
 * that only the latter uses, hundreds and rest of the code, and a phrase.
 */
final class ErrorValue {

  /** The length of a phrase that a receiver must be able to take (RFC 8489 §14.8). */
  static final int MAX_REASON_BYTES = 763;

  private ErrorValue() {}

  /** Rejects what cannot be sent. */
  static void check(int code, String reason) {
    if (code < 300 || code > 699) {
      throw new IllegalArgumentException("error codes are 300 to 699, not " + code);
    }
    TextValue.check(reason, MAX_REASON_BYTES);
  }

  static Optional<Integer> code(Bytes value) {
    int hundreds = value.u8(2) & 7;
    int rest = value.u8(3);
    return hundreds >= 3 && hundreds <= 6 && rest <= 99
        ? Optional.of(hundreds * 100 + rest)
        : Optional.empty();
  }

  static Optional<String> reason(Bytes value, TransactionId id) {
    return TextValue.decode(value.from(4), id, MAX_REASON_BYTES);
  }

  static Bytes encode(int firstByte, int code, String reason, TransactionId id) {
    Bytes phrase = TextValue.encode(reason, id);
    ByteBuffer value = ByteBuffer.allocate(4 + phrase.length());
    value.put((byte) firstByte).put((byte) 0).put((byte) (code / 100)).put((byte) (code % 100));
    phrase.putInto(value);
    return Bytes.owning(value.array());
  }
}
