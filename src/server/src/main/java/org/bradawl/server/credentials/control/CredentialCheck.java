package org.bradawl.server.credentials.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.server.applications.control.KnownKeys;
import org.bradawl.server.applications.control.KnownKeys.KnownKey;
import org.bradawl.server.credentials.control.Admission.Admitted;
import org.bradawl.server.credentials.control.Admission.Refused;
import org.jspecify.annotations.Nullable;

/**
 * Recognises application keys and peer tokens, and turns what they allow into an admission.
 *
 * <p>A token lives no longer than the key that asked for it: revoking a key, or deleting its
 * application, ends the tokens too.
 */
public final class CredentialCheck implements PeerAdmission {

  private final KnownKeys keys;
  private final PeerTokens tokens;
  private final FailureLimit failures;
  private final RandomGenerator random;

  /**
   * A check of these keys and tokens.
   *
   * @param random makes the ids of peers that name none
   */
  public CredentialCheck(
      KnownKeys keys, PeerTokens tokens, FailureLimit failures, RandomGenerator random) {
    this.keys = keys;
    this.tokens = tokens;
    this.failures = failures;
    this.random = random;
  }

  @Override
  public Admission admit(Presented presented) {
    String asked = presented.peer();
    if (asked != null && !PeerIds.isValid(asked)) {
      return new Refused(Refusal.INVALID_PEER, "A peer id has " + PeerIds.RULE + ".");
    }
    return switch (identify(presented.credential(), presented.client())) {
      case Identity.ApplicationKey(KnownKey key) ->
          new Admitted(
              key.application(),
              asked == null ? PeerIds.generate(random) : asked,
              Instant.MAX,
              key.id());
      case Identity.PeerToken(PeerTokens.Claims claims) -> admit(claims, asked);
      case Identity.Nobody(Refused why) -> why;
    };
  }

  private static Admission admit(PeerTokens.Claims claims, @Nullable String asked) {
    if (asked != null && !asked.equals(claims.peer())) {
      return new Refused(
          Refusal.OTHER_PEER,
          "The token is for the peer \"%s\", not for \"%s\".".formatted(claims.peer(), asked));
    }
    return new Admitted(claims.application(), claims.peer(), claims.expires(), claims.key());
  }

  /**
   * Finds out whom a credential belongs to; a wrong one counts against {@code client}.
   *
   * @param credential null if none was presented
   */
  public Identity identify(@Nullable String credential, String client) {
    if (credential == null) {
      return nobody(
          Refusal.MISSING,
          "Send a peer token or an application key as \"Authorization: Bearer …\".");
    }
    Duration wait = failures.waitFor(client);
    if (wait.isPositive()) {
      return new Identity.Nobody(
          new Refused(
              Refusal.TOO_MANY_FAILURES,
              "Too many wrong credentials came from this address; try again later.",
              wait));
    }
    Optional<KnownKey> key = keys.find(credential);
    if (key.isPresent()) {
      return new Identity.ApplicationKey(key.get());
    }
    return switch (tokens.verify(credential)) {
      case PeerTokens.Verdict.Valid(PeerTokens.Claims claims) ->
          keys.lives(new KnownKey(claims.key(), claims.application()))
              ? new Identity.PeerToken(claims)
              : nobody(
                  Refusal.UNKNOWN,
                  "The application key that this token was made with is revoked or deleted.");
      case PeerTokens.Verdict.Expired(Instant since) ->
          nobody(
              Refusal.EXPIRED,
              "The token expired at " + since + "; ask for a new one with POST /api/v1/tokens.");
      case PeerTokens.Verdict.Forged() -> {
        failures.failed(client);
        yield nobody(
            Refusal.UNKNOWN,
            "This is neither a token that this server signed nor a live application key.");
      }
    };
  }

  private static Identity nobody(Refusal refusal, String message) {
    return new Identity.Nobody(new Refused(refusal, message));
  }
}
