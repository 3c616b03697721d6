package org.bradawl.tests.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * A file of noise, so that nothing on the way can compress it or mend it by guessing.
 *
 * @param sha256 in lower-case hexadecimal digits
 */
record SampleFile(Path path, long size, String sha256) {

  /** Writes a file of this size into the folder. */
  static SampleFile of(Path folder, long seed, int size) {
    Path path = folder.resolve("sample-" + seed + ".bin");
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    try (OutputStream out = Files.newOutputStream(path)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SampleFile(path, size, sha256(path));
  }

  /** The SHA-256 of a file. */
  static String sha256(Path path) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
