package org.bradawl.agent.tunnel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** As much of ASN.1's distinguished encoding (X.690) as a certificate needs. */
final class Der {

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(0x30, join(parts));
  }

  static byte[] set(byte[]... parts) {
    return tagged(0x31, join(parts));
  }

  /** A context tag that wraps a value. */
  static byte[] explicit(int number, byte[] value) {
    return tagged(0xa0 | number, value);
  }

  static byte[] integer(byte[] bigEndian) {
    return tagged(0x02, bigEndian);
  }

  static byte[] bits(byte[] value) {
    return tagged(0x03, join(new byte[] {0}, value));
  }

  static byte[] utf8(String text) {
    return tagged(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  /** {@code yyMMddHHmmssZ}. */
  static byte[] utcTime(String text) {
    return tagged(0x17, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** An object identifier by its numbers. */
  static byte[] oid(int... numbers) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(numbers[0] * 40 + numbers[1]);
    for (int i = 2; i < numbers.length; i++) {
      for (int shift = 28; shift > 0; shift -= 7) {
        if (numbers[i] >>> shift != 0) {
          value.write(0x80 | ((numbers[i] >>> shift) & 0x7f));
        }
      }
      value.write(numbers[i] & 0x7f);
    }
    return tagged(0x06, value.toByteArray());
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(joined::writeBytes);
    return joined.toByteArray();
  }

  private static byte[] tagged(int tag, byte[] value) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    encoded.write(tag);
    if (value.length < 0x80) {
      encoded.write(value.length);
    } else if (value.length < 0x100) {
      encoded.write(0x81);
      encoded.write(value.length);
    } else {
      encoded.write(0x82);
      encoded.write(value.length >>> 8);
      encoded.write(value.length);
    }
    encoded.writeBytes(value);
    return encoded.toByteArray();
  }
}
