package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bradawl.datapath.ProxyHeader.Incomplete;
import org.bradawl.datapath.ProxyHeader.Malformed;
import org.bradawl.datapath.ProxyHeader.Named;
import org.bradawl.datapath.ProxyHeader.Unnamed;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {

  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private static ProxyHeader line(String text) {
    return ProxyHeader.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)), true);
  }

  private static ProxyHeader binary(String hex, boolean stream) {
    return ProxyHeader.read(ByteBuffer.wrap(HexFormat.of().parseHex(SIGNATURE + hex)), stream);
  }

  private static TransportAddress address(String address, int port) {
    return new TransportAddress(IpAddress.parse(address), port);
  }

  @Test
  void aLineNamesTheClient() {
    assertThat(line("PROXY TCP4 198.51.100.7 192.0.2.1 56324 3478\r\nrest"))
        .isEqualTo(new Named(address("198.51.100.7", 56_324), 46));
    assertThat(line("PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n"))
        .isInstanceOfSatisfying(
            Named.class, named -> assertThat(named.client()).isEqualTo(address("2001:db8::7", 1)));
    assertThat(line("PROXY UNKNOWN\r\n")).isEqualTo(new Unnamed(15));
    assertThat(line("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\nrest")).isEqualTo(new Unnamed(35));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 198.51.100.7 192.0.2.1 56324\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 56324 3478 9\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 056324 3478\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 65536 3478\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 -1 3478\r\n",
        "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
        "PROXY TCP6 198.51.100.7 192.0.2.1 1 2\r\n",
        "PROXY TCP4 host.example 192.0.2.1 1 2\r\n",
        "PROXY UDP4 198.51.100.7 192.0.2.1 1 2\r\n",
        "PROXY TCP4  198.51.100.7 192.0.2.1 1 2\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.1 1 2\rx",
        "PROXY \r\n",
        "PROXYTCP4",
        "GET / HTTP/1.1\r\n",
      })
  void aWrongLineIsMalformed(String text) {
    assertThat(line(text)).isInstanceOf(Malformed.class);
  }

  @Test
  void aLineWithoutEndIsMalformedAfterItsLongest() {
    assertThat(line("PROXY TCP4 " + "1".repeat(95))).isInstanceOf(Incomplete.class);
    assertThat(line("PROXY TCP4 " + "1".repeat(96))).isInstanceOf(Malformed.class);
  }

  @Test
  void aBinaryHeaderNamesTheClient() {
    assertThat(binary("2111000cc6336407c0000201dc040d96" + "ff", true))
        .isEqualTo(new Named(address("198.51.100.7", 56_324), 28));
    assertThat(binary("2112000cc6336407c0000201dc040d96" + "ff", false))
        .isEqualTo(new Named(address("198.51.100.7", 56_324), 28));
    String six = "20010db8000000000000000000000007" + "20010db8000000000000000000000001";
    assertThat(binary("21210027" + six + "dc040d96" + "040000", true))
        .isEqualTo(new Named(address("2001:db8::7", 56_324), 55));
  }

  @Test
  void whoSpeaksForItselfIsUnnamed() {
    assertThat(binary("20000000", true)).isEqualTo(new Unnamed(16));
    assertThat(binary("20110002abcd", true)).isEqualTo(new Unnamed(18));
    assertThat(binary("21000000", false)).isEqualTo(new Unnamed(16));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1111000cc6336407c0000201dc040d96", // version 1
        "2211000cc6336407c0000201dc040d96", // no such command
        "2112000cc6336407c0000201dc040d96", // datagrams, on a stream
        "2111000bc6336407c0000201dc040d", // too short for its addresses
        "21410000", // no such family
        "2111ffff", // longer than is read
      })
  void aWrongBinaryHeaderIsMalformed(String hex) {
    assertThat(binary(hex, true)).isInstanceOf(Malformed.class);
  }

  @Test
  void aDatagramHasAWholeBinaryHeaderOrNone() {
    assertThat(binary("2112000cc633", false)).isInstanceOf(Malformed.class);
    byte[] text = "PROXY TCP4 1.2.3.4 1.2.3.5 1 2\r\n".getBytes(StandardCharsets.US_ASCII);
    assertThat(ProxyHeader.read(ByteBuffer.wrap(text), false)).isInstanceOf(Malformed.class);
  }

  /**
   * Whatever the cut, a stream's header is incomplete before its end and the same from there on.
   */
  @Test
  void cutsDoNotMatter() {
    for (String hex : new String[] {"2111000cc6336407c0000201dc040d96", "20000000"}) {
      byte[] whole = HexFormat.of().parseHex(SIGNATURE + hex);
      for (int end = 0; end < whole.length; end++) {
        assertThat(ProxyHeader.read(ByteBuffer.wrap(Arrays.copyOf(whole, end)), true))
            .isInstanceOf(Incomplete.class);
      }
    }
    byte[] line = "PROXY TCP4 1.2.3.4 1.2.3.5 1 2\r\n".getBytes(StandardCharsets.US_ASCII);
    for (int end = 0; end < line.length; end++) {
      assertThat(ProxyHeader.read(ByteBuffer.wrap(Arrays.copyOf(line, end)), true))
          .isInstanceOf(Incomplete.class);
    }
  }

  @Test
  void noInputMakesItThrow() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] start = HexFormat.of().parseHex(SIGNATURE);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        System.arraycopy(start, 0, bytes, 0, Math.min(start.length, bytes.length));
      }
      assertThat(ProxyHeader.read(ByteBuffer.wrap(bytes), i % 4 < 2))
          .as("seed %s", seed)
          .isNotNull();
    }
  }
}
