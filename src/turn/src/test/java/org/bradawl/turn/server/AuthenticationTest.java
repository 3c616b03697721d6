package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.BOB;
import static org.bradawl.turn.server.Bench.REALM;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.Username;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8489 §9.2.4 on the way to a TURN procedure. */
class AuthenticationTest {

  private static final IntegrityKey KEY =
      IntegrityKey.longTerm(PasswordHash.MD5, "alice", REALM, "wonderland");

  private final Bench bench = new Bench();

  @Test
  void aRequestWithoutIntegrityIsChallenged() {
    StunMessage answer =
        Bench.response(
            bench.fromClient(
                ALICE,
                Encoder.PLAIN.encode(
                    StunMessage.request(Method.Known.ALLOCATE, bench.freshId()).build())));
    assertThat(code(answer)).isEqualTo(401);
    assertThat(answer.first(Realm.class)).contains(new Realm(REALM));
    assertThat(answer.has(Nonce.class)).isTrue();
    assertThat(answer.carries(IntegrityAlgorithm.SHA1)).isFalse();
    assertThat(bench.count(Event.CHALLENGED)).isEqualTo(1);
  }

  /** Who spoofs an address gets at most 5.8 bytes for each of the 20 of the least request. */
  @Test
  void aChallengeIsSmall() {
    ByteBuffer least =
        Encoder.PLAIN.encode(StunMessage.request(Method.Known.ALLOCATE, bench.freshId()).build());
    assertThat(least.remaining()).isEqualTo(20);
    assertThat(Bench.response(bench.fromClient(ALICE, least)).wire().length())
        .isLessThanOrEqualTo(116);
  }

  @Test
  void integrityWithoutNameRealmOrNonceIsABadRequest() {
    List<Attribute> all = List.of(new Username("alice"), new Realm(REALM), bench.nonce(ALICE));
    for (Attribute missing : all) {
      List<Attribute> rest = new ArrayList<>(all);
      rest.remove(missing);
      StunMessage request =
          StunMessage.request(Method.Known.REFRESH, bench.freshId()).addAll(rest).build();
      StunMessage answer = send(ALICE, request, IntegrityAlgorithm.SHA1);
      assertThat(code(answer)).as("without %s", missing).isEqualTo(400);
      assertThat(answer.carries(IntegrityAlgorithm.SHA1)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"eve", "1400000000:bob", "99999999999:bob", "%n", "a\"b'\r\nc", "\u0000"})
  void whoeverIsNotKnownGetsTheSameAnswer(String name) {
    StunMessage answer =
        Bench.response(
            bench.fromClient(
                ALICE,
                bench.signed(
                    ALICE, name, "guess", bench.nonce(ALICE), Method.Known.ALLOCATE, udp())));
    assertThat(code(answer)).isEqualTo(401);
    assertThat(answer.attributes().stream().map(Attribute::type))
        .containsExactly(0x0009, 0x0014, 0x0015, 0x8002);
    assertThat(bench.count(Event.UNAUTHORIZED)).isEqualTo(1);
    assertThat(bench.server.allocations()).isEmpty();
  }

  @Test
  void aWrongPasswordGetsThatAnswerToo() {
    StunMessage answer =
        Bench.response(
            bench.fromClient(
                ALICE,
                bench.signed(
                    ALICE, "alice", "guess", bench.nonce(ALICE), Method.Known.ALLOCATE, udp())));
    assertThat(answer.attributes().stream().map(Attribute::type))
        .containsExactly(0x0009, 0x0014, 0x0015, 0x8002);
    assertThat(code(answer)).isEqualTo(401);
  }

  @Test
  void anotherRealmIsNotOurs() {
    IntegrityKey key = IntegrityKey.longTerm(PasswordHash.MD5, "alice", "other", "wonderland");
    for (IntegrityKey candidate : List.of(key, KEY)) {
      StunMessage request =
          StunMessage.request(Method.Known.REFRESH, bench.freshId())
              .add(new Username("alice"))
              .add(new Realm("other"))
              .add(bench.nonce(ALICE))
              .build();
      Encoder encoder = Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, candidate);
      assertThat(Bench.code(bench.fromClient(ALICE, encoder.encode(request)))).isEqualTo(401);
    }
  }

  @Test
  void aNonceOfAnotherClientIsStale() {
    StunMessage answer =
        Bench.response(
            bench.fromClient(
                ALICE,
                bench.signed(
                    ALICE, "alice", "wonderland", bench.nonce(BOB), Method.Known.REFRESH)));
    assertThat(code(answer)).isEqualTo(438);
    assertThat(answer.has(Realm.class)).isTrue();
    assertThat(answer.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.RIGHT);
    Nonce renewed = answer.first(Nonce.class).orElseThrow();
    assertThat(
            Bench.code(
                bench.fromClient(
                    ALICE,
                    bench.signed(ALICE, "alice", "wonderland", renewed, Method.Known.REFRESH))))
        .isEqualTo(437);
  }

  @Test
  void aNonceEndsWithItsTime() {
    Nonce nonce = bench.nonce(ALICE);
    bench.pass(599);
    assertThat(refresh(nonce)).isEqualTo(437);
    bench.pass(1);
    assertThat(refresh(nonce)).isEqualTo(438);
    assertThat(bench.count(Event.STALE_NONCE)).isEqualTo(1);
  }

  @Test
  void everyAuthenticatedAnswerCarriesIntegrity() {
    for (Method method :
        List.of(Method.Known.REFRESH, Method.Known.CREATE_PERMISSION, Method.Known.CHANNEL_BIND)) {
      StunMessage answer = Bench.response(bench.request(ALICE, "alice", method));
      assertThat(code(answer)).isEqualTo(437);
      assertThat(answer.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.RIGHT);
    }
    StunMessage success = Bench.response(bench.allocate(ALICE, "alice"));
    assertThat(success.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.RIGHT);
  }

  /** RFC 8489 §9.2.4, last paragraph: who negotiates nothing gets MESSAGE-INTEGRITY. */
  @Test
  void sha256WithoutNegotiationIsAnsweredAsToAnOldClient() {
    StunMessage request =
        StunMessage.request(Method.Known.REFRESH, bench.freshId())
            .add(new Username("alice"))
            .add(new Realm(REALM))
            .add(bench.nonce(ALICE))
            .build();
    StunMessage answer = send(ALICE, request, IntegrityAlgorithm.SHA256);
    assertThat(code(answer)).isEqualTo(437);
    assertThat(answer.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.RIGHT);
    assertThat(answer.carries(IntegrityAlgorithm.SHA256)).isFalse();
  }

  @Test
  void whatFollowsTheIntegrityDoesNotCount() {
    ByteBuffer signed = bench.signed(ALICE, "alice", Method.Known.ALLOCATE);
    // REQUESTED-TRANSPORT for UDP, appended on the way; the header counts it.
    ByteBuffer longer = ByteBuffer.allocate(signed.remaining() + 8);
    longer.put(signed).putInt(0x0019_0004).putInt(0x1100_0000).flip();
    longer.putShort(2, (short) (longer.remaining() - 20));
    assertThat(Bench.code(bench.fromClient(ALICE, longer))).isEqualTo(400);
  }

  @Test
  void ephemeralCredentialsWorkUntilTheyExpire() {
    Minted minted = Bench.EPHEMERAL.mint("shop/dave", bench.calendar.plusSeconds(60));
    assertThat(refreshAs(minted)).isEqualTo(437);
    bench.pass(59);
    assertThat(refreshAs(minted)).isEqualTo(437);
    bench.pass(1);
    assertThat(refreshAs(minted)).isEqualTo(401);
  }

  @Test
  void credentialsCanBeReplacedWhileAllocationsLive() {
    bench.allocated(ALICE, "alice");
    bench.server.credentials(Bench.EPHEMERAL);
    assertThat(Bench.code(bench.request(ALICE, "alice", Method.Known.REFRESH))).isEqualTo(401);
    assertThat(bench.server.allocations()).hasSize(1);
  }

  private int refreshAs(Minted minted) {
    return Bench.code(
        bench.fromClient(
            ALICE,
            bench.signed(
                ALICE,
                minted.username(),
                minted.password(),
                bench.nonce(ALICE),
                Method.Known.REFRESH)));
  }

  private int refresh(Nonce nonce) {
    return Bench.code(
        bench.fromClient(
            ALICE, bench.signed(ALICE, "alice", "wonderland", nonce, Method.Known.REFRESH)));
  }

  private StunMessage send(FiveTuple path, StunMessage request, IntegrityAlgorithm algorithm) {
    return Bench.response(
        bench.fromClient(path, Encoder.PLAIN.signed(algorithm, KEY).encode(request)));
  }

  private static int code(StunMessage answer) {
    return answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }

  private static RequestedTransport udp() {
    return new RequestedTransport(RequestedTransport.UDP);
  }
}
