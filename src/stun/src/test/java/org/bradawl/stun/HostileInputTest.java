package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bradawl.stun.attribute.Fingerprint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the network sends is a value: nothing throws, nothing takes more memory than a fixed
 * multiple of what was sent, and what is accepted can be sent on.
 */
class HostileInputTest {

  /**
   * The dearest bytes there are: a type of two bytes in UNKNOWN-ATTRIBUTES becomes an Integer in a
   * list that grows and is copied.
   */
  private static final long MAX_ALLOCATION_PER_BYTE = 32;

  /** What a message costs as such; measured at about 1 kB. */
  private static final long MAX_ALLOCATION = 16_384;

  private static final IntegrityKey KEY = IntegrityKey.shortTerm("k");

  private static final List<UnaryOperator<Mutation>> MUTATIONS =
      List.of(
          Mutation::flipBit,
          Mutation::setByte,
          Mutation::setLength,
          Mutation::cut,
          Mutation::append,
          Mutation::duplicateSlice,
          Mutation::exchangeType);

  /** Loading classes takes memory too, once, and is not what is measured. */
  @BeforeAll
  static void warmUp() {
    RandomGenerator random = new Random(0);
    for (int i = 0; i < 1000; i++) {
      Decoder.decode(valid(random).asBuffer());
    }
  }

  @Test
  void mutatedMessages() {
    long seed = Seeds.next("mutated messages");
    RandomGenerator random = new Random(seed);
    int understood = 0;
    for (int i = 0; i < 60_000; i++) {
      Mutation mutation = new Mutation(random, valid(random).toArray());
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        mutation = MUTATIONS.get(random.nextInt(MUTATIONS.size())).apply(mutation);
      }
      understood += survives(mutation.bytes(), seed) ? 1 : 0;
    }
    // Else the fuzzing would only ever reach the header.
    assertThat(understood).as("seed %d", seed).isBetween(6_000, 54_000);
  }

  @Test
  void randomBytesOfAnyLength() {
    long seed = Seeds.next("random bytes");
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      int length = i % 100 == 0 ? random.nextInt(65_536) : random.nextInt(200);
      byte[] bytes = RandomMessages.exactly(random, length).toArray();
      if (random.nextBoolean() && length >= Wire.STUN_HEADER) {
        makeHeaderTrue(bytes);
      }
      survives(bytes, seed);
    }
  }

  static Stream<byte[]> largest() {
    return Stream.of(0x0000, 0x0006, 0x000a, 0x0013, 0x001d, 0x0020, 0x8002, 0x8022, 0xc0de)
        .flatMap(type ->
            Stream.of(0, 4, 8, 508, 512, 760, 65_528)
                .flatMap(length -> Stream.of(filled(type, length, 0), filled(type, length, 'Z'))));
  }

  /** 64 KiB full of one attribute at one length. */
  @ParameterizedTest
  @MethodSource("largest")
  void theLargestMessages(byte[] message) {
    survives(message, 0);
  }

  private static byte[] filled(int type, int length, int content) {
    ByteBuffer message = ByteBuffer.allocate(Wire.STUN_HEADER + 0xfffc);
    byte[] value = new byte[Wire.padded(length)];
    Arrays.fill(value, (byte) content);
    message.position(Wire.STUN_HEADER);
    while (message.remaining() >= Wire.ATTRIBUTE_HEADER + value.length) {
      message.putShort((short) type).putShort((short) length);
      message.put(value);
    }
    byte[] bytes = new byte[message.position()];
    message.get(0, bytes);
    makeHeaderTrue(bytes);
    return bytes;
  }

  /** Streams too, cut anywhere, and never more kept than has come. */
  @Test
  void mutatedStreams() {
    long seed = Seeds.next("mutated streams");
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      Mutation mutation = new Mutation(random, valid(random).toArray());
      byte[] stream = MUTATIONS.get(random.nextInt(MUTATIONS.size())).apply(mutation).bytes();
      StreamDecoder decoder = new StreamDecoder(2048);
      for (int at = 0; at < stream.length; ) {
        int piece = Math.min(1 + random.nextInt(64), stream.length - at);
        ByteBuffer input = ByteBuffer.wrap(stream, at, piece).slice();
        while (decoder.next(input) instanceof StreamDecoder.Framed.Message message) {
          assertThat(message.bytes().remaining()).isLessThanOrEqualTo(2048);
          Decoder.decode(message.bytes());
        }
        at += piece;
        assertThat(decoder.buffered()).as("seed %d", seed).isLessThanOrEqualTo(Math.min(at, 2048));
      }
    }
  }

  /** Decodes, checks the price, and sends on what could be read; whether it was a message. */
  private static boolean survives(byte[] bytes, long seed) {
    ByteBuffer datagram = ByteBuffer.wrap(bytes);
    long before = Allocation.ofThisThread();
    Decoded decoded = Decoder.decode(datagram);
    long price = Allocation.ofThisThread() - before;
    assertThat(price)
        .as("seed %d: price of %d bytes", seed, bytes.length)
        .isLessThan(MAX_ALLOCATION + MAX_ALLOCATION_PER_BYTE * bytes.length);
    return switch (decoded) {
      case StunMessage message -> {
        useEverything(message, seed);
        yield true;
      }
      case ChannelData channelData -> {
        assertThat(channelData.data().remaining()).isLessThanOrEqualTo(bytes.length - 4);
        yield false;
      }
      case Malformed malformed -> {
        assertThat(malformed.offset()).as("seed %d", seed).isBetween(0, bytes.length);
        yield false;
      }
    };
  }

  private static void useEverything(StunMessage message, long seed) {
    assertThat(message.toString()).isNotEmpty();
    assertThat(message.unknownComprehensionRequired()).allMatch(type -> type < 0x8000);
    message.check(IntegrityAlgorithm.SHA1, KEY);
    message.check(IntegrityAlgorithm.SHA256, KEY);
    // Reserved bits and padding are not sent on, so a fingerprint may no longer hold.
    if (message.dialect() == Dialect.RFC8489 && !message.has(Fingerprint.class)) {
      assertThat(Decoder.decode(Encoder.PLAIN.encode(message)))
          .as("seed %d", seed)
          .isEqualTo(message);
    }
  }

  private static Bytes valid(RandomGenerator random) {
    StunMessage message =
        random.nextInt(4) == 0 ? RandomMessages.classic(random) : RandomMessages.modern(random);
    Encoder encoder = Encoder.PLAIN;
    if (random.nextBoolean()) {
      encoder = encoder.signed(RandomMessages.pick(random, IntegrityAlgorithm.values()), KEY);
    }
    return Bytes.copyOf(encoder.encode(message));
  }

  private static void makeHeaderTrue(byte[] bytes) {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.put(0, (byte) (header.get(0) & 0x3f));
    header.putShort(2, (short) (bytes.length - Wire.STUN_HEADER));
    header.putInt(4, TransactionId.MAGIC_COOKIE);
  }
}
