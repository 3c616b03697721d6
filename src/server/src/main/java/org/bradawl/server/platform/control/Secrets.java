package org.bradawl.server.platform.control;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the server must keep to itself. Loaded once at the start; what the configuration does not
 * give was made at the first start and is kept in the database.
 */
public final class Secrets {

  private final String turnSecret;
  private final byte[] tokenSigningKey;
  private final byte[] adminTokenHash;

  Secrets(String turnSecret, byte[] tokenSigningKey, String adminTokenHash) {
    this.turnSecret = turnSecret;
    this.tokenSigningKey = tokenSigningKey.clone();
    this.adminTokenHash = HexFormat.of().parseHex(adminTokenHash);
  }

  /** The secret of ephemeral TURN credentials. */
  public String turnSecret() {
    return turnSecret;
  }

  /** The key that peer tokens are signed with, 32 bytes. */
  public byte[] tokenSigningKey() {
    return tokenSigningKey.clone();
  }

  /** Whether this is the admin token; takes the same time however much of it is right. */
  public boolean isAdminToken(String presented) {
    return MessageDigest.isEqual(adminTokenHash, sha256(presented));
  }

  /** Generated tokens and keys have 128 bits and more, so a plain hash keeps them. */
  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The hash that is stored in place of a key or token: SHA-256, 64 hexadecimal digits. */
  public static String hash(String text) {
    return HexFormat.of().formatHex(sha256(text));
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "Secrets";
  }
}
