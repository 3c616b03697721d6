package org.bradawl.turn.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.IntegrityKey;
import org.jspecify.annotations.Nullable;

/**
 * Third-party authorisation (RFC 7635): an authorization server, which shares a key with this one,
 * gives a client a session key, and puts the same session key, sealed, into a token that the client
 * carries here.
 *
 * <pre>
 *   ACCESS-TOKEN = nonce length, 16 bits │ nonce │ AES-GCM( block ), under the key that USERNAME
 *                  names, with the server's name as associated data
 *   block        = key length, 16 bits │ session key │ time of issue, 64 bits │ seconds, 32 bits
 * </pre>
 *
 * <p>The time of issue has seconds in its first 48 bits and 64,000ths in the last 16. Tokens name
 * nobody, and a client may renew one under another key: all whom the authorization server vouches
 * for are one user here, {@code oauth:} and the server's name.
 */
public final class AccessTokens implements CredentialSource {

  /** RFC 7635 §4.1.1 recommends 5 seconds for what clocks differ and networks take. */
  private static final Duration DELTA = Duration.ofSeconds(5);

  private static final int TAG_BITS = 128;

  /** What a block has beside its session key. */
  private static final int BLOCK_WITHOUT_KEY = 2 + 8 + 4;

  /** 64,000ths of a second. */
  private static final long FRACTIONS = 64_000;

  /**
   * What coturn's clients use of a session key for MESSAGE-INTEGRITY, as if it were an MD5 key; RFC
   * 7635 §4.1.2 uses all of it. Still 128 bits.
   */
  private static final int SHORTENED = 16;

  private final String serverName;
  private final int mostKeyBytes;
  private final Map<String, Key> keys = new HashMap<>();
  private final Key nobody;
  private final IntegrityKey unknown;
  private final Principal bearer;
  private final Optional<CredentialSource> shortened;

  /**
   * Tokens under these keys.
   *
   * @param serverName what the authorization server knows this one as
   * @param keys by key id, 16 bytes for AES-128-GCM or 32 for AES-256-GCM
   * @param random makes the keys that unknown key ids and wrong tokens are checked with; must not
   *     be predictable
   */
  public AccessTokens(String serverName, Map<String, Bytes> keys, RandomGenerator random) {
    this(serverName, keys, random, Integer.MAX_VALUE);
  }

  private AccessTokens(
      String serverName, Map<String, Bytes> keys, RandomGenerator random, int mostKeyBytes) {
    this.serverName = serverName;
    this.mostKeyBytes = mostKeyBytes;
    this.shortened =
        mostKeyBytes == SHORTENED
            ? Optional.empty()
            : Optional.of(new AccessTokens(serverName, keys, random, SHORTENED));
    this.bearer = new Principal("oauth:" + serverName, "", serverName);
    keys.forEach((id, key) -> this.keys.put(id, key(key.toArray())));
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.nobody = key(bytes);
    random.nextBytes(bytes);
    this.unknown = IntegrityKey.of(bytes);
  }

  private static Key key(byte[] key) {
    if (key.length != 16 && key.length != 32) {
      throw new IllegalArgumentException("a token key has 16 or 32 bytes, not " + key.length);
    }
    return new SecretKeySpec(key, "AES");
  }

  @Override
  public Lookup find(Claim claim, Instant now) {
    return switch (claim.name()) {
      case Claim.Name.Token token -> find(token, now);
      case Claim.Name.Plain _, Claim.Name.Hashed _ -> new Lookup.Unknown(unknown);
    };
  }

  @Override
  public boolean findsByHash() {
    return false;
  }

  /** The same tokens for clients that shorten the session key. */
  @Override
  public Optional<CredentialSource> otherwise() {
    return shortened;
  }

  @Override
  public Optional<String> thirdParty() {
    return Optional.of(serverName);
  }

  private Lookup find(Claim.Name.Token claim, Instant now) {
    @Nullable Key key = keys.get(claim.keyId());
    Optional<Bytes> block = open(claim.token(), key == null ? nobody : key);
    if (key == null || block.isEmpty()) {
      return new Lookup.Unknown(unknown);
    }
    return read(block.get(), now);
  }

  private Optional<Bytes> open(Bytes token, Key key) {
    if (token.length() < 2 || token.u16(0) < 1 || 2 + token.u16(0) > token.length()) {
      return Optional.empty();
    }
    int nonceLength = token.u16(0);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      byte[] nonce = token.slice(2, nonceLength).toArray();
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(serverName.getBytes(StandardCharsets.UTF_8));
      return Optional.of(Bytes.owning(cipher.doFinal(token.from(2 + nonceLength).toArray())));
    } catch (GeneralSecurityException e) {
      return Optional.empty(); // not sealed by who shares our key, or changed since
    }
  }

  private Lookup read(Bytes block, Instant now) {
    int keyLength = block.length() < BLOCK_WITHOUT_KEY ? 0 : block.u16(0);
    if (keyLength == 0 || block.length() != BLOCK_WITHOUT_KEY + keyLength) {
      return new Lookup.Unknown(unknown);
    }
    IntegrityKey session =
        IntegrityKey.of(block.slice(2, Math.min(keyLength, mostKeyBytes)).toArray());
    long time = block.i64(2 + keyLength);
    long fraction = Math.min(time & 0xffff, FRACTIONS - 1) * (1_000_000_000 / FRACTIONS);
    Instant issued = Instant.ofEpochSecond(time >>> 16, fraction);
    Instant expires = issued.plusSeconds(block.u32(2 + keyLength + 8)).plus(DELTA);
    Duration lifetime = Duration.between(issued, expires);
    // RFC 7635 §4.1.1: lifetime + delta > abs(now - issued).
    return lifetime.compareTo(Duration.between(issued, now).abs()) > 0
        ? new Lookup.Found(session, bearer, expires)
        : new Lookup.Expired(session);
  }

  /**
   * A token, as the authorization server makes it.
   *
   * @param nonce 12 bytes, never used before with this key
   * @param key 16 or 32 bytes, shared with the relay
   * @param session the session key, which the client gets beside the token
   */
  public static Bytes seal(
      String serverName, Bytes key, Bytes nonce, Bytes session, Instant issued, Duration lifetime) {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_WITHOUT_KEY + session.length());
    block.putShort((short) session.length());
    session.putInto(block);
    block.putLong(issued.getEpochSecond() << 16 | issued.getNano() / (1_000_000_000 / FRACTIONS));
    block.putInt((int) lifetime.toSeconds());
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, key(key.toArray()), new GCMParameterSpec(TAG_BITS, nonce.toArray()));
      cipher.updateAAD(serverName.getBytes(StandardCharsets.UTF_8));
      byte[] sealed = cipher.doFinal(block.array());
      ByteBuffer token = ByteBuffer.allocate(2 + nonce.length() + sealed.length);
      token.putShort((short) nonce.length());
      nonce.putInto(token);
      return Bytes.owning(token.put(sealed).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }
}
