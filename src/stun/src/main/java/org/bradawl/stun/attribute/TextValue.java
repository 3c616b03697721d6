package org.bradawl.stun.attribute;

import java.util.Optional;
import java.util.function.Function;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.TransactionId;

/**
 * The value that the textual attributes share: UTF-8. RFC 3489 knows no padding between attributes;
 * there text ends in spaces so that its length is a multiple of four, and they are not part of it.
 */
final class TextValue {

  private TextValue() {}

  /** An attribute that holds text of at most {@code maxBytes}. */
  static <A extends Attribute> AttributeCodec<A> codec(
      int type,
      String name,
      Class<A> attributeClass,
      int maxBytes,
      Function<String, A> decoder,
      Function<A, String> encoder) {
    return AttributeCodec.inDialect(
        type,
        name,
        attributeClass,
        0,
        maxBytes + 3,
        (value, id) -> decode(value, id, maxBytes).map(decoder),
        (attribute, id) -> encode(encoder.apply(attribute), id));
  }

  /**
   * Rejects text that cannot be sent.
   *
   * @throws IllegalArgumentException if it is too long or holds half a surrogate pair
   */
  static void check(String text, int maxBytes) {
    Lengths.check("text", Bytes.utf8(text), 0, maxBytes);
  }

  /** The text of these bytes, unless they are no UTF-8 or too many. */
  static Optional<String> decode(Bytes value, TransactionId id, int maxBytes) {
    Bytes text =
        switch (id.dialect()) {
          case RFC8489 -> value;
          case RFC3489 -> withoutTrailingSpaces(value);
        };
    return text.length() <= maxBytes ? text.utf8() : Optional.empty();
  }

  /** The bytes of this text. */
  static Bytes encode(String text, TransactionId id) {
    return switch (id.dialect()) {
      case RFC8489 -> Bytes.utf8(text);
      case RFC3489 -> {
        Bytes bytes = Bytes.utf8(text);
        int missing = -bytes.length() & 3;
        yield missing == 0 ? bytes : Bytes.utf8(text + " ".repeat(missing));
      }
    };
  }

  private static Bytes withoutTrailingSpaces(Bytes value) {
    int end = value.length();
    while (end > 0 && value.u8(end - 1) == ' ') {
      end--;
    }
    return value.slice(0, end);
  }
}
