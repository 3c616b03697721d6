package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.PeerRules.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.55",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "ff0e::1",
        "100::1",
        "2001:db8::1",
        "2001::1",
        "2001:10::1",
        "2001:1ff::1",
        "2002::1",
        "3ffe::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "64:ff9b:1::1",
        "8000::1"
      })
  void whatIsNotGlobalIsDenied(String address) {
    assertThat(PeerRules.defaults().verdict(IpAddress.parse(address))).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2000::1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2400:cb00::1",
        "3ffd::1",
        "3fff:1000::1"
      })
  void whatIsGlobalIsNotListed(String address) {
    assertThat(PeerRules.defaults().verdict(IpAddress.parse(address))).isEqualTo(Verdict.UNLISTED);
  }

  /** Each form with a private address, a loopback one and a global one inside. */
  @ParameterizedTest
  @CsvSource({
    // form, IPv6 address, what it leads to
    "mapped, ::ffff:10.0.0.1, 10.0.0.1",
    "mapped, ::ffff:127.0.0.1, 127.0.0.1",
    "mapped, ::ffff:8.8.8.8, 8.8.8.8",
    "compatible, ::10.0.0.1, 10.0.0.1",
    "compatible, ::127.0.0.1, 127.0.0.1",
    "compatible, ::8.8.8.8, 8.8.8.8",
    "compatible, ::2, 0.0.0.2",
    "translated, ::ffff:0:10.0.0.1, 10.0.0.1",
    "translated, ::ffff:0:8.8.8.8, 8.8.8.8",
    "nat64, 64:ff9b::10.0.0.1, 10.0.0.1",
    "nat64, 64:ff9b::169.254.169.254, 169.254.169.254",
    "nat64, 64:ff9b::8.8.8.8, 8.8.8.8",
    "local nat64, 64:ff9b:1:a00:0:100::, 10.0.0.1",
    "local nat64, 64:ff9b:1:808:8:800::, 8.8.8.8",
    "6to4, 2002:a00:1::, 10.0.0.1",
    "6to4, 2002:7f00:1::1, 127.0.0.1",
    "6to4, 2002:808:808::1, 8.8.8.8",
    "teredo, 2001:0:4136:e378:8000:63bf:f5ff:fffe, 10.0.0.1",
    "teredo, 2001:0:4136:e378:8000:63bf:f7f7:f7f7, 8.8.8.8",
    "isatap, 2400:cb00::5efe:10.0.0.1, 10.0.0.1",
    "isatap, 2400:cb00::200:5efe:10.0.0.1, 10.0.0.1",
    "isatap, 2400:cb00::200:5efe:8.8.8.8, 8.8.8.8",
    "isatap, fe80::5efe:10.0.0.1, 10.0.0.1",
    "isatap, ::200:5efe:10.0.0.1, 10.0.0.1"
  })
  void everyWayToWrapAnIpv4AddressIsSeenThrough(String form, String wrapped, String inside) {
    IpAddress address = ipv6(wrapped);
    assertThat(EmbeddedIpv4.unwrap(address)).as(form).isEqualTo(IpAddress.parse(inside));
    assertThat(EmbeddedIpv4.isWrapped(address)).as(form).isTrue();
    assertThat(PeerRules.defaults().verdict(address)).as(form).isEqualTo(Verdict.DENIED);
    assertThat(rules("0.0.0.0/0").verdict(address)).as(form).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"::", "::1", "2400:cb00::1", "64:ff9a::1", "2400:cb00::5eff:a00:1"})
  void otherAddressesWrapNothing(String text) {
    IpAddress address = IpAddress.parse(text);
    assertThat(EmbeddedIpv4.unwrap(address)).isEqualTo(address);
    assertThat(EmbeddedIpv4.isWrapped(address)).isFalse();
  }

  @Test
  void aWrappedAddressPassesOnlyIfItsFormIsAllowedAndItsInsideToo() {
    PeerRules nat64 = rules("64:ff9b::/96");
    assertThat(nat64.verdict(ipv6("64:ff9b::8.8.8.8"))).isEqualTo(Verdict.ALLOWED);
    assertThat(nat64.verdict(ipv6("64:ff9b::10.0.0.1"))).isEqualTo(Verdict.DENIED);
    assertThat(nat64.verdict(IpAddress.parse("10.0.0.1"))).isEqualTo(Verdict.DENIED);
    PeerRules both = rules("64:ff9b::/96", "10.0.0.0/8");
    assertThat(both.verdict(ipv6("64:ff9b::10.0.0.1"))).isEqualTo(Verdict.ALLOWED);
    assertThat(both.verdict(ipv6("2002:a00:1::"))).isEqualTo(Verdict.DENIED);
  }

  @Test
  void allowedWinsOverDenied() {
    PeerRules rules =
        new PeerRules(
            List.of(Cidr.parse("10.1.0.0/17"), Cidr.parse("8.8.0.0/16")),
            List.of(Cidr.parse("8.0.0.0/7"), Cidr.parse("2400:cb00::/31")));
    assertThat(rules.verdict(IpAddress.parse("10.1.127.255"))).isEqualTo(Verdict.ALLOWED);
    assertThat(rules.verdict(IpAddress.parse("10.1.128.0"))).isEqualTo(Verdict.DENIED);
    assertThat(rules.verdict(IpAddress.parse("8.8.1.1"))).isEqualTo(Verdict.ALLOWED);
    assertThat(rules.verdict(IpAddress.parse("9.255.0.1"))).isEqualTo(Verdict.DENIED);
    assertThat(rules.verdict(IpAddress.parse("2400:cb01::1"))).isEqualTo(Verdict.DENIED);
    assertThat(rules.verdict(IpAddress.parse("2400:cb02::1"))).isEqualTo(Verdict.UNLISTED);
  }

  @Test
  void rangesNeedNotEndOnBytes() {
    Cidr range = Cidr.parse("192.0.2.64/27");
    assertThat(range.contains(IpAddress.parse("192.0.2.63"))).isFalse();
    assertThat(range.contains(IpAddress.parse("192.0.2.64"))).isTrue();
    assertThat(range.contains(IpAddress.parse("192.0.2.95"))).isTrue();
    assertThat(range.contains(IpAddress.parse("192.0.2.96"))).isFalse();
    Cidr wide = Cidr.parse("2001:db8:0:8000::/49");
    assertThat(wide.contains(IpAddress.parse("2001:db8:0:8000::1"))).isTrue();
    assertThat(wide.contains(IpAddress.parse("2001:db8:0:7fff::1"))).isFalse();
    Cidr long6 = Cidr.parse("2001:db8::8000/113");
    assertThat(long6.contains(IpAddress.parse("2001:db8::ffff"))).isTrue();
    assertThat(long6.contains(IpAddress.parse("2001:db8::7fff"))).isFalse();
    assertThat(Cidr.parse("0.0.0.0/0").contains(IpAddress.parse("255.1.2.3"))).isTrue();
    assertThat(Cidr.parse("0.0.0.0/0").contains(IpAddress.parse("::1"))).isFalse();
    assertThat(Cidr.parse("::/0").contains(IpAddress.parse("ffff::"))).isTrue();
    assertThat(Cidr.parse("192.0.2.1").length()).isEqualTo(32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"192.0.2.1/24", "192.0.2.0/33", "::/129", "192.0.2.0/-1", "a", "1.2.3.4/x", ""})
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static PeerRules rules(String... allowed) {
    return new PeerRules(Stream.of(allowed).map(Cidr::parse).toList(), List.of());
  }

  /** The JDK's parser turns a mapped literal into IPv4, so this one writes it out. */
  private static IpAddress ipv6(String text) {
    if (!text.startsWith("::ffff:") || text.startsWith("::ffff:0:")) {
      return IpAddress.parse(text);
    }
    IpAddress inside = IpAddress.parse(text.substring("::ffff:".length()));
    return IpAddress.v6(0, 0xffffL << 32 | inside.low());
  }
}
