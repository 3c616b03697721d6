package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.AttributeTable;
import org.bradawl.stun.attribute.Fingerprint;
import org.bradawl.stun.attribute.MalformedAttribute;
import org.bradawl.stun.attribute.MessageIntegrity;
import org.bradawl.stun.attribute.MessageIntegritySha256;
import org.junit.jupiter.api.Test;

/** What goes out comes back, over thousands of random messages. */
class RoundTripTest {

  private static final int MESSAGES = 5000;

  private static final IntegrityKey KEY = IntegrityKey.shortTerm("VOkJxbRl1RmTxUk/WvJxBt");

  @Test
  void modernMessages() {
    long seed = Seeds.next("modern messages");
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < MESSAGES; i++) {
      assertRoundTrip(RandomMessages.modern(random), seed);
    }
  }

  @Test
  void classicMessages() {
    long seed = Seeds.next("classic messages");
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < MESSAGES; i++) {
      assertRoundTrip(RandomMessages.classic(random), seed);
    }
  }

  private static void assertRoundTrip(StunMessage message, long seed) {
    ByteBuffer encoded = Encoder.PLAIN.encode(message);
    assertPaddingIsZero(encoded, seed);
    Decoded decoded = Decoder.decode(encoded);
    assertThat(decoded).as("seed %d", seed).isEqualTo(message);
    assertThat(decoded).as("seed %d", seed).hasSameHashCodeAs(message);
    assertThat(Encoder.PLAIN.encode((StunMessage) decoded)).as("seed %d", seed).isEqualTo(encoded);
  }

  @Test
  void protectedMessages() {
    long seed = Seeds.next("protected messages");
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < MESSAGES; i++) {
      StunMessage message = RandomMessages.modern(random);
      int length = 16 + 4 * random.nextInt(5);
      Encoder encoder =
          Encoder.PLAIN
              .signed(IntegrityAlgorithm.SHA1, KEY)
              .signedTruncated(KEY, length)
              .fingerprinted();
      ByteBuffer encoded = encoder.encode(message);
      assertPaddingIsZero(encoded, seed);
      StunMessage decoded = (StunMessage) Decoder.decode(encoded);
      int count = message.attributes().size();
      assertThat(decoded.attributes().subList(0, count))
          .as("seed %d", seed)
          .isEqualTo(message.attributes());
      assertThat(decoded.attributes().subList(count, count + 3))
          .as("seed %d", seed)
          .hasExactlyElementsOfTypes(
              MessageIntegrity.class, MessageIntegritySha256.class, Fingerprint.class);
      assertThat(decoded.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.RIGHT);
      assertThat(decoded.checkTruncated(KEY, 16)).isEqualTo(IntegrityCheck.RIGHT);
      assertThat(Encoder.PLAIN.encode(decoded)).as("seed %d", seed).isEqualTo(encoded);
    }
  }

  /** The same into a buffer of the caller's, at any position, on or off the heap. */
  @Test
  void intoABufferOfTheCallers() {
    StunMessage message = RandomMessages.modern(new Random(7));
    Encoder encoder = Encoder.PLAIN.signed(IntegrityAlgorithm.SHA256, KEY).fingerprinted();
    ByteBuffer expected = encoder.encode(message);
    for (ByteBuffer target :
        List.of(ByteBuffer.allocate(65536), ByteBuffer.allocateDirect(65536))) {
      target.position(13);
      encoder.encode(message, target);
      assertThat(target.flip().position(13)).isEqualTo(expected);
    }
  }

  @Test
  void aBufferWithoutRoomIsLeftAlone() {
    StunMessage message = StunMessage.request(Method.Known.BINDING, TransactionId.of(1, 2)).build();
    ByteBuffer target = ByteBuffer.allocate(19);
    assertThatThrownBy(() -> Encoder.PLAIN.encode(message, target))
        .isInstanceOf(BufferOverflowException.class);
    assertThat(target).isEqualTo(ByteBuffer.allocate(19));
  }

  @Test
  void everyAttributeTakesPart() {
    RandomGenerator random = new Random(1);
    Set<Class<?>> generated = new HashSet<>();
    RandomMessages.ATTRIBUTES.forEach(kind -> generated.add(kind.apply(random).getClass()));
    generated.addAll(
        List.of(MessageIntegrity.class, MessageIntegritySha256.class, Fingerprint.class));
    generated.add(MalformedAttribute.class); // of requests alone, see IntegrityRulesTest
    assertThat(generated).containsExactlyInAnyOrder(Attribute.class.getPermittedSubclasses());
    assertThat(generated).hasSize(AttributeTable.CODECS.size() + 2);
  }

  private static void assertPaddingIsZero(ByteBuffer message, long seed) {
    int at = Wire.STUN_HEADER;
    while (at < message.limit()) {
      int end = at + Wire.ATTRIBUTE_HEADER + Wire.attributeLength(message, at);
      at += Wire.ATTRIBUTE_HEADER + Wire.padded(Wire.attributeLength(message, at));
      for (int i = end; i < at; i++) {
        assertThat(message.get(i)).as("seed %d, padding at %d", seed, i).isZero();
      }
    }
  }
}
