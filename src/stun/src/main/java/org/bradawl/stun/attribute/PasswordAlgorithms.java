package org.bradawl.stun.attribute;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.Bytes;

/**
 * PASSWORD-ALGORITHMS (RFC 8489 §14.11): the ways the server accepts, best first. The client
 * repeats the list, so that nobody in between can shorten it.
 */
public record PasswordAlgorithms(List<PasswordAlgorithm> algorithms) implements Attribute {

  /** The registry has two; this leaves room. */
  static final int MAX_ALGORITHMS = 32;

  static final AttributeCodec<PasswordAlgorithms> CODEC =
      AttributeCodec.of(
          0x8002,
          "PASSWORD-ALGORITHMS",
          PasswordAlgorithms.class,
          0,
          0xffff,
          PasswordAlgorithms::parse,
          PasswordAlgorithms::bytes);

  /** Rejects more algorithms than we would read. */
  public PasswordAlgorithms {
    algorithms = List.copyOf(algorithms);
    if (algorithms.size() > MAX_ALGORITHMS) {
      throw new IllegalArgumentException("at most " + MAX_ALGORITHMS + " password algorithms");
    }
  }

  /** These algorithms, best first. */
  public static PasswordAlgorithms of(PasswordAlgorithm... algorithms) {
    return new PasswordAlgorithms(List.of(algorithms));
  }

  private static Optional<PasswordAlgorithms> parse(Bytes value) {
    List<PasswordAlgorithm> algorithms = new ArrayList<>();
    int offset = 0;
    while (offset < value.length()) {
      Optional<PasswordAlgorithm> next = PasswordAlgorithm.parse(value, offset);
      if (next.isEmpty() || algorithms.size() == MAX_ALGORITHMS) {
        return Optional.empty();
      }
      algorithms.add(next.get());
      offset += next.get().paddedLength();
    }
    return Optional.of(new PasswordAlgorithms(algorithms));
  }

  private Bytes bytes() {
    ByteBuffer value =
        ByteBuffer.allocate(algorithms.stream().mapToInt(PasswordAlgorithm::paddedLength).sum());
    algorithms.forEach(algorithm -> algorithm.bytes().putInto(value));
    return Bytes.owning(value.array());
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
