package org.bradawl.turn.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.SecurityFeatures;
import org.bradawl.stun.attribute.AccessToken;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.ThirdPartyAuthorization;
import org.bradawl.stun.attribute.UserHash;
import org.bradawl.stun.attribute.Username;
import org.bradawl.turn.auth.Claim;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.Lookup;
import org.bradawl.turn.auth.NonceIssuer;

/**
 * The long-term credential mechanism at the server (RFC 8489 §9.2.4). An unknown name, an expired
 * one and a wrong password take the same work and get the same answer.
 */
final class Authenticator {

  /** What a look at a request's credentials found. */
  sealed interface Outcome {

    /** The request is authentic. */
    record Authentic(Caller caller) implements Outcome {}

    /** It is not; the answer carries no integrity, because there is no key to trust. */
    record Refused(Reply.Failure failure) implements Outcome {}

    /** It is, but its nonce is too old or not this client's. */
    record Stale(Caller caller, Reply.Failure failure) implements Outcome {}
  }

  /** Longer than any lifetime, and far from where monotonic nanoseconds overflow. */
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final NonceIssuer nonces;
  private final InstantSource calendar;
  private final Function<FiveTuple, Optional<Caller>> bearers;
  private CredentialSource credentials;
  private Realms realms;

  /**
   * The checks of one shard.
   *
   * @param bearers who brought the access token of the allocation on a path, if it has one
   */
  Authenticator(
      String realm,
      CredentialSource credentials,
      NonceIssuer nonces,
      InstantSource calendar,
      Function<FiveTuple, Optional<Caller>> bearers) {
    this.bearers = bearers;
    this.realms = path -> realm;
    this.credentials = credentials;
    this.nonces = nonces;
    this.calendar = calendar;
  }

  void credentials(CredentialSource credentials) {
    this.credentials = credentials;
  }

  void realms(Realms realms) {
    this.realms = realms;
  }

  Outcome check(Exchange exchange, long nowNanos) {
    Optional<IntegrityAlgorithm> algorithm = algorithm(exchange);
    if (algorithm.isEmpty()) {
      return challenge(exchange, Fault.CHALLENGE);
    }
    Optional<Claim.Name> name = name(exchange);
    Optional<Realm> named = exchange.first(Realm.class);
    Optional<Nonce> nonce = exchange.first(Nonce.class);
    if (name.isEmpty() || named.isEmpty() || nonce.isEmpty()) {
      return new Outcome.Refused(Reply.Failure.of(Fault.BAD_REQUEST));
    }
    return switch (Negotiated.of(exchange, nonce.get())) {
      case Negotiated.Tampered _ -> new Outcome.Refused(Reply.Failure.of(Fault.BAD_REQUEST));
      case Negotiated.Hash hash -> {
        Optional<Caller> bearer = bearer(exchange, name.get());
        if (bearer.isPresent()) {
          yield session(exchange, bearer.get(), algorithm.get(), nonce.get(), nowNanos);
        }
        Instant now = calendar.instant();
        Claim claim = new Claim(name.get(), realms.of(exchange.path()), hash.hash());
        Lookup lookup = credentials.find(claim, now);
        boolean fits = fits(exchange, algorithm.get(), lookup);
        if (!fits && credentials.otherwise().isPresent()) {
          lookup = credentials.otherwise().get().find(claim, now);
          fits = fits(exchange, algorithm.get(), lookup);
        }
        boolean right = fits && named.get().realm().equals(realms.of(exchange.path()));
        yield switch (lookup) {
          case Lookup.Found found when right -> {
            long until = nowNanos + nanosBetween(now, found.expires());
            yield fresh(
                exchange,
                new Caller(
                    found.principal(), found.key(), hash.answers(), until, keyId(name.get())),
                nonce.get());
          }
          case Lookup.Found _, Lookup.Expired _, Lookup.Unknown _ ->
              challenge(exchange, Fault.UNAUTHORIZED);
        };
      }
    };
  }

  private static Optional<String> keyId(Claim.Name name) {
    return switch (name) {
      case Claim.Name.Token token -> Optional.of(token.keyId());
      case Claim.Name.Plain _, Claim.Name.Hashed _ -> Optional.empty();
    };
  }

  /**
   * Who brought the token of the allocation that this request is about: only Allocate and Refresh
   * carry one (RFC 7635 §4), the others the id of its key and integrity under its session key.
   */
  private Optional<Caller> bearer(Exchange exchange, Claim.Name name) {
    return switch (name) {
      case Claim.Name.Plain plain ->
          bearers
              .apply(exchange.path())
              .filter(caller -> caller.tokenKeyId().equals(Optional.of(plain.username())));
      case Claim.Name.Hashed _, Claim.Name.Token _ -> Optional.empty();
    };
  }

  private Outcome session(
      Exchange exchange, Caller bearer, IntegrityAlgorithm algorithm, Nonce nonce, long nowNanos) {
    boolean right =
        exchange.request().check(algorithm, bearer.key()) == IntegrityCheck.RIGHT
            && exchange
                .first(Realm.class)
                .equals(Optional.of(new Realm(realms.of(exchange.path()))));
    return right && bearer.untilNanos() - nowNanos > 0
        ? fresh(exchange, bearer, nonce)
        : challenge(exchange, Fault.UNAUTHORIZED);
  }

  private static boolean fits(Exchange exchange, IntegrityAlgorithm algorithm, Lookup lookup) {
    return exchange.request().check(algorithm, lookup.key()) == IntegrityCheck.RIGHT;
  }

  private Optional<Claim.Name> name(Exchange exchange) {
    Optional<AccessToken> token = exchange.first(AccessToken.class);
    Optional<Claim.Name> plain =
        exchange
            .first(Username.class)
            .map(name ->
                token.isPresent() && credentials.thirdParty().isPresent()
                    ? new Claim.Name.Token(name.name(), token.get().token())
                    : new Claim.Name.Plain(name.name()));
    return plain.isPresent()
        ? plain
        : exchange.first(UserHash.class).map(hash -> new Claim.Name.Hashed(hash.hash()));
  }

  private static long nanosBetween(Instant now, Instant expires) {
    return expires.isAfter(now.plus(FOREVER))
        ? FOREVER.toNanos()
        : Duration.between(now, expires).toNanos();
  }

  private Outcome fresh(Exchange exchange, Caller caller, Nonce nonce) {
    return nonces.isFresh(nonce.value(), exchange.path())
        ? new Outcome.Authentic(caller)
        : new Outcome.Stale(caller, failure(exchange, Fault.STALE_NONCE));
  }

  private Outcome challenge(Exchange exchange, Fault fault) {
    Reply.Failure failure = failure(exchange, fault);
    return new Outcome.Refused(
        credentials
            .thirdParty()
            .map(server -> failure.with(new ThirdPartyAuthorization(server)))
            .orElse(failure));
  }

  private Reply.Failure failure(Exchange exchange, Fault fault) {
    SecurityFeatures features = new SecurityFeatures(true, credentials.findsByHash());
    return Reply.Failure.of(
        fault,
        new Realm(realms.of(exchange.path())),
        new Nonce(nonces.issue(exchange.path(), features)),
        Negotiated.OFFERED);
  }

  /** The stronger of the protections that the request carries. */
  private static Optional<IntegrityAlgorithm> algorithm(Exchange exchange) {
    if (exchange.request().carries(IntegrityAlgorithm.SHA256)) {
      return Optional.of(IntegrityAlgorithm.SHA256);
    }
    return exchange.request().carries(IntegrityAlgorithm.SHA1)
        ? Optional.of(IntegrityAlgorithm.SHA1)
        : Optional.empty();
  }
}
