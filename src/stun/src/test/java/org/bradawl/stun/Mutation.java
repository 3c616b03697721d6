package org.bradawl.stun;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** One way to damage a message, with the header's length mostly kept true. */
final class Mutation {

  private final RandomGenerator random;
  private final byte[] bytes;

  Mutation(RandomGenerator random, byte[] bytes) {
    this.random = random;
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  Mutation flipBit() {
    byte[] copy = bytes.clone();
    copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    return new Mutation(random, copy);
  }

  Mutation setByte() {
    byte[] copy = bytes.clone();
    copy[random.nextInt(copy.length)] = (byte) random.nextInt();
    return new Mutation(random, copy);
  }

  /** Gives one attribute another length. */
  Mutation setLength() {
    return atAttribute((message, at) -> message.putShort(at + 2, (short) random.nextInt(64)));
  }

  /** Gives one attribute another type. */
  Mutation exchangeType() {
    return atAttribute((message, at) ->
        message.putShort(at, (short) (random.nextInt(0x40) | (random.nextBoolean() ? 0x8000 : 0))));
  }

  private Mutation atAttribute(AttributeChange change) {
    List<Integer> starts = new ArrayList<>();
    ByteBuffer message = ByteBuffer.wrap(bytes.clone());
    for (int at = Wire.STUN_HEADER; at + 4 <= bytes.length; ) {
      starts.add(at);
      at += Wire.ATTRIBUTE_HEADER + Wire.padded(Wire.attributeLength(message, at));
    }
    if (!starts.isEmpty()) {
      change.apply(message, starts.get(random.nextInt(starts.size())));
    }
    return new Mutation(random, message.array());
  }

  Mutation cut() {
    int length = Wire.STUN_HEADER + random.nextInt(bytes.length - Wire.STUN_HEADER + 1);
    return resized(length);
  }

  Mutation append() {
    return resized(bytes.length + 4 * random.nextInt(20));
  }

  Mutation duplicateSlice() {
    Mutation longer = resized(bytes.length + 32);
    int from = random.nextInt(Math.max(1, bytes.length - 32));
    System.arraycopy(
        longer.bytes, from, longer.bytes, bytes.length, Math.min(32, bytes.length - from));
    return longer;
  }

  private Mutation resized(int length) {
    byte[] copy = Arrays.copyOf(bytes, Math.max(length & ~3, Wire.STUN_HEADER));
    ByteBuffer.wrap(copy).putShort(2, (short) (copy.length - Wire.STUN_HEADER));
    return new Mutation(random, copy);
  }

  /** What to do to a message at an attribute. */
  @FunctionalInterface
  private interface AttributeChange {
    void apply(ByteBuffer message, int at);
  }
}
