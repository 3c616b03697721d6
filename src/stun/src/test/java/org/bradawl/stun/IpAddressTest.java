package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  /** RFC 5952 §1, §2 and §4, and RFC 4291 §2.2. */
  @ParameterizedTest
  @CsvSource({
    "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8::1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:aaaa:bbbb:cccc:dddd::1, 2001:db8:aaaa:bbbb:cccc:dddd:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "::1:2:3:4:5:6:7, 0:1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "ff01::101, ff01::101",
    "::ffff:192.0.2.1, ::ffff:192.0.2.1",
    "::FFFF:c000:0201, ::ffff:192.0.2.1",
    "0:0:0:0:0:ffff:0.0.0.0, ::ffff:0.0.0.0",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "::13.1.68.3, ::d01:4403",
    "1:2:3:4:5:6:255.255.255.255, 1:2:3:4:5:6:ffff:ffff",
    "192.0.2.1, 192.0.2.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255"
  })
  void isWrittenInOneWay(String text, String canonical) {
    IpAddress address = IpAddress.parse(text);
    assertThat(address).hasToString(canonical);
    assertThat(IpAddress.parse(canonical)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "example.org",
        "1",
        "10.1",
        "10.0.1",
        "2130706433",
        "0x7f.0.0.1",
        "010.0.0.1",
        "1.2.3.256",
        "1.2.3.4.5",
        "1.2.3.",
        ".1.2.3",
        "1.2.3.-4",
        "+1.2.3.4",
        "١.٢.٣.٤",
        "1.2.3.4 ",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4::5:6:7:8",
        "1:2:3:4:5:6:7:8::",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "12345::",
        "g::",
        "::1%eth0",
        "[::1]",
        "::1.2.3",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::ffff:1.2.3.04",
        "::１"
      })
  void nothingElseIsAnAddress(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse(text));
  }

  /** Against the JDK, which reads more than we do but nothing of this otherwise. */
  @Test
  void randomAddressesGoBothWays() {
    long seed = Seeds.next("addresses");
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      long sparse = random.nextLong() & mask(random);
      IpAddress address =
          i % 4 == 0
              ? IpAddress.v4(random.nextInt())
              : IpAddress.v6(sparse, random.nextLong() & mask(random));
      assertThat(IpAddress.parse(address.toString())).as("seed %d", seed).isEqualTo(address);
      assertThat(IpAddress.parse(address.toString().toUpperCase(Locale.ROOT))).isEqualTo(address);
      assertThat(IpAddress.of(address.bytes())).isEqualTo(address);
      if (!address.toString().startsWith("::ffff:")) {
        InetAddress theirs = InetAddress.ofLiteral(address.toString());
        assertThat(IpAddress.of(theirs)).as("seed %d", seed).isEqualTo(address);
        assertThat(address.toInetAddress()).isEqualTo(theirs);
      }
    }
  }

  /** Blanks out whole groups, so that there is something to shorten. */
  private static long mask(RandomGenerator random) {
    long mask = 0;
    for (int group = 0; group < 4; group++) {
      mask = mask << 16 | (random.nextBoolean() ? 0xffff : 0);
    }
    return mask;
  }

  @Test
  void onlyMappedAddressesAreUnmapped() {
    IpAddress v4 = IpAddress.parse("192.0.2.1");
    assertThat(IpAddress.parse("::ffff:192.0.2.1").unmapped()).isEqualTo(v4);
    assertThat(v4.unmapped()).isEqualTo(v4);
    for (String other : new String[] {"::192.0.2.1", "::1:ffff:192.0.2.1", "64:ff9b::192.0.2.1"}) {
      assertThat(IpAddress.parse(other).unmapped()).isEqualTo(IpAddress.parse(other));
    }
  }

  @Test
  void anyIsAny() {
    assertThat(IpAddress.parse("0.0.0.0").isAny()).isTrue();
    assertThat(IpAddress.parse("::").isAny()).isTrue();
    assertThat(IpAddress.parse("::1").isAny()).isFalse();
  }

  @Test
  void bitsThatTheFamilyLacksAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpAddress(IpAddress.Family.IPV4, 1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpAddress(IpAddress.Family.IPV4, 0, 1L << 32));
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.of(new byte[5]));
  }

  @Test
  void transportAddresses() {
    TransportAddress v4 = new TransportAddress(IpAddress.parse("192.0.2.1"), 3478);
    TransportAddress v6 = new TransportAddress(IpAddress.parse("2001:db8::1"), 3478);
    assertThat(v4).hasToString("192.0.2.1:3478");
    assertThat(v6).hasToString("[2001:db8::1]:3478");
    assertThat(v6.toSocketAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 3478));
    assertThat(TransportAddress.of(v4.toSocketAddress())).isEqualTo(v4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransportAddress(v4.address(), 65536));
    assertThatIllegalArgumentException().isThrownBy(() -> new TransportAddress(v4.address(), -1));
  }
}
