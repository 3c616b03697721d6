package org.bradawl.turn.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.SecurityFeatures;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Nonces that the server recognises without remembering them (RFC 8489 §9.2, §18.1).
 *
 * <pre>
 *   nonce cookie │ base64( second of issue, 32 bits
 *                        │ HMAC-SHA256(secret, cookie │ second │ transport │ client)[0..12) )
 * </pre>
 *
 * <p>13 and 22 characters. A nonce is good for one client address and port over one transport, for
 * a limited time; a server with another secret refuses it. The cookie says what the server offers
 * (RFC 8489 §9.2.1); it is under the HMAC, so that a nonce whose cookie somebody changed on the way
 * is not one of ours when it comes back.
 *
 * <p>Not safe for threads: each shard has its own, with the same secret.
 */
public final class NonceIssuer {

  private static final int TIME_BYTES = 4;

  /** 96 bits: guessing one within its lifetime is out of reach, and the nonce stays short. */
  private static final int TAG_BYTES = 12;

  /** Nonces found good that are recognised without their HMAC; a newcomer takes another's place. */
  private static final int KNOWN = 4_096;

  private static final int COOKIE_LENGTH = 13;
  private static final int TEXT_LENGTH = COOKIE_LENGTH + 22;

  private final Mac mac;
  private final long lifetimeSeconds;
  private final InstantSource time;
  private final ByteBuffer input = ByteBuffer.allocate(64);

  /** Whose nonces these are. A client uses its own for all it asks for, as long as it is good. */
  private final @Nullable FiveTuple[] knownPaths = new FiveTuple[KNOWN];

  private final @Nullable String[] known = new String[KNOWN];

  /**
   * An issuer.
   *
   * @param secret any length; the same for all shards, and for all nodes that share clients
   * @param lifetime how long a nonce is good for, a second at least
   * @param time calendar time, so that nodes agree
   */
  public NonceIssuer(byte[] secret, Duration lifetime, InstantSource time) {
    try {
      this.mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
    this.lifetimeSeconds = lifetime.toSeconds();
    this.time = time;
  }

  /** A nonce for the client at the other end of {@code path}, from a server with these features. */
  public String issue(FiveTuple path, SecurityFeatures features) {
    return text(features.noncePrefix(), (int) now(), path);
  }

  /** Whether {@code nonce} was issued to this client and is not too old. */
  public boolean isFresh(String nonce, FiveTuple path) {
    if (nonce.length() != TEXT_LENGTH) {
      return false;
    }
    int issued;
    try {
      byte[] start = Base64.getDecoder().decode(nonce.substring(COOKIE_LENGTH, COOKIE_LENGTH + 8));
      issued = ByteBuffer.wrap(start).getInt();
    } catch (IllegalArgumentException e) {
      return false;
    }
    int age = (int) now() - issued;
    return age >= 0
        && age < lifetimeSeconds
        && (isKnown(nonce, path) || isOurs(nonce, issued, path));
  }

  private boolean isKnown(String nonce, FiveTuple path) {
    int place = place(path);
    return nonce.equals(known[place]) && path.equals(knownPaths[place]);
  }

  private boolean isOurs(String nonce, int issued, FiveTuple path) {
    boolean ours =
        MessageDigest.isEqual(
            text(nonce.substring(0, COOKIE_LENGTH), issued, path).getBytes(StandardCharsets.UTF_8),
            nonce.getBytes(StandardCharsets.UTF_8));
    if (ours) {
      int place = place(path);
      knownPaths[place] = path;
      known[place] = nonce;
    }
    return ours;
  }

  private static int place(FiveTuple path) {
    int hash = path.hashCode() * 0x9E3779B9;
    return hash >>> 20;
  }

  /** The protocol numbers of IP, and the numbers after them for what is secured. */
  private static byte transportCode(FiveTuple.Transport transport) {
    return switch (transport) {
      case UDP -> 17;
      case TCP -> 6;
      case TLS -> 7;
      case DTLS -> 18;
    };
  }

  private long now() {
    return Instant.ofEpochMilli(time.millis()).getEpochSecond();
  }

  private String text(String cookie, int issued, FiveTuple path) {
    TransportAddress client = path.client();
    IpAddress address = client.address();
    input.clear();
    input.putInt(issued).put(transportCode(path.transport()));
    input.put((byte) address.family().code()).putLong(address.high()).putLong(address.low());
    input.putShort((short) client.port()).flip();
    mac.update(cookie.getBytes(StandardCharsets.UTF_8));
    mac.update(input);
    byte[] tag = mac.doFinal();
    byte[] nonce = new byte[TIME_BYTES + TAG_BYTES];
    ByteBuffer.wrap(nonce).putInt(issued).put(tag, 0, TAG_BYTES);
    return cookie + Base64.getEncoder().withoutPadding().encodeToString(nonce);
  }
}
