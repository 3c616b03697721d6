package org.bradawl.stun.attribute;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Dialect;
import org.bradawl.stun.TransactionId;

/**
 * UNKNOWN-ATTRIBUTES (RFC 8489 §14.13): the types that a server did not understand, with error 420.
 *
 * @param types 16 bits each
 */
public record UnknownAttributes(List<Integer> types) implements Attribute {

  /** As many as a message may have attributes. */
  static final int MAX_TYPES = 256;

  static final AttributeCodec<UnknownAttributes> CODEC =
      AttributeCodec.inDialect(
          0x000A,
          "UNKNOWN-ATTRIBUTES",
          UnknownAttributes.class,
          0,
          2 * MAX_TYPES,
          (value, id) -> parse(value),
          (attribute, id) -> attribute.bytes(id));

  /** Rejects what does not fit 16 bits, and more types than a message can be asked about. */
  public UnknownAttributes {
    types = List.copyOf(types);
    if (types.size() > MAX_TYPES || types.stream().anyMatch(type -> type >>> 16 != 0)) {
      throw new IllegalArgumentException("at most " + MAX_TYPES + " types of 16 bits each");
    }
  }

  private static Optional<UnknownAttributes> parse(Bytes value) {
    if (value.length() % 2 != 0) {
      return Optional.empty();
    }
    List<Integer> types = new ArrayList<>(value.length() / 2);
    for (int i = 0; i < value.length(); i += 2) {
      types.add(value.u16(i));
    }
    return Optional.of(new UnknownAttributes(types));
  }

  private Bytes bytes(TransactionId id) {
    boolean repeatLast = id.dialect() == Dialect.RFC3489 && types.size() % 2 != 0;
    ByteBuffer value = ByteBuffer.allocate(2 * types.size() + (repeatLast ? 2 : 0));
    types.forEach(type -> value.putShort(type.shortValue()));
    if (repeatLast) {
      // RFC 3489 §11.2.10 knows no padding: one type is named twice.
      value.putShort(types.getLast().shortValue());
    }
    return Bytes.owning(value.array());
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
