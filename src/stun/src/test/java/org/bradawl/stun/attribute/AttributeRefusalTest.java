package org.bradawl.stun.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.TransactionId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that no attribute has: from the network they decode to nothing, from us they throw. */
class AttributeRefusalTest {

  private static final TransactionId ID = TransactionId.of(1, 2);

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("MAPPED-ADDRESS of family 0", 0x0001, "0000 8055 c0000201"),
        arguments("MAPPED-ADDRESS of family 3", 0x0001, "0003 8055 c0000201"),
        arguments("MAPPED-ADDRESS, IPv4 in 20 bytes", 0x0001, "0001 8055" + "00".repeat(16)),
        arguments("MAPPED-ADDRESS, IPv6 in 8 bytes", 0x0001, "0002 8055 c0000201"),
        arguments("XOR-MAPPED-ADDRESS, empty", 0x0020, ""),
        arguments("XOR-MAPPED-ADDRESS of 12 bytes", 0x0020, "0001 8055 c0000201 00000000"),
        arguments("CHANGE-REQUEST of 3 bytes", 0x0003, "000000"),
        arguments("USERNAME, a lone continuation byte", 0x0006, "80"),
        arguments("USERNAME, an overlong slash", 0x0006, "c0af"),
        arguments("USERNAME, a surrogate", 0x0006, "eda080"),
        arguments("USERNAME, beyond U+10FFFF", 0x0006, "f4908080"),
        arguments("USERNAME, cut short", 0x0006, "e282"),
        arguments("USERNAME of 764 bytes", 0x0006, "61".repeat(764)),
        arguments("REALM of 764 bytes", 0x0014, "61".repeat(764)),
        arguments("ALTERNATE-DOMAIN of 256 bytes", 0x8003, "61".repeat(256)),
        arguments("MESSAGE-INTEGRITY of 19 bytes", 0x0008, "00".repeat(19)),
        arguments("MESSAGE-INTEGRITY of 24 bytes", 0x0008, "00".repeat(24)),
        arguments("ERROR-CODE of 3 bytes", 0x0009, "000004"),
        arguments("ERROR-CODE 2xx", 0x0009, "00000200"),
        arguments("ERROR-CODE 7xx", 0x0009, "00000700"),
        arguments("ERROR-CODE 4 hundred 100", 0x0009, "00000464"),
        arguments("ERROR-CODE with bad text", 0x0009, "00000400ff"),
        arguments("ADDRESS-ERROR-CODE 2xx", 0x8001, "01000200"),
        arguments("UNKNOWN-ATTRIBUTES of 3 bytes", 0x000a, "000900"),
        arguments("UNKNOWN-ATTRIBUTES, 257 of them", 0x000a, "0009".repeat(257)),
        arguments("CHANNEL-NUMBER of 2 bytes", 0x000c, "4000"),
        arguments("LIFETIME of 8 bytes", 0x000d, "0000000000000258"),
        arguments("REQUESTED-ADDRESS-FAMILY of 1 byte", 0x0017, "01"),
        arguments("EVEN-PORT of 4 bytes", 0x0018, "80000000"),
        arguments("REQUESTED-TRANSPORT, empty", 0x0019, ""),
        arguments("DONT-FRAGMENT with a value", 0x001a, "00"),
        arguments("MESSAGE-INTEGRITY-SHA256 of 12 bytes", 0x001c, "00".repeat(12)),
        arguments("MESSAGE-INTEGRITY-SHA256 of 18 bytes", 0x001c, "00".repeat(18)),
        arguments("MESSAGE-INTEGRITY-SHA256 of 36 bytes", 0x001c, "00".repeat(36)),
        arguments("PASSWORD-ALGORITHM of 3 bytes", 0x001d, "000200"),
        arguments("PASSWORD-ALGORITHM with a lying length", 0x001d, "00020004 0000"),
        arguments("PASSWORD-ALGORITHM with two", 0x001d, "00020000 00010000"),
        arguments("PASSWORD-ALGORITHMS with a lying length", 0x8002, "00020000 0001ffff"),
        arguments("PASSWORD-ALGORITHMS, cut short", 0x8002, "00020000 0001"),
        arguments("PASSWORD-ALGORITHMS, 33 of them", 0x8002, "00010000".repeat(33)),
        arguments("USERHASH of 31 bytes", 0x001e, "00".repeat(31)),
        arguments("RESERVATION-TOKEN of 4 bytes", 0x0022, "00000000"),
        arguments("PRIORITY of 2 bytes", 0x0024, "0000"),
        arguments("USE-CANDIDATE with a value", 0x0025, "01"),
        arguments("RESPONSE-PORT of 1 byte", 0x0027, "00"),
        arguments("CONNECTION-ID of 8 bytes", 0x002a, "0000000000000000"),
        arguments("ICMP of 4 bytes", 0x8004, "00000604"),
        arguments("ICE-CONTROLLED of 4 bytes", 0x8029, "00000000"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void nothingIsMadeOf(String what, int type, String hex) {
    assertThat(AttributeTable.codec(type).orElseThrow().decode(Bytes.hex(hex), ID)).isEmpty();
  }

  static Stream<Arguments> constructions() {
    Bytes tooLong = Bytes.owning(new byte[300]);
    return Stream.of(
        made("a username of 764 bytes", () -> new Username("a".repeat(764))),
        made("half a surrogate pair", () -> new Software("\ud83d")),
        made("error 200", () -> new ErrorCode(200, "OK")),
        made("error 700", () -> new ErrorCode(700, "")),
        made("an endless reason", () -> new ErrorCode(400, "a".repeat(764))),
        made("a family of 9 bits", () -> new AddressErrorCode(256, 400, "")),
        made("a channel of 17 bits", () -> new ChannelNumber(0x10000)),
        made("a negative lifetime", () -> new Lifetime(-1)),
        made("a priority of 33 bits", () -> new Priority(1L << 32)),
        made("a port of 17 bits", () -> new ResponsePort(65536)),
        made("a transport of 9 bits", () -> new RequestedTransport(256)),
        made("a negative family", () -> new RequestedAddressFamily(-1)),
        made("an ICMP type of 8 bits", () -> new Icmp(128, 0, 0)),
        made("an ICMP code of 10 bits", () -> new Icmp(0, 512, 0)),
        made("a short HMAC", () -> new MessageIntegrity(Bytes.EMPTY)),
        made("a cut HMAC", () -> new MessageIntegritySha256(Bytes.owning(new byte[17]))),
        made("a short hash", () -> new UserHash(Bytes.EMPTY)),
        made("257 types", () -> new UnknownAttributes(Collections.nCopies(257, 1))),
        made("a type of 17 bits", () -> new UnknownAttributes(List.of(0x10000))),
        made("an unknown type of 17 bits", () -> new UnknownAttribute(0x10000, Bytes.EMPTY)),
        made("an algorithm of 17 bits", () -> new PasswordAlgorithm(0x10000, Bytes.EMPTY)),
        made("long parameters", () -> new PasswordAlgorithm(1, tooLong)));
  }

  private static Arguments made(String what, Supplier<Attribute> supplier) {
    return arguments(what, supplier);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("constructions")
  void cannotBeMade(String what, Supplier<Attribute> construction) {
    assertThatIllegalArgumentException().isThrownBy(construction::get);
  }

  /** Logs and exceptions print attributes; secrets must not get there. */
  @ParameterizedTest
  @MethodSource("secrets")
  void secretsAreNotPrinted(Attribute secret) {
    assertThat(secret.toString()).contains("[4 bytes]").doesNotContain("deadbeef");
  }

  static Stream<Attribute> secrets() {
    Bytes value = Bytes.hex("deadbeef");
    return Stream.of(new Password(value), new AccessToken(value), new MobilityTicket(value));
  }
}
