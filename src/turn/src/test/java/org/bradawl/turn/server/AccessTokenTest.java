package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.REALM;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.AccessToken;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ThirdPartyAuthorization;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.auth.AccessTokens;
import org.bradawl.turn.auth.ChainedCredentials;
import org.bradawl.turn.auth.CountingProvider;
import org.bradawl.turn.auth.StaticUsers;
import org.bradawl.turn.server.Recorder.Action;
import org.junit.jupiter.api.Test;

/** RFC 7635. */
class AccessTokenTest {

  private static final String SERVER = "turn1@example.org";
  private static final Bytes SHARED = Bytes.hex("0123456789abcdef".repeat(4));
  private static final Bytes SHORT = Bytes.hex("0123456789abcdef".repeat(2));
  private static final Bytes SESSION = Bytes.hex("5a".repeat(20));
  private static final Bytes NONCE = Bytes.hex("c0ffee00c0ffee00c0ffee00");
  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);

  private final Bench bench = bench();

  private static Bench bench() {
    Bench bench = new Bench();
    bench.server.credentials(
        new ChainedCredentials(
            List.of(
                StaticUsers.ofPasswords(REALM, Map.of("alice", "wonderland"), new Random(1)),
                new AccessTokens(SERVER, Map.of("north", SHARED, "small", SHORT), new Random(2)))));
    return bench;
  }

  @Test
  void theChallengeNamesTheServerToTheAuthorizationServer() {
    StunMessage challenge =
        Bench.response(
            bench.fromClient(
                ALICE,
                Encoder.PLAIN.encode(
                    StunMessage.request(Method.Known.ALLOCATE, bench.freshId()).build())));
    assertThat(challenge.first(ThirdPartyAuthorization.class))
        .contains(new ThirdPartyAuthorization(SERVER));
  }

  @Test
  void aTokenLetsItsBearerIn() {
    for (Map.Entry<String, Bytes> key : Map.of("north", SHARED, "small", SHORT).entrySet()) {
      Bytes token = seal(SERVER, key.getValue(), bench.calendar, 3600);
      StunMessage answer = Bench.response(refresh(key.getKey(), token, SESSION));
      assertThat(answer.check(IntegrityAlgorithm.SHA1, IntegrityKey.of(SESSION.toArray())))
          .isEqualTo(IntegrityCheck.RIGHT);
      assertThat(answer.has(AccessToken.class)).isFalse();
    }
  }

  /** RFC 7635 §4: the token is in Allocate and Refresh, its session key counts until the next. */
  @Test
  void otherRequestsGoByTheSessionKeyAlone() {
    Bytes token = seal(SERVER, SHARED, bench.calendar, 60);
    RelayId relay = Bench.open(send("north", token, SESSION, Method.Known.ALLOCATE, UDP)).relay();
    bench.server.relayOpened(relay, bench.now);
    bench.shell.take();
    assertThat(permit("north", SESSION)).isZero();
    assertThat(permit("small", SESSION)).isEqualTo(401);
    assertThat(permit("north", NONCE)).isEqualTo(401);
    Bytes session = Bytes.hex("77".repeat(20));
    Bytes second =
        AccessTokens.seal(SERVER, SHORT, NONCE, session, bench.calendar, Duration.ofSeconds(60));
    assertThat(Bench.code(send("small", second, session, Method.Known.REFRESH))).isZero();
    assertThat(permit("small", session)).isZero();
    assertThat(permit("north", SESSION)).isEqualTo(401);
  }

  private int permit(String id, Bytes session) {
    StunMessage request =
        StunMessage.request(Method.Known.CREATE_PERMISSION, bench.freshId())
            .add(new XorPeerAddress(Bench.PEER))
            .add(new Username(id))
            .add(new Realm(REALM))
            .add(bench.nonce(ALICE))
            .build();
    return Bench.code(
        bench.fromClient(
            ALICE,
            Encoder.PLAIN
                .signed(IntegrityAlgorithm.SHA1, IntegrityKey.of(session.toArray()))
                .encode(request)));
  }

  /** As coturn's clients do. */
  @Test
  void aClientMayShortenTheSessionKey() {
    Bytes token = seal(SERVER, SHARED, bench.calendar, 60);
    assertThat(code("north", token, SESSION.slice(0, 16))).isEqualTo(437);
    assertThat(code("north", token, SESSION.slice(0, 15))).isEqualTo(401);
  }

  @Test
  void anAllocationLivesNoLongerThanItsToken() {
    Bytes token = seal(SERVER, SHARED, bench.calendar, 60);
    RelayId relay = Bench.open(send("north", token, SESSION, Method.Known.ALLOCATE, UDP)).relay();
    bench.server.relayOpened(relay, bench.now);
    // Five seconds more, for what clocks differ.
    assertThat(Bench.response(bench.shell.take()).first(Lifetime.class)).contains(new Lifetime(65));
    assertThat(bench.passAndAdvance(65))
        .anyMatch(action ->
            action instanceof Action.Ended ended
                && ended.allocation().reason() == EndReason.CREDENTIAL_EXPIRED);
  }

  @Test
  void aRenewedTokenOfTheSameKeyGoesOn() {
    Bytes first = seal(SERVER, SHARED, bench.calendar, 60);
    RelayId relay = Bench.open(send("north", first, SESSION, Method.Known.ALLOCATE, UDP)).relay();
    bench.server.relayOpened(relay, bench.now);
    bench.shell.take();
    bench.pass(30);
    Bytes session = Bytes.hex("77".repeat(32));
    Bytes second =
        AccessTokens.seal(SERVER, SHARED, NONCE, session, bench.calendar, Duration.ofHours(1));
    assertThat(
            Bench.response(send("north", second, session, Method.Known.REFRESH))
                .first(Lifetime.class))
        .contains(new Lifetime(600));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Instant now = bench.calendar;
    Bytes good = seal(SERVER, SHARED, now, 60);
    byte[] flipped = good.toArray();
    flipped[flipped.length - 1] ^= 1;
    assertThat(code("north", good, Bytes.hex("00".repeat(20)))).as("session key").isEqualTo(401);
    assertThat(code("south", good, SESSION)).as("key id").isEqualTo(401);
    assertThat(code("alice", good, SESSION)).as("a user's name").isEqualTo(401);
    assertThat(code("north", Bytes.owning(flipped), SESSION)).as("tag").isEqualTo(401);
    assertThat(code("north", seal("elsewhere", SHARED, now, 60), SESSION)).isEqualTo(401);
    assertThat(code("north", seal(SERVER, SHARED, now.minusSeconds(65), 60), SESSION))
        .as("expired")
        .isEqualTo(401);
    assertThat(code("north", seal(SERVER, SHARED, now.minusSeconds(64), 60), SESSION))
        .as("not quite")
        .isEqualTo(437);
    assertThat(code("north", seal(SERVER, SHARED, now.plusSeconds(66), 60), SESSION))
        .as("from the future")
        .isEqualTo(401);
    for (String odd : List.of("", "00", "0000", "000c", "ffff00", "000c" + "00".repeat(20))) {
      assertThat(code("north", Bytes.hex(odd), SESSION)).as(odd).isEqualTo(401);
    }
  }

  @Test
  void passwordsStillWorkBesideTokens() {
    assertThat(Bench.code(bench.request(ALICE, "alice", Method.Known.REFRESH))).isEqualTo(437);
  }

  @Test
  void anUnknownKeyTakesTheWorkOfAWrongToken() {
    Bytes forged = seal(SERVER, Bytes.hex("ff".repeat(32)), bench.calendar, 60);
    try (CountingProvider counting = CountingProvider.install()) {
      Bench counted = bench();
      assertThat(work(counted, counting, "north", forged))
          .isNotEmpty()
          .isEqualTo(work(counted, counting, "south", forged));
    }
  }

  private List<String> work(Bench counted, CountingProvider counting, String id, Bytes token) {
    var request = request(counted, id, token, SESSION, Method.Known.REFRESH);
    counting.take();
    List<Action> answer = counted.fromClient(ALICE, request);
    List<String> work = counting.take();
    assertThat(Bench.code(answer)).isEqualTo(401);
    return work;
  }

  private int code(String id, Bytes token, Bytes session) {
    return Bench.code(refresh(id, token, session));
  }

  private List<Action> refresh(String id, Bytes token, Bytes session) {
    return send(id, token, session, Method.Known.REFRESH);
  }

  private List<Action> send(
      String id, Bytes token, Bytes session, Method method, Attribute... attributes) {
    return bench.fromClient(ALICE, request(bench, id, token, session, method, attributes));
  }

  private static java.nio.ByteBuffer request(
      Bench bench, String id, Bytes token, Bytes session, Method method, Attribute... attributes) {
    StunMessage request =
        StunMessage.request(method, bench.freshId())
            .addAll(List.of(attributes))
            .add(new Username(id))
            .add(new Realm(REALM))
            .add(bench.nonce(ALICE))
            .add(new AccessToken(token))
            .build();
    return Encoder.PLAIN
        .signed(IntegrityAlgorithm.SHA1, IntegrityKey.of(session.toArray()))
        .encode(request);
  }

  private static Bytes seal(String server, Bytes key, Instant issued, long seconds) {
    return AccessTokens.seal(server, key, NONCE, SESSION, issued, Duration.ofSeconds(seconds));
  }
}
