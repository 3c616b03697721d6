package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.List;
import org.bradawl.stun.Malformed.Reason;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Fingerprint;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.MalformedAttribute;
import org.bradawl.stun.attribute.MessageIntegrity;
import org.bradawl.stun.attribute.MessageIntegritySha256;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.Software;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.junit.jupiter.api.Test;

/** RFC 8489 §14, §14.5 to §14.7: which attributes count, and what the protecting ones cover. */
class IntegrityRulesTest {

  private static final TransactionId ID = TransactionId.of(1, 2);
  private static final IntegrityKey KEY = IntegrityKey.shortTerm("secret");
  private static final Bytes HMAC = Bytes.owning(new byte[20]);
  private static final Bytes HMAC256 = Bytes.owning(new byte[32]);

  @Test
  void ofDuplicatesTheFirstCounts() {
    StunMessage message = decoded(new Username("first"), new Lifetime(1), new Username("second"));
    assertThat(message.first(Username.class)).contains(new Username("first"));
    assertThat(message.attributes()).hasSize(3);
  }

  @Test
  void someAttributesComeMoreThanOnce() {
    XorPeerAddress one = peer("192.0.2.1");
    XorPeerAddress two = peer("2001:db8::1");
    assertThat(decoded(one, new Lifetime(1), two).all(XorPeerAddress.class))
        .containsExactly(one, two);
  }

  @Test
  void afterMessageIntegrityOnlyTheOtherProtectionCounts() {
    StunMessage message =
        decoded(
            new Realm("before"),
            new MessageIntegrity(HMAC),
            new Lifetime(3600),
            new UnknownAttribute(0x7abc, Bytes.EMPTY),
            new MessageIntegritySha256(HMAC256));
    assertThat(message.attributes()).hasSize(5);
    assertThat(message.has(Realm.class)).isTrue();
    assertThat(message.has(Lifetime.class)).isFalse();
    assertThat(message.has(MessageIntegritySha256.class)).isTrue();
    assertThat(message.unknownComprehensionRequired()).isEmpty();
  }

  @Test
  void afterMessageIntegritySha256OnlyTheFingerprintCounts() {
    StunMessage message =
        decoded(new MessageIntegritySha256(HMAC256), new MessageIntegrity(HMAC), new Realm("late"));
    assertThat(message.effectiveAttributes()).containsExactly(new MessageIntegritySha256(HMAC256));
    assertThat(message.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.ABSENT);
  }

  /** What does not count cannot spoil a message either. */
  @Test
  void nonsenseAfterTheIntegrityIsKeptAsItIs() {
    StunMessage message =
        decoded(new MessageIntegrity(HMAC), new UnknownAttribute(0x000d, Bytes.of((byte) 1)));
    assertThat(message.attributes().getLast())
        .isEqualTo(new UnknownAttribute(0x000d, Bytes.of((byte) 1)));
  }

  @Test
  void nonsenseThatMayBeIgnoredIsKeptAsItIs() {
    UnknownAttribute software = new UnknownAttribute(0x8022, Bytes.of((byte) 0xff));
    StunMessage message = decoded(software);
    assertThat(message.has(Software.class)).isFalse();
    assertThat(message.attributes()).containsExactly(software);
    assertThat(message.unknownComprehensionRequired()).isEmpty();
  }

  /** In a request it is kept, for that one is to be answered; DecoderTest has the others. */
  @Test
  void nonsenseThatMustBeUnderstoodMakesARequestMalformed() {
    for (UnknownAttribute nonsense :
        List.of(
            new UnknownAttribute(0x000d, Bytes.of((byte) 1)),
            new UnknownAttribute(0x0006, Bytes.of((byte) 0xff)))) {
      StunMessage message = decoded(new Realm("x"), nonsense);
      assertThat(message.isMalformed()).isTrue();
      assertThat(message.attributes().getLast())
          .isEqualTo(new MalformedAttribute(nonsense.type(), nonsense.value()));
      assertThat(message.unknownComprehensionRequired()).isEmpty();
    }
  }

  @Test
  void unknownTypesAreListedOnce() {
    StunMessage message =
        decoded(
            new UnknownAttribute(0x7abc, Bytes.EMPTY),
            new UnknownAttribute(0xc001, Bytes.EMPTY),
            new UnknownAttribute(0x0021, Bytes.EMPTY),
            new UnknownAttribute(0x7abc, Bytes.of((byte) 1)));
    assertThat(message.unknownComprehensionRequired()).containsExactly(0x7abc, 0x0021);
  }

  @Test
  void eachProtectionCoversWhatIsBeforeIt() {
    Encoder encoder =
        Encoder.PLAIN
            .signed(IntegrityAlgorithm.SHA1, KEY)
            .signed(IntegrityAlgorithm.SHA256, KEY)
            .fingerprinted();
    ByteBuffer bytes = encoder.encode(message(new Realm("example.org")));
    assertRight(bytes);
    // One bit anywhere before the attribute, but in the length, spoils the HMAC.
    int sha1At = Wire.attribute(bytes, 0, bytes.limit(), 0x0008);
    for (int i = 0; i < sha1At; i++) {
      if (i == 0 || i == 2 || i == 3) {
        continue; // another protocol, or another length
      }
      ByteBuffer changed = refingerprinted(flipped(bytes, i));
      if (Decoder.decode(changed) instanceof StunMessage message) {
        assertThat(message.check(IntegrityAlgorithm.SHA1, KEY))
            .as("byte %d", i)
            .isNotEqualTo(IntegrityCheck.RIGHT);
        assertThat(message.check(IntegrityAlgorithm.SHA256, KEY))
            .as("byte %d", i)
            .isNotEqualTo(IntegrityCheck.RIGHT);
      }
    }
  }

  private static void assertRight(ByteBuffer bytes) {
    StunMessage message = (StunMessage) Decoder.decode(bytes);
    assertThat(message.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.RIGHT);
    assertThat(message.check(IntegrityAlgorithm.SHA256, KEY)).isEqualTo(IntegrityCheck.RIGHT);
  }

  /** Who appends attributes after the integrity changes the length, which must not matter. */
  @Test
  void somebodyElsesAttributesBehindTheIntegrityDoNotSpoilIt() {
    ByteBuffer signed =
        Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, KEY).encode(message(new Lifetime(600)));
    ByteBuffer longer = ByteBuffer.allocate(signed.limit() + 8).put(signed);
    longer.putLong(0x000d_0004_0000_0000L).flip();
    longer.putShort(2, (short) (longer.limit() - Wire.STUN_HEADER));
    StunMessage message = (StunMessage) Decoder.decode(longer);
    assertThat(message.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.RIGHT);
    assertThat(message.first(Lifetime.class)).contains(new Lifetime(600));
  }

  /** RFC 8489 §14.6: whole, unless the usage says otherwise, and TURN does not. */
  @Test
  void aShortenedHmacIsWrongUnlessAllowed() {
    ByteBuffer bytes = Encoder.PLAIN.signedTruncated(KEY, 20).encode(message(new Realm("r")));
    StunMessage message = (StunMessage) Decoder.decode(bytes);
    assertThat(message.check(IntegrityAlgorithm.SHA256, KEY)).isEqualTo(IntegrityCheck.WRONG);
    assertThat(message.checkTruncated(KEY, 20)).isEqualTo(IntegrityCheck.RIGHT);
    assertThat(message.checkTruncated(KEY, 24)).isEqualTo(IntegrityCheck.WRONG);
    assertThat(message.checkTruncated(IntegrityKey.shortTerm("x"), 16))
        .isEqualTo(IntegrityCheck.WRONG);
    assertThatIllegalArgumentException().isThrownBy(() -> message.checkTruncated(KEY, 12));
    assertThatIllegalArgumentException().isThrownBy(() -> Encoder.PLAIN.signedTruncated(KEY, 12));
    assertThatIllegalArgumentException().isThrownBy(() -> Encoder.PLAIN.signedTruncated(KEY, 18));
  }

  @Test
  void nothingFollowsTheFingerprint() {
    ByteBuffer bytes = Encoder.PLAIN.fingerprinted().encode(message());
    ByteBuffer longer = ByteBuffer.allocate(bytes.limit() + 4).put(bytes);
    longer.putInt(0x8abc_0000).flip();
    longer.putShort(2, (short) (longer.limit() - Wire.STUN_HEADER));
    assertThat(Decoder.decode(longer)).isEqualTo(new Malformed(Reason.FINGERPRINT_NOT_LAST, 20));
    assertThat(decode(new Fingerprint(0), new Fingerprint(0)))
        .isEqualTo(new Malformed(Reason.FINGERPRINT_NOT_LAST, 20));
  }

  @Test
  void anyOtherBitInAFingerprintedMessageIsNoticed() {
    ByteBuffer bytes = Encoder.PLAIN.fingerprinted().encode(message(new Software("s")));
    int fingerprintAt = bytes.limit() - 8;
    for (int i = 0; i < fingerprintAt; i++) {
      assertThat(Decoder.decode(flipped(bytes, i))).as("byte %d", i).isInstanceOf(Malformed.class);
    }
    ByteBuffer lastByte = flipped(bytes, bytes.limit() - 1);
    assertThat(Decoder.decode(lastByte)).isEqualTo(new Malformed(Reason.FINGERPRINT_MISMATCH, 28));
  }

  /** RFC 3489 has no FINGERPRINT, so there is none to be checked. */
  @Test
  void aClassicMessageIsNotCheckedForOne() {
    TransactionId classic = new TransactionId(1, 2);
    StunMessage message =
        StunMessage.request(Method.Known.BINDING, classic).add(new Fingerprint(99)).build();
    assertThat(Decoder.decode(Encoder.PLAIN.encode(message))).isEqualTo(message);
  }

  @Test
  void aMessageThatWasBuiltCanBeCheckedToo() {
    StunMessage built = message(new Realm("r"));
    assertThat(built.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.ABSENT);
    StunMessage forged = message(new Realm("r"), new MessageIntegrity(HMAC));
    assertThat(forged.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.WRONG);
    StunMessage empty = message(new UnknownAttribute(0x0008, Bytes.EMPTY));
    assertThat(empty.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.WRONG);
  }

  @Test
  void keysAreComparedAndNeverShown() {
    assertThat(IntegrityKey.shortTerm("secret")).isEqualTo(KEY).hasSameHashCodeAs(KEY);
    assertThat(IntegrityKey.shortTerm("secreu")).isNotEqualTo(KEY);
    assertThat(KEY).hasToString("IntegrityKey[6 bytes]");
    assertThat(IntegrityKey.of(Bytes.utf8("secret").toArray())).isEqualTo(KEY);
    assertThat(IntegrityKey.longTerm(PasswordHash.MD5, "user", "realm", "pass"))
        // RFC 8489 §9.2.2 names this one.
        .isEqualTo(IntegrityKey.of(Bytes.hex("8493fbc53ba582fb4c044c456bdc40eb").toArray()));
    assertThatIllegalArgumentException().isThrownBy(() -> IntegrityKey.shortTerm(""));
  }

  private static ByteBuffer flipped(ByteBuffer bytes, int index) {
    ByteBuffer copy = ByteBuffer.allocate(bytes.limit()).put(bytes.duplicate()).flip();
    return copy.put(index, (byte) (copy.get(index) ^ 1));
  }

  private static ByteBuffer refingerprinted(ByteBuffer bytes) {
    int at = bytes.limit() - 8;
    return bytes.putInt(at + 4, Decoder.fingerprint(bytes.slice(0, at)));
  }

  private static XorPeerAddress peer(String address) {
    return new XorPeerAddress(new TransportAddress(IpAddress.parse(address), 9));
  }

  private static StunMessage message(Attribute... attributes) {
    StunMessage.Builder builder = StunMessage.request(Method.Known.REFRESH, ID);
    for (Attribute attribute : attributes) {
      builder.add(attribute);
    }
    return builder.build();
  }

  private static Decoded decode(Attribute... attributes) {
    return Decoder.decode(Encoder.PLAIN.encode(message(attributes)));
  }

  private static StunMessage decoded(Attribute... attributes) {
    return (StunMessage) decode(attributes);
  }
}
