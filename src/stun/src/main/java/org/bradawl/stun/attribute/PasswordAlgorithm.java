package org.bradawl.stun.attribute;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.Wire;

/**
 * PASSWORD-ALGORITHM (RFC 8489 §14.12): how the client made its key from the password.
 *
 * @param number 16 bits of the registry in RFC 8489 §18.5; 1 is MD5, 2 is SHA-256
 * @param parameters empty for both
 */
public record PasswordAlgorithm(int number, Bytes parameters) implements Attribute {

  /** No algorithm has parameters yet; a salt or a cost would not need more. */
  static final int MAX_PARAMETERS = 256;

  static final AttributeCodec<PasswordAlgorithm> CODEC =
      AttributeCodec.of(
          0x001D,
          "PASSWORD-ALGORITHM",
          PasswordAlgorithm.class,
          4,
          4 + MAX_PARAMETERS,
          PasswordAlgorithm::parseOnly,
          PasswordAlgorithm::bytes);

  /** MD5, what RFC 5389 knew. */
  public static final PasswordAlgorithm MD5 = of(PasswordHash.MD5);

  /** SHA-256. */
  public static final PasswordAlgorithm SHA256 = of(PasswordHash.SHA256);

  /** Rejects what does not fit 16 bits. */
  public PasswordAlgorithm {
    if (number >>> 16 != 0) {
      throw new IllegalArgumentException("a password algorithm has 16 bits, not " + number);
    }
    Lengths.check("PASSWORD-ALGORITHM parameters", parameters, 0, MAX_PARAMETERS);
  }

  /** The algorithm with this hash, which has no parameters. */
  public static PasswordAlgorithm of(PasswordHash hash) {
    return new PasswordAlgorithm(hash.number(), Bytes.EMPTY);
  }

  /** The hash, if we know the algorithm and its parameters are as they should be: none. */
  public Optional<PasswordHash> hash() {
    return parameters.isEmpty() ? PasswordHash.of(number) : Optional.empty();
  }

  /** The algorithm that starts at {@code offset}, if one does. */
  static Optional<PasswordAlgorithm> parse(Bytes value, int offset) {
    if (value.length() - offset < 4) {
      return Optional.empty();
    }
    int length = value.u16(offset + 2);
    return length <= Math.min(value.length() - offset - 4, MAX_PARAMETERS)
        ? Optional.of(new PasswordAlgorithm(value.u16(offset), value.slice(offset + 4, length)))
        : Optional.empty();
  }

  private static Optional<PasswordAlgorithm> parseOnly(Bytes value) {
    // Whether the padding of the parameters counts as theirs or as the attribute's is all the same.
    return parse(value, 0).filter(algorithm -> value.length() <= algorithm.paddedLength());
  }

  /** The length of number, length, parameters and padding to four bytes. */
  int paddedLength() {
    return 4 + Wire.padded(parameters.length());
  }

  /** Number, length, parameters and padding. */
  Bytes bytes() {
    ByteBuffer value = ByteBuffer.allocate(paddedLength());
    value.putShort((short) number).putShort((short) parameters.length());
    parameters.putInto(value);
    return Bytes.owning(value.array());
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
