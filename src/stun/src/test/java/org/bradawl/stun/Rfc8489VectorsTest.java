package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.PasswordAlgorithm;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.UserHash;
import org.junit.jupiter.api.Test;

/** RFC 8489 appendix B.1, as printed and as erratum 6268 corrects it. */
class Rfc8489VectorsTest {

  private static final String USERNAME = "マトリックス";
  private static final String REALM = "example.org";
  private static final String NONCE = "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA";

  private static final TransactionId ID =
      TransactionId.of(Bytes.hex("78ad3433 c6ad72c0 29da412e").toArray());

  private static final Bytes USER_HASH =
      Bytes.hex("4a3cf38f ef6992bd a952c678 0417da0f 24819415 569e60b2 05c46e41 407f1704");

  private static final IntegrityKey KEY =
      IntegrityKey.longTerm(PasswordHash.SHA256, USERNAME, REALM, "TheMatrIX");

  private static final String UP_TO_REALM =
      """
      21 12 a4 42 78 ad 34 33 c6 ad 72 c0 29 da 41 2e
      00 1e 00 20 4a 3c f3 8f ef 69 92 bd a9 52 c6 78 04 17 da 0f
                  24 81 94 15 56 9e 60 b2 05 c4 6e 41 40 7f 17 04
      00 15 00 29 6f 62 4d 61 74 4a 6f 73 32 41 41 41 43 66 2f 2f
                  34 39 39 6b 39 35 34 64 36 4f 4c 33 34 6f 4c 39
                  46 53 54 76 79 36 34 73 41 00 00 00
      00 14 00 0b 65 78 61 6d 70 6c 65 2e 6f 72 67 00
      """;

  /** As erratum 6268 has it: with PASSWORD-ALGORITHM, another HMAC and the right length. */
  private static final Bytes CORRECTED =
      Bytes.hex(
          "00 01 00 90"
              + UP_TO_REALM
              + """
              00 1d 00 04 00 02 00 00
              00 1c 00 20 b5 c7 bf 00 5b 6c 52 a2 1c 51 c5 e8 92 f8 19 24
                          13 62 96 cb 92 7c 43 14 93 09 27 8c c6 51 8e 65
              """);

  private static final String PRINTED_TAIL =
      """
      00 1c 00 20 e4 68 6c 8f 0e de b5 90 13 e0 70 90 01 0a 93 ef
                  cc bc cc 54 4c 0a 45 d9 f8 30 aa 6d 6f 73 5a 01
      """;

  @Test
  void theCorrectedRequest() {
    StunMessage message = (StunMessage) decode(CORRECTED);
    assertThat(message.first(UserHash.class)).contains(UserHash.of(USERNAME, REALM));
    assertThat(message.first(Nonce.class)).contains(new Nonce(NONCE));
    assertThat(message.first(Realm.class)).contains(new Realm(REALM));
    assertThat(message.first(PasswordAlgorithm.class).flatMap(PasswordAlgorithm::hash))
        .contains(PasswordHash.SHA256);
    assertThat(message.check(IntegrityAlgorithm.SHA256, KEY)).isEqualTo(IntegrityCheck.RIGHT);
    assertThat(message.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.ABSENT);
  }

  @Test
  void ourBytesAreThose() {
    StunMessage message =
        StunMessage.request(Method.Known.BINDING, ID)
            .add(new UserHash(USER_HASH))
            .add(new Nonce(NONCE))
            .add(new Realm(REALM))
            .add(PasswordAlgorithm.SHA256)
            .build();
    ByteBuffer encoded = Encoder.PLAIN.signed(IntegrityAlgorithm.SHA256, KEY).encode(message);
    assertThat(Bytes.copyOf(encoded)).isEqualTo(CORRECTED);
  }

  @Test
  void theHashOfTheUser() {
    assertThat(UserHash.of(USERNAME, REALM).hash()).isEqualTo(USER_HASH);
  }

  /** The printed length counts the header too, so nothing may be read from it. */
  @Test
  void thePrintedRequestIsMalformed() {
    assertThat(decode(Bytes.hex("00 01 00 9c" + UP_TO_REALM + PRINTED_TAIL)))
        .isEqualTo(new Malformed(Malformed.Reason.LENGTH_MISMATCH, 2));
  }

  /** With its length repaired the printed HMAC is still the one over the wrong length. */
  @Test
  void thePrintedIntegrityIsWrong() {
    StunMessage message =
        (StunMessage) decode(Bytes.hex("00 01 00 88" + UP_TO_REALM + PRINTED_TAIL));
    assertThat(message.check(IntegrityAlgorithm.SHA256, KEY)).isEqualTo(IntegrityCheck.WRONG);
  }

  /** Erratum 6290: bit 0 is the least significant, so "AAAC" is bit 1, username anonymity. */
  @Test
  void theNonceAnnouncesUsernameAnonymity() {
    assertThat(SecurityFeatures.of(NONCE)).contains(new SecurityFeatures(false, true));
    assertThat(new SecurityFeatures(false, true).noncePrefix()).isEqualTo("obMatJos2AAAC");
  }

  /**
   * The appendix says that OpaqueString makes TheMatrIX of its password; that was SASLprep, in RFC
   * 5769. OpaqueString refuses the soft hyphen and would leave the other two as they are.
   */
  @Test
  void thePasswordIsNotOneForOpaqueString() {
    assertThat(OpaqueString.prepare("The\u00adM\u00aatr\u2168")).isEmpty();
    assertThat(OpaqueString.prepare("TheM\u00aatr\u2168")).contains("TheM\u00aatr\u2168");
    assertThat(OpaqueString.prepare(USERNAME)).isEqualTo(Optional.of(USERNAME));
  }

  private static Decoded decode(Bytes bytes) {
    return Decoder.decode(bytes.asBuffer());
  }
}
