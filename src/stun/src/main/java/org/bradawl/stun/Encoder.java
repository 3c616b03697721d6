package org.bradawl.stun;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.crypto.Mac;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.AttributeTable;
import org.bradawl.stun.attribute.MessageIntegritySha256;

/**
 * From messages to bytes, with the protection that this encoder was made for. The attributes of a
 * message go out as they are, in their order; then come MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256
 * and FINGERPRINT as asked for. Padding is always zero.
 */
public final class Encoder {

  /** Adds no protection. */
  public static final Encoder PLAIN = new Encoder(Optional.empty(), Optional.empty(), false);

  /** The length field has 16 bits and counts in fours. */
  private static final int MAX_BODY = 0xfffc;

  private static final int FINGERPRINT_LENGTH = 8;

  private final Optional<Seal> sha1;
  private final Optional<Seal> sha256;
  private final boolean fingerprint;

  private Encoder(Optional<Seal> sha1, Optional<Seal> sha256, boolean fingerprint) {
    this.sha1 = sha1;
    this.sha256 = sha256;
    this.fingerprint = fingerprint;
  }

  /** This encoder, signing too. It may sign both ways, as a client's first request does. */
  public Encoder signed(IntegrityAlgorithm algorithm, IntegrityKey key) {
    return signed(algorithm, key, algorithm.length());
  }

  /**
   * This encoder, signing with the first bytes of an HMAC-SHA256 (RFC 8489 §14.6).
   *
   * @param length a multiple of four from 16 to 32
   */
  public Encoder signedTruncated(IntegrityKey key, int length) {
    if (length < MessageIntegritySha256.MIN_BYTES
        || length > MessageIntegritySha256.MAX_BYTES
        || length % 4 != 0) {
      throw new IllegalArgumentException("an HMAC-SHA256 cannot be cut to " + length + " bytes");
    }
    return signed(IntegrityAlgorithm.SHA256, key, length);
  }

  private Encoder signed(IntegrityAlgorithm algorithm, IntegrityKey key, int length) {
    Optional<Seal> seal = Optional.of(new Seal(algorithm, key, length));
    return switch (algorithm) {
      case SHA1 -> new Encoder(seal, sha256, fingerprint);
      case SHA256 -> new Encoder(sha1, seal, fingerprint);
    };
  }

  /** This encoder, adding FINGERPRINT too. */
  public Encoder fingerprinted() {
    return new Encoder(sha1, sha256, true);
  }

  /**
   * The bytes of {@code message}, in a new buffer from position 0 to its limit.
   *
   * @throws IllegalArgumentException if it would be longer than a message can be
   */
  public ByteBuffer encode(StunMessage message) {
    Bytes[] values = values(message);
    ByteBuffer target = ByteBuffer.allocate(length(values));
    put(message, values, target);
    return target.flip();
  }

  /**
   * Writes the bytes of {@code message} at the position of {@code target}, which moves on.
   *
   * @throws IllegalArgumentException if it would be longer than a message can be
   * @throws BufferOverflowException if {@code target} has no room for it; then nothing that counts
   *     is changed
   */
  public void encode(StunMessage message, ByteBuffer target) {
    Bytes[] values = values(message);
    if (length(values) > target.remaining()) {
      throw new BufferOverflowException();
    }
    put(message, values, target);
  }

  private static Bytes[] values(StunMessage message) {
    Bytes[] values = new Bytes[message.attributes().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = AttributeTable.encode(message.attributes().get(i), message.transactionId());
    }
    return values;
  }

  private int length(Bytes[] values) {
    long body = 0;
    for (Bytes value : values) {
      body += Wire.ATTRIBUTE_HEADER + Wire.padded(value.length());
    }
    body += sha1.map(Seal::attributeLength).orElse(0);
    body += sha256.map(Seal::attributeLength).orElse(0);
    body += fingerprint ? FINGERPRINT_LENGTH : 0;
    if (body > MAX_BODY) {
      throw new IllegalArgumentException("a message holds at most 65532 bytes, not " + body);
    }
    return Wire.STUN_HEADER + (int) body;
  }

  private void put(StunMessage message, Bytes[] values, ByteBuffer target) {
    int start = target.position();
    target.putShort((short) Wire.type(message.messageClass(), message.method()));
    target.putShort((short) 0);
    target.putLong(message.transactionId().high()).putLong(message.transactionId().low());
    for (int i = 0; i < values.length; i++) {
      Attribute attribute = message.attributes().get(i);
      putAttribute(target, attribute.type(), values[i]);
    }
    putLength(target, start, 0);
    sha1.ifPresent(seal -> seal.put(target, start));
    sha256.ifPresent(seal -> seal.put(target, start));
    if (fingerprint) {
      putLength(target, start, FINGERPRINT_LENGTH);
      int crc = Decoder.fingerprint(target.slice(start, target.position() - start));
      putAttribute(target, Decoder.FINGERPRINT, Bytes.ofInt(crc));
    }
  }

  private static void putAttribute(ByteBuffer target, int type, Bytes value) {
    target.putShort((short) type).putShort((short) value.length());
    value.putInto(target);
    for (int i = value.length(); i < Wire.padded(value.length()); i++) {
      target.put((byte) 0);
    }
  }

  /** Lets the header count what is written so far and {@code more} bytes. */
  private static void putLength(ByteBuffer target, int start, int more) {
    target.putShort(start + 2, (short) (target.position() - start - Wire.STUN_HEADER + more));
  }

  /** One integrity attribute to be made. */
  private record Seal(IntegrityAlgorithm algorithm, IntegrityKey key, int length) {

    int attributeLength() {
      return Wire.ATTRIBUTE_HEADER + length;
    }

    void put(ByteBuffer target, int start) {
      putLength(target, start, attributeLength());
      Mac mac = key.mac(algorithm);
      mac.update(target.slice(start, target.position() - start));
      putAttribute(target, algorithm.attributeType(), Bytes.owning(mac.doFinal()).slice(0, length));
    }
  }
}
