package org.bradawl.turn.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bradawl.stun.IntegrityKey;

/**
 * Credentials that expire and need no store (draft-uberti-behave-turn-rest): the name is {@code
 * expiry:user}, expiry in seconds of Unix time, and the password is the base64 of HMAC-SHA1 of that
 * name under a secret that whoever hands out credentials shares with the relay. A name may end in
 * {@code #} and eight hexadecimal digits: what the credential was made with.
 */
public final class EphemeralCredentials implements CredentialSource {

  /** Eleven digits reach the year 5138 and cannot overflow an {@link Instant}. */
  private static final int MAX_EXPIRY_DIGITS = 11;

  /** Of an issuer in a name: so many hexadecimal digits. */
  private static final int ISSUER_LENGTH = 8;

  private static final Pattern ISSUER = Pattern.compile("#[0-9a-f]{" + ISSUER_LENGTH + "}");

  /** Under the secret; copied, because any thread may ask, and making one anew costs more. */
  private final Mac prototype;

  /**
   * A name and its password, as a client needs them.
   *
   * @param expires when they end, to the second
   */
  public record Minted(String username, String password, Instant expires) {

    /** Everything but the password. */
    @Override
    public String toString() {
      return "Minted[username=" + username + ", expires=" + expires + "]";
    }
  }

  /**
   * Credentials under a secret.
   *
   * @param secret the text that the operator configures, not empty
   */
  public EphemeralCredentials(String secret) {
    try {
      this.prototype = Mac.getInstance("HmacSHA1");
      prototype.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA1", e);
    }
  }

  /** A credential for {@code user} until {@code expires}, which is cut to the second. */
  public Minted mint(String user, Instant expires) {
    String username = expires.getEpochSecond() + ":" + user;
    return new Minted(
        username, password(username), Instant.ofEpochSecond(expires.getEpochSecond()));
  }

  /**
   * A credential that says what it was made with, and can be made to end with that.
   *
   * @param issuer eight hexadecimal digits in lower case
   */
  public Minted mint(String user, String issuer, Instant expires) {
    if (!ISSUER.matcher("#" + issuer).matches()) {
      throw new IllegalArgumentException("an issuer has eight hexadecimal digits");
    }
    return mint(user + "#" + issuer, expires);
  }

  @Override
  public Lookup find(Claim claim, Instant now) {
    return switch (claim.name()) {
      case Claim.Name.Plain plain -> find(plain.username(), claim, now);
      // A hash does not tell its name; the key is one that nobody can know.
      case Claim.Name.Hashed hashed -> new Lookup.Unknown(key(hashed.hash().toString(), claim));
      case Claim.Name.Token token -> new Lookup.Unknown(key(token.keyId(), claim));
    };
  }

  /** The names are made when they are asked for, so there is no list to find a hash in. */
  @Override
  public boolean findsByHash() {
    return false;
  }

  private IntegrityKey key(String username, Claim claim) {
    return IntegrityKey.longTerm(claim.hash(), username, claim.realm(), password(username));
  }

  private Lookup find(String username, Claim claim, Instant now) {
    // The key is made for any name, so that a malformed one costs what a wrong password costs.
    IntegrityKey key = key(username, claim);
    OptionalLong expiry = expiry(username);
    if (expiry.isEmpty()) {
      return new Lookup.Unknown(key);
    }
    Instant expires = Instant.ofEpochSecond(expiry.getAsLong());
    if (!now.isBefore(expires)) {
      return new Lookup.Expired(key);
    }
    return new Lookup.Found(key, principal(username.substring(username.indexOf(':') + 1)), expires);
  }

  /** {@code user#issuer}, or a user alone; a name with another kind of # is a name like any. */
  private static Principal principal(String text) {
    int mark = text.length() - ISSUER_LENGTH - 1;
    return mark > 0 && ISSUER.matcher(text.substring(mark)).matches()
        ? Principal.of(text.substring(0, mark)).issuedBy(text.substring(mark + 1))
        : Principal.of(text);
  }

  /** The digits before the first colon; a name without a user behind it is none of ours. */
  private static OptionalLong expiry(String username) {
    int colon = username.indexOf(':');
    if (colon < 1 || colon > MAX_EXPIRY_DIGITS || colon == username.length() - 1) {
      return OptionalLong.empty();
    }
    long seconds = 0;
    for (int i = 0; i < colon; i++) {
      char digit = username.charAt(i);
      if (digit < '0' || digit > '9') {
        return OptionalLong.empty();
      }
      seconds = seconds * 10 + (digit - '0');
    }
    return OptionalLong.of(seconds);
  }

  private String password(String username) {
    try {
      Mac mac = (Mac) prototype.clone();
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every JDK's HMAC can be copied", e);
    }
  }
}
