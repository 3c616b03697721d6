package org.bradawl.server.credentials.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.bradawl.server.applications.control.KnownKeys;
import org.bradawl.server.credentials.control.Admission.Admitted;
import org.bradawl.server.credentials.control.Admission.Refused;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CredentialCheckTest {

  private static final String KEY = "the key of demo";
  private static final Duration HOUR = Duration.ofHours(1);

  private final UUID keyId = UUID.randomUUID();
  private final Map<String, KnownKeys.KnownKey> live =
      new HashMap<>(Map.of(KEY, new KnownKeys.KnownKey(keyId, "demo")));
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final PeerTokens tokens =
      new PeerTokens(
          "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII), () -> now);
  private final CredentialCheck check =
      new CredentialCheck(
          new KnownKeys() {
            @Override
            public Optional<KnownKey> find(String text) {
              return Optional.ofNullable(live.get(text));
            }

            @Override
            public boolean issues(String issuer) {
              return live.values().stream().anyMatch(k -> KnownKeys.issuer(k.id()).equals(issuer));
            }

            @Override
            public boolean lives(KnownKey key) {
              return live.containsValue(key);
            }
          },
          tokens,
          new FailureLimit(3, () -> now),
          new SplittableRandom(5));

  @Test
  void anApplicationKeyAdmitsThePeerItNames() {
    assertThat(admit(KEY, "alice")).isEqualTo(new Admitted("demo", "alice", Instant.MAX, keyId));
  }

  @Test
  void anApplicationKeyWithoutAPeerGetsAFreshId() {
    Admitted first = (Admitted) admit(KEY, null);
    Admitted second = (Admitted) admit(KEY, null);

    assertThat(PeerIds.isValid(first.peer())).isTrue();
    assertThat(second.peer()).isNotEqualTo(first.peer());
  }

  @Test
  void aTokenAdmitsItsPeerAndNoOther() {
    PeerTokens.Minted minted = tokens.mint("demo", keyId, "alice", HOUR);

    Admitted admitted = new Admitted("demo", "alice", minted.expires(), keyId);
    assertThat(admit(minted.token(), null)).isEqualTo(admitted);
    assertThat(admit(minted.token(), "alice")).isEqualTo(admitted);
    assertThat(refusal(admit(minted.token(), "bob"))).isEqualTo(Refusal.OTHER_PEER);
  }

  @Test
  void revokingTheKeyEndsItsTokens() {
    String token = tokens.mint("demo", keyId, "alice", HOUR).token();
    live.clear();

    assertThat(refusal(admit(token, null))).isEqualTo(Refusal.UNKNOWN);
    assertThat(refusal(admit(KEY, "alice"))).isEqualTo(Refusal.UNKNOWN);
  }

  @Test
  void aTokenOfAnotherApplicationThatTookTheKeyIsRefused() {
    String token = tokens.mint("other", keyId, "alice", HOUR).token();

    assertThat(refusal(admit(token, null))).isEqualTo(Refusal.UNKNOWN);
  }

  @Test
  void noCredentialAndABadPeerIdAreSaid() {
    assertThat(refusal(admit(null, "alice"))).isEqualTo(Refusal.MISSING);
    assertThat(refusal(admit(KEY, "not/a peer"))).isEqualTo(Refusal.INVALID_PEER);
  }

  @Test
  void wrongCredentialsCloseTheAddressEvenForRightOnes() {
    for (int i = 0; i < 3; i++) {
      assertThat(refusal(admit("wrong " + i, null))).isEqualTo(Refusal.UNKNOWN);
    }

    Refused refused = (Refused) admit(KEY, "alice");
    assertThat(refused.refusal()).isEqualTo(Refusal.TOO_MANY_FAILURES);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(20));
    assertThat(check.admit(new Presented(KEY, "alice", "192.0.2.2"))).isInstanceOf(Admitted.class);

    now = now.plus(refused.retryAfter());
    assertThat(admit(KEY, "alice")).isInstanceOf(Admitted.class);
  }

  @Test
  void expiredTokensAndMissingCredentialsAreNoGuesses() {
    String token = tokens.mint("demo", keyId, "alice", HOUR).token();
    now = now.plus(HOUR);
    for (int i = 0; i < 20; i++) {
      assertThat(refusal(admit(token, null))).isEqualTo(Refusal.EXPIRED);
      assertThat(refusal(admit(null, null))).isEqualTo(Refusal.MISSING);
    }

    assertThat(admit(KEY, "alice")).isInstanceOf(Admitted.class);
  }

  private Admission admit(@Nullable String credential, @Nullable String peer) {
    return check.admit(new Presented(credential, peer, "192.0.2.1"));
  }

  private static Refusal refusal(Admission admission) {
    return ((Refused) admission).refusal();
  }
}
