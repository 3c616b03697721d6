package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.REALM;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.SecurityFeatures;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.PasswordAlgorithm;
import org.bradawl.stun.attribute.PasswordAlgorithms;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.UserHash;
import org.bradawl.stun.attribute.Username;
import org.bradawl.turn.auth.CountingProvider;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;
import org.bradawl.turn.auth.StaticUsers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8489 §9.2: algorithms negotiated, names hidden, and who tampers with either found out. */
class NegotiationTest {

  private static final PasswordAlgorithms OFFERED =
      PasswordAlgorithms.of(PasswordAlgorithm.SHA256, PasswordAlgorithm.MD5);

  private final Bench bench = new Bench();

  private static IntegrityKey key(PasswordHash hash) {
    return IntegrityKey.longTerm(hash, "alice", REALM, "wonderland");
  }

  @Test
  void aChallengeOffersSha256FirstAndSaysSoInItsNonce() {
    StunMessage challenge = challenge();
    assertThat(challenge.first(PasswordAlgorithms.class)).contains(OFFERED);
    assertThat(SecurityFeatures.of(challenge.first(Nonce.class).orElseThrow().value()))
        .contains(new SecurityFeatures(true, false));
  }

  /** A client that is offered USERHASH must use it; so only where every name has one. */
  @Test
  void hiddenNamesAreOfferedWhereEveryUserCanBeFoundByThem() {
    bench.server.credentials(
        StaticUsers.ofPasswords(REALM, Map.of("alice", "wonderland"), new Random(1)));
    assertThat(SecurityFeatures.of(challenge().first(Nonce.class).orElseThrow().value()))
        .contains(new SecurityFeatures(true, true));
  }

  @ParameterizedTest
  @EnumSource
  void whoNegotiatesIsAnsweredUnderSha256(PasswordHash hash) {
    for (IntegrityAlgorithm algorithm : IntegrityAlgorithm.values()) {
      StunMessage answer =
          refresh(
              new Username("alice"),
              List.of(PasswordAlgorithm.of(hash), OFFERED),
              algorithm,
              key(hash));
      assertThat(answer.is(MessageClass.ERROR_RESPONSE, Method.Known.REFRESH)).isTrue();
      assertThat(code(answer)).isEqualTo(437);
      assertThat(answer.check(IntegrityAlgorithm.SHA256, key(hash)))
          .isEqualTo(IntegrityCheck.RIGHT);
      assertThat(answer.carries(IntegrityAlgorithm.SHA1)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHashedNameIsFound(PasswordHash hash) {
    StunMessage answer =
        refresh(
            UserHash.of("alice", REALM),
            List.of(PasswordAlgorithm.of(hash), OFFERED),
            IntegrityAlgorithm.SHA256,
            key(hash));
    assertThat(code(answer)).isEqualTo(437);
    assertThat(answer.has(UserHash.class)).isFalse();
  }

  @Test
  void aHashedNameOfAnotherRealmOrAnEphemeralOneIsUnknown() {
    Minted minted = Bench.EPHEMERAL.mint("dave", bench.calendar.plusSeconds(60));
    IntegrityKey ephemeral =
        IntegrityKey.longTerm(PasswordHash.SHA256, minted.username(), REALM, minted.password());
    List<Attribute> negotiated = List.of(PasswordAlgorithm.SHA256, OFFERED);
    assertThat(
            code(
                refresh(
                    UserHash.of(minted.username(), REALM),
                    negotiated,
                    IntegrityAlgorithm.SHA256,
                    ephemeral)))
        .isEqualTo(401);
    assertThat(
            code(
                refresh(
                    UserHash.of("alice", "elsewhere"),
                    negotiated,
                    IntegrityAlgorithm.SHA256,
                    key(PasswordHash.SHA256))))
        .isEqualTo(401);
    assertThat(
            code(
                refresh(
                    new Username(minted.username()),
                    negotiated,
                    IntegrityAlgorithm.SHA256,
                    ephemeral)))
        .isEqualTo(437);
  }

  /** The third check of RFC 8489 §9.2.4. */
  @Test
  void whatWasOfferedAndWhatIsChosenMustFit() {
    List<List<Attribute>> tampered =
        List.of(
            List.of(OFFERED),
            List.of(PasswordAlgorithm.SHA256),
            List.of(PasswordAlgorithm.MD5),
            List.of(PasswordAlgorithm.MD5, PasswordAlgorithms.of(PasswordAlgorithm.MD5)),
            List.of(
                PasswordAlgorithm.SHA256,
                PasswordAlgorithms.of(PasswordAlgorithm.MD5, PasswordAlgorithm.SHA256)),
            List.of(PasswordAlgorithm.SHA256, PasswordAlgorithms.of()),
            List.of(new PasswordAlgorithm(3, Bytes.EMPTY), OFFERED),
            List.of(new PasswordAlgorithm(1, Bytes.of((byte) 1)), OFFERED));
    for (List<Attribute> attributes : tampered) {
      for (PasswordHash hash : PasswordHash.values()) {
        StunMessage answer =
            refresh(new Username("alice"), attributes, IntegrityAlgorithm.SHA256, key(hash));
        assertThat(code(answer)).as("%s", attributes).isEqualTo(400);
        assertThat(answer.attributes()).as("nothing but the error").hasSize(1);
      }
    }
  }

  /** A cookie that lost its bits, or was cut off, does not come back as a nonce of ours. */
  @ParameterizedTest
  @ValueSource(strings = {"obMatJos2AAAA", "obMatJos2AAAC", "obMatJos2AAAD", ""})
  void aNonceWhoseCookieWasChangedIsStale(String cookie) {
    String nonce = challenge().first(Nonce.class).orElseThrow().value();
    assertThat(nonce).startsWith("obMatJos2AAAB");
    StunMessage request =
        StunMessage.request(Method.Known.REFRESH, bench.freshId())
            .add(new Username("alice"))
            .add(new Realm(REALM))
            .add(new Nonce(cookie + nonce.substring(13)))
            .build();
    StunMessage answer = send(request, IntegrityAlgorithm.SHA1, key(PasswordHash.MD5));
    assertThat(code(answer)).isEqualTo(438);
    assertThat(answer.first(PasswordAlgorithms.class)).contains(OFFERED);
    assertThat(answer.has(Realm.class)).isTrue();
  }

  @Test
  void theWrongKeyOfTheRightUserIsRefused() {
    assertThat(
            code(
                refresh(
                    new Username("alice"),
                    List.of(PasswordAlgorithm.SHA256, OFFERED),
                    IntegrityAlgorithm.SHA256,
                    key(PasswordHash.MD5))))
        .isEqualTo(401);
  }

  /** Name by name the same digests and codes over as many bytes, and the same answer. */
  @Test
  void anUnknownNameTakesTheWorkOfAWrongPassword() {
    try (CountingProvider counting = CountingProvider.install()) {
      Bench counted = new Bench();
      for (List<Attribute> negotiated :
          List.of(
              List.<Attribute>of(),
              List.<Attribute>of(PasswordAlgorithm.SHA256, OFFERED),
              List.<Attribute>of(PasswordAlgorithm.MD5, OFFERED))) {
        // Names of one length: the longest part of the work is as long as the request.
        List<String> wrongPassword = work(counted, counting, new Username("alice"), negotiated);
        assertThat(wrongPassword).isNotEmpty();
        assertThat(work(counted, counting, new Username("alicf"), negotiated))
            .isEqualTo(wrongPassword);
        List<String> wrongHashed = work(counted, counting, UserHash.of("alice", REALM), negotiated);
        assertThat(work(counted, counting, UserHash.of("alicf", REALM), negotiated))
            .isEqualTo(wrongHashed);
      }
      // An expired credential against one that nobody has.
      List<String> expired = work(counted, counting, new Username("1400000000:bob"), List.of());
      assertThat(work(counted, counting, new Username("2400000000:bob"), List.of()))
          .isEqualTo(expired);
      assertThat(work(counted, counting, new Username("abcdefghij:bob"), List.of()))
          .isEqualTo(expired);
    }
  }

  private List<String> work(
      Bench counted, CountingProvider counting, Attribute name, List<Attribute> negotiated) {
    StunMessage request =
        StunMessage.request(Method.Known.REFRESH, counted.freshId())
            .add(name)
            .add(new Realm(REALM))
            .add(counted.nonce(ALICE))
            .addAll(negotiated)
            .build();
    var bytes =
        Encoder.PLAIN
            .signed(IntegrityAlgorithm.SHA256, IntegrityKey.shortTerm("guess"))
            .encode(request);
    counting.take();
    List<Recorder.Action> answers = counted.fromClient(ALICE, bytes);
    List<String> work = counting.take();
    assertThat(Bench.code(answers)).isEqualTo(401);
    return work;
  }

  private StunMessage challenge() {
    return Bench.response(
        bench.fromClient(
            ALICE,
            Encoder.PLAIN.encode(
                StunMessage.request(Method.Known.ALLOCATE, bench.freshId()).build())));
  }

  private StunMessage refresh(
      Attribute name, List<Attribute> negotiated, IntegrityAlgorithm algorithm, IntegrityKey key) {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(name);
    attributes.add(new Realm(REALM));
    attributes.add(bench.nonce(ALICE));
    attributes.addAll(negotiated);
    StunMessage request =
        StunMessage.request(Method.Known.REFRESH, bench.freshId()).addAll(attributes).build();
    return send(request, algorithm, key);
  }

  private StunMessage send(StunMessage request, IntegrityAlgorithm algorithm, IntegrityKey key) {
    return Bench.response(
        bench.fromClient(ALICE, Encoder.PLAIN.signed(algorithm, key).encode(request)));
  }

  private static int code(StunMessage answer) {
    return answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }
}
