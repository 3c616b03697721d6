package org.bradawl.server.credentials.control;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.UUID;

/**
 * Peer tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256 by a key that never leaves the
 * server. {@code sub} is the peer, {@code app} the application, {@code key} the id of the
 * application key that asked for the token, so that revoking the key ends its tokens too.
 */
public final class PeerTokens {

  /** Who issues the tokens. */
  public static final String ISSUER = "bradawl";

  /** No token that we sign comes near this; longer ones are not looked at. */
  static final int MAX_TOKEN_LENGTH = 2048;

  private static final JWSHeader HEADER =
      new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();

  private final byte[] signingKey;
  private final InstantSource clock;

  /**
   * Tokens signed with this key.
   *
   * @param signingKey at least 32 bytes (RFC 7518 §3.2)
   * @throws IllegalArgumentException if the key is shorter
   */
  public PeerTokens(byte[] signingKey, InstantSource clock) {
    if (signingKey.length < 32) {
      throw new IllegalArgumentException("HS256 wants a key of 32 bytes or more");
    }
    this.signingKey = signingKey.clone();
    this.clock = clock;
  }

  /** What a token says. */
  public record Claims(
      String application, UUID key, String peer, Instant issued, Instant expires) {}

  /** A signed token and the moment it stops being valid. */
  public record Minted(String token, Instant expires) {
    /** Leaves the token out. */
    @Override
    public String toString() {
      return "Minted[expires=%s]".formatted(expires);
    }
  }

  /** What the check of a token found. */
  public sealed interface Verdict {
    /** Signed here and still good. */
    record Valid(Claims claims) implements Verdict {}

    /** Signed here, but past its time. */
    record Expired(Instant since) implements Verdict {}

    /** Not a token, or not one of ours. */
    record Forged() implements Verdict {}
  }

  /**
   * A token for this peer of this application; times are whole seconds (RFC 7519 §2, NumericDate).
   */
  public Minted mint(String application, UUID key, String peer, Duration ttl) {
    Instant issued = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expires = issued.plus(ttl);
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .subject(peer)
            .claim("app", application)
            .claim("key", key.toString())
            .issueTime(Date.from(issued))
            .expirationTime(Date.from(expires))
            .build();
    SignedJWT token = new SignedJWT(HEADER, claims);
    try {
      token.sign(new MACSigner(signingKey));
    } catch (JOSEException e) {
      throw new IllegalStateException("HMAC-SHA256 is part of every Java platform", e);
    }
    return new Minted(token.serialize(), expires);
  }

  /** Checks signature first, then issuer and claims, then the time. Never throws. */
  public Verdict verify(String token) {
    if (token.length() > MAX_TOKEN_LENGTH) {
      return new Verdict.Forged();
    }
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      // The verifier would also take HS384 and HS512; only what we sign ourselves is ours.
      if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm())
          || !jwt.verify(new MACVerifier(signingKey))) {
        return new Verdict.Forged();
      }
      return judge(jwt.getJWTClaimsSet());
    } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
      return new Verdict.Forged();
    }
  }

  private Verdict judge(JWTClaimsSet claims) throws ParseException {
    String peer = claims.getSubject();
    String application = claims.getStringClaim("app");
    String key = claims.getStringClaim("key");
    Date issued = claims.getIssueTime();
    Date expires = claims.getExpirationTime();
    if (!ISSUER.equals(claims.getIssuer())
        || peer == null
        || application == null
        || key == null
        || issued == null
        || expires == null) {
      return new Verdict.Forged();
    }
    if (!clock.instant().isBefore(expires.toInstant())) {
      return new Verdict.Expired(expires.toInstant());
    }
    return new Verdict.Valid(
        new Claims(
            application, UUID.fromString(key), peer, issued.toInstant(), expires.toInstant()));
  }
}
