package org.bradawl.stun.attribute;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.TransactionId;

/**
 * Both ways between an attribute and its bytes. The transaction id is at hand because some values
 * are disguised with it, and because it tells the dialect.
 *
 * @param <A> the record of the attribute
 */
public final class AttributeCodec<A extends Attribute> {

  private final int type;
  private final String name;
  private final Class<A> attributeClass;
  private final int minLength;
  private final int maxLength;
  private final BiFunction<Bytes, TransactionId, Optional<A>> decoder;
  private final BiFunction<A, TransactionId, Bytes> encoder;

  private AttributeCodec(
      int type,
      String name,
      Class<A> attributeClass,
      int minLength,
      int maxLength,
      BiFunction<Bytes, TransactionId, Optional<A>> decoder,
      BiFunction<A, TransactionId, Bytes> encoder) {
    this.type = type;
    this.name = name;
    this.attributeClass = attributeClass;
    this.minLength = minLength;
    this.maxLength = maxLength;
    this.decoder = decoder;
    this.encoder = encoder;
  }

  /** For a value that depends on the transaction id or the dialect. */
  static <A extends Attribute> AttributeCodec<A> inDialect(
      int type,
      String name,
      Class<A> attributeClass,
      int minLength,
      int maxLength,
      BiFunction<Bytes, TransactionId, Optional<A>> decoder,
      BiFunction<A, TransactionId, Bytes> encoder) {
    return new AttributeCodec<>(type, name, attributeClass, minLength, maxLength, decoder, encoder);
  }

  /** For a value that not every string of the right length is. */
  static <A extends Attribute> AttributeCodec<A> of(
      int type,
      String name,
      Class<A> attributeClass,
      int minLength,
      int maxLength,
      Function<Bytes, Optional<A>> decoder,
      Function<A, Bytes> encoder) {
    return inDialect(
        type,
        name,
        attributeClass,
        minLength,
        maxLength,
        (value, id) -> decoder.apply(value),
        (attribute, id) -> encoder.apply(attribute));
  }

  /** For a value that every string of the right length is. */
  static <A extends Attribute> AttributeCodec<A> opaque(
      int type,
      String name,
      Class<A> attributeClass,
      int minLength,
      int maxLength,
      Function<Bytes, A> decoder,
      Function<A, Bytes> encoder) {
    return of(
        type,
        name,
        attributeClass,
        minLength,
        maxLength,
        value -> Optional.of(decoder.apply(value)),
        encoder);
  }

  /** For a value of fixed length that every string of that length is. */
  static <A extends Attribute> AttributeCodec<A> fixed(
      int type,
      String name,
      Class<A> attributeClass,
      int length,
      Function<Bytes, A> decoder,
      Function<A, Bytes> encoder) {
    return opaque(type, name, attributeClass, length, length, decoder, encoder);
  }

  /** The number on the wire. */
  public int type() {
    return type;
  }

  /** The name in the documents, such as {@code XOR-MAPPED-ADDRESS}. */
  public String name() {
    return name;
  }

  /** The record of the attribute. */
  public Class<A> attributeClass() {
    return attributeClass;
  }

  /** Whether a value of this many bytes is possible at all. */
  public boolean fits(int length) {
    return length >= minLength && length <= maxLength;
  }

  /** The attribute with this value in a message with this id, or empty if it makes no sense. */
  public Optional<A> decode(Bytes value, TransactionId id) {
    return fits(value.length()) ? decoder.apply(value, id) : Optional.empty();
  }

  /** The value in a message with this id, without padding. */
  public Bytes encode(A attribute, TransactionId id) {
    return encoder.apply(attribute, id);
  }

  @Override
  public String toString() {
    return name;
  }
}
