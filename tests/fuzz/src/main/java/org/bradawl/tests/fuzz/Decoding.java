package org.bradawl.tests.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.ChannelData;
import org.bradawl.stun.Decoded;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Dialect;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.Malformed;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Fingerprint;
import org.bradawl.stun.attribute.MessageIntegrity;
import org.bradawl.stun.attribute.MessageIntegritySha256;

/** A datagram: decoding never throws, and what was understood can be said again. */
public final class Decoding {

  private static final IntegrityKey KEY = IntegrityKey.shortTerm("key");

  private Decoding() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    switch (Decoder.decode(ByteBuffer.wrap(bytes))) {
      case Malformed malformed -> inRange(malformed.offset(), bytes.length);
      case ChannelData data -> inRange(data.data().remaining(), bytes.length);
      case StunMessage message -> understood(message);
    }
  }

  private static void inRange(int number, int most) {
    if (number < 0 || number > most) {
      throw new AssertionError(number + " of " + most);
    }
  }

  private static void understood(StunMessage message) {
    for (IntegrityAlgorithm algorithm : IntegrityAlgorithm.values()) {
      message.check(algorithm, KEY);
    }
    message.checkTruncated(KEY, 16);
    message.unknownComprehensionRequired();
    if (message.toString().isEmpty()) {
      throw new AssertionError("nothing to read");
    }
    if (message.dialect() == Dialect.RFC8489) {
      sayAgain(message);
    }
  }

  /** What counts, that is: behind the integrity anything may stand (RFC 8489 §9). */
  private static void sayAgain(StunMessage message) {
    List<Attribute> attributes = new ArrayList<>(message.effectiveAttributes());
    attributes.removeIf(attribute ->
        attribute instanceof MessageIntegrity
            || attribute instanceof MessageIntegritySha256
            || attribute instanceof Fingerprint);
    StunMessage copy =
        StunMessage.builder(message.messageClass(), message.method(), message.transactionId())
            .addAll(attributes)
            .build();
    Decoded again = Decoder.decode(Encoder.PLAIN.encode(copy));
    if (!(again instanceof StunMessage said) || !said.attributes().equals(attributes)) {
      throw new AssertionError(attributes + " became " + again);
    }
  }
}
