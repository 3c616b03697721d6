package org.bradawl.stun;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.MalformedAttribute;
import org.bradawl.stun.attribute.MessageIntegritySha256;
import org.bradawl.stun.attribute.UnknownAttribute;

/**
 * A STUN message: class, method, transaction id, attributes in order. Two messages with the same of
 * these are equal. A decoded message also keeps the bytes it came in, because its integrity is
 * about them.
 */
public final class StunMessage implements Decoded {

  private final MessageClass messageClass;
  private final Method method;
  private final TransactionId transactionId;
  private final List<Attribute> attributes;
  private final List<Attribute> effective;
  private final Optional<Bytes> wire;

  StunMessage(
      MessageClass messageClass,
      Method method,
      TransactionId transactionId,
      List<Attribute> attributes,
      Optional<Bytes> wire) {
    this.messageClass = messageClass;
    this.method = method;
    this.transactionId = transactionId;
    this.attributes = List.copyOf(attributes);
    this.effective = effective(this.attributes);
    this.wire = wire;
  }

  private static List<Attribute> effective(List<Attribute> attributes) {
    Effective counting = new Effective();
    List<Attribute> effective = new ArrayList<>(attributes.size());
    for (Attribute attribute : attributes) {
      if (counting.admits(attribute.type())) {
        effective.add(attribute);
      }
    }
    return List.copyOf(effective);
  }

  /** A message to be filled with attributes. */
  public static Builder builder(
      MessageClass messageClass, Method method, TransactionId transactionId) {
    return new Builder(messageClass, method, transactionId);
  }

  /** A request to be filled with attributes. */
  public static Builder request(Method method, TransactionId transactionId) {
    return builder(MessageClass.REQUEST, method, transactionId);
  }

  /** An indication to be filled with attributes. */
  public static Builder indication(Method method, TransactionId transactionId) {
    return builder(MessageClass.INDICATION, method, transactionId);
  }

  /** A success response to this request, to be filled with attributes. */
  public Builder success() {
    return builder(MessageClass.SUCCESS_RESPONSE, method, transactionId);
  }

  /** An error response to this request, to be filled with more attributes. */
  public Builder error(int code, String reason) {
    return builder(MessageClass.ERROR_RESPONSE, method, transactionId)
        .add(new ErrorCode(code, reason));
  }

  /** Request, indication, success or error response. */
  public MessageClass messageClass() {
    return messageClass;
  }

  /** What the message is about. */
  public Method method() {
    return method;
  }

  /** What ties a response to its request. */
  public TransactionId transactionId() {
    return transactionId;
  }

  /** The generation of STUN that the message speaks. */
  public Dialect dialect() {
    return transactionId.dialect();
  }

  /** Whether this is a message of this class and method. */
  public boolean is(MessageClass messageClass, Method method) {
    return this.messageClass == messageClass && this.method.equals(method);
  }

  /** All attributes in order, those that do not count too. */
  public List<Attribute> attributes() {
    return attributes;
  }

  /** The attributes that count, in order: see RFC 8489 §14.5 for those after the integrity. */
  public List<Attribute> effectiveAttributes() {
    return effective;
  }

  /**
   * The attribute of this kind that counts, if there is one: of duplicates the first (RFC 8489
   * §14).
   */
  public <A extends Attribute> Optional<A> first(Class<A> kind) {
    for (Attribute attribute : effective) {
      if (kind.isInstance(attribute)) {
        return Optional.of(kind.cast(attribute));
      }
    }
    return Optional.empty();
  }

  /** Every attribute of this kind that counts, for the few kinds that may come more than once. */
  public <A extends Attribute> List<A> all(Class<A> kind) {
    List<A> all = new ArrayList<>();
    for (Attribute attribute : effective) {
      if (kind.isInstance(attribute)) {
        all.add(kind.cast(attribute));
      }
    }
    return List.copyOf(all);
  }

  /** Whether an attribute of this kind counts. */
  public boolean has(Class<? extends Attribute> kind) {
    return first(kind).isPresent();
  }

  /**
   * The types, each once, of the attributes that count, must be understood and are unknown: what a
   * 420 response lists (RFC 8489 §6.3.1).
   */
  public List<Integer> unknownComprehensionRequired() {
    if (!has(UnknownAttribute.class)) {
      return List.of(); // nearly always
    }
    return all(UnknownAttribute.class).stream()
        .filter(Attribute::comprehensionRequired)
        .map(Attribute::type)
        .distinct()
        .toList();
  }

  /** Whether an attribute that counts has a value that it cannot have: what a 400 answers. */
  public boolean isMalformed() {
    return has(MalformedAttribute.class);
  }

  /** Whether the message carries the attribute that this algorithm makes. */
  public boolean carries(IntegrityAlgorithm algorithm) {
    for (Attribute attribute : effective) {
      if (attribute.type() == algorithm.attributeType()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the message's integrity, made by this algorithm and not shortened, is right under
   * {@code key}.
   */
  public IntegrityCheck check(IntegrityAlgorithm algorithm, IntegrityKey key) {
    return check(algorithm, key, algorithm.length());
  }

  /**
   * As {@link #check(IntegrityAlgorithm, IntegrityKey)} with SHA-256, for a usage of STUN that lets
   * the HMAC be shortened (RFC 8489 §14.6); TURN does not.
   *
   * @param minLength how many bytes must be left, 16 to 32
   */
  public IntegrityCheck checkTruncated(IntegrityKey key, int minLength) {
    if (minLength < MessageIntegritySha256.MIN_BYTES) {
      throw new IllegalArgumentException("fewer than 16 bytes protect nothing");
    }
    return check(IntegrityAlgorithm.SHA256, key, minLength);
  }

  private IntegrityCheck check(IntegrityAlgorithm algorithm, IntegrityKey key, int minLength) {
    if (!carries(algorithm)) {
      return IntegrityCheck.ABSENT;
    }
    Bytes bytes = wire();
    int at = Wire.attribute(bytes.asBuffer(), 0, bytes.length(), algorithm.attributeType());
    Bytes received = bytes.slice(at + Wire.ATTRIBUTE_HEADER, bytes.u16(at + 2));
    if (received.length() < minLength || received.length() > algorithm.length()) {
      return IntegrityCheck.WRONG;
    }
    Mac mac = key.mac(algorithm);
    // RFC 8489 §14.5: the header counts the attribute and nothing behind it.
    int counted = at + Wire.ATTRIBUTE_HEADER + received.length() - Wire.STUN_HEADER;
    bytes.slice(0, 2).putInto(mac);
    Bytes.ofShort(counted).putInto(mac);
    bytes.slice(4, at - 4).putInto(mac);
    Bytes expected = Bytes.owning(mac.doFinal()).slice(0, received.length());
    return MessageDigest.isEqual(expected.toArray(), received.toArray())
        ? IntegrityCheck.RIGHT
        : IntegrityCheck.WRONG;
  }

  /** The bytes the message came in; for one that was built, the bytes it would go out as. */
  public Bytes wire() {
    return wire.orElseGet(() -> Bytes.copyOf(Encoder.PLAIN.encode(this)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StunMessage that
        && messageClass == that.messageClass
        && method.equals(that.method)
        && transactionId.equals(that.transactionId)
        && attributes.equals(that.attributes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(messageClass, method, transactionId, attributes);
  }

  @Override
  public String toString() {
    return method + " " + messageClass + " " + transactionId + " " + attributes;
  }

  /** Collects the attributes of a message, in the order in which they will stand. */
  public static final class Builder {

    private final MessageClass messageClass;
    private final Method method;
    private final TransactionId transactionId;
    private final List<Attribute> attributes = new ArrayList<>();

    private Builder(MessageClass messageClass, Method method, TransactionId transactionId) {
      this.messageClass = messageClass;
      this.method = method;
      this.transactionId = transactionId;
    }

    /** Appends an attribute. */
    public Builder add(Attribute attribute) {
      attributes.add(attribute);
      return this;
    }

    /** Appends attributes. */
    public Builder addAll(Iterable<? extends Attribute> more) {
      more.forEach(attributes::add);
      return this;
    }

    /** The message. */
    public StunMessage build() {
      return new StunMessage(messageClass, method, transactionId, attributes, Optional.empty());
    }
  }
}
