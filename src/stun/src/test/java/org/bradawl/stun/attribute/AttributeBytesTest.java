package org.bradawl.stun.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each attribute and its bytes, written down by hand from the figures of the RFCs. */
class AttributeBytesTest {

  private static final TransactionId ID =
      new TransactionId(0x2112A442B7E7A701L, 0xBC34D686FA87DFAEL);
  private static final TransactionId CLASSIC =
      new TransactionId(0x0001020304050607L, 0x08090A0B0C0D0E0FL);

  private static final TransportAddress V4 =
      new TransportAddress(IpAddress.parse("192.0.2.1"), 32853);
  private static final TransportAddress V6 =
      new TransportAddress(IpAddress.parse("2001:db8:1234:5678:11:2233:4455:6677"), 32853);

  private static final String PLAIN_V4 = "0001 8055 c0000201";
  private static final String PLAIN_V6 = "0002 8055 20010db8 12345678 00112233 44556677";
  private static final String XOR_V4 = "0001 a147 e112a643";
  private static final String XOR_V6 = "0002 a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9";

  static Stream<Arguments> table() {
    String hash = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210";
    String hmac = "9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2";
    return Stream.of(
        arguments(0x0001, "MAPPED-ADDRESS", new MappedAddress(V4), PLAIN_V4),
        arguments(0x0001, "MAPPED-ADDRESS", new MappedAddress(V6), PLAIN_V6),
        arguments(0x0002, "RESPONSE-ADDRESS", new ResponseAddress(V4), PLAIN_V4),
        arguments(0x0003, "CHANGE-REQUEST", new ChangeRequest(false, false), "00000000"),
        arguments(0x0003, "CHANGE-REQUEST", new ChangeRequest(true, false), "00000004"),
        arguments(0x0003, "CHANGE-REQUEST", new ChangeRequest(false, true), "00000002"),
        arguments(0x0003, "CHANGE-REQUEST", new ChangeRequest(true, true), "00000006"),
        arguments(0x0004, "SOURCE-ADDRESS", new SourceAddress(V4), PLAIN_V4),
        arguments(0x0005, "CHANGED-ADDRESS", new ChangedAddress(V4), PLAIN_V4),
        arguments(0x0006, "USERNAME", new Username("evtj:h6vY"), "6576746a3a68367659"),
        arguments(0x0006, "USERNAME", new Username("ü€😀"), "c3bc e282ac f09f9880"),
        arguments(0x0007, "PASSWORD", new Password(Bytes.hex("00ff7f80")), "00ff7f80"),
        arguments(0x0008, "MESSAGE-INTEGRITY", new MessageIntegrity(Bytes.hex(hmac)), hmac),
        arguments(0x0009, "ERROR-CODE", new ErrorCode(438, "Stale"), "00000426 5374616c65"),
        arguments(0x0009, "ERROR-CODE", new ErrorCode(699, ""), "00000663"),
        arguments(
            0x000a, "UNKNOWN-ATTRIBUTES", new UnknownAttributes(List.of(0x7777, 2)), "77770002"),
        arguments(0x000a, "UNKNOWN-ATTRIBUTES", new UnknownAttributes(List.of(9)), "0009"),
        arguments(0x000b, "REFLECTED-FROM", new ReflectedFrom(V4), PLAIN_V4),
        arguments(0x000c, "CHANNEL-NUMBER", new ChannelNumber(0x4abc), "4abc0000"),
        arguments(0x000d, "LIFETIME", new Lifetime(600), "00000258"),
        arguments(0x000d, "LIFETIME", new Lifetime(0xffff_ffffL), "ffffffff"),
        arguments(0x0012, "XOR-PEER-ADDRESS", new XorPeerAddress(V4), XOR_V4),
        arguments(0x0013, "DATA", new Data(Bytes.of((byte) 1, (byte) 2)), "0102"),
        arguments(0x0013, "DATA", new Data(Bytes.EMPTY), ""),
        arguments(0x0014, "REALM", new Realm("example.org"), "6578616d706c652e6f7267"),
        arguments(0x0015, "NONCE", new Nonce("f//499k"), "662f2f3439396b"),
        arguments(0x0016, "XOR-RELAYED-ADDRESS", new XorRelayedAddress(V6), XOR_V6),
        arguments(
            0x0017,
            "REQUESTED-ADDRESS-FAMILY",
            new RequestedAddressFamily(IpAddress.Family.IPV6),
            "02000000"),
        arguments(0x0017, "REQUESTED-ADDRESS-FAMILY", new RequestedAddressFamily(9), "09000000"),
        arguments(0x0018, "EVEN-PORT", new EvenPort(true), "80"),
        arguments(0x0018, "EVEN-PORT", new EvenPort(false), "00"),
        arguments(0x0019, "REQUESTED-TRANSPORT", new RequestedTransport(17), "11000000"),
        arguments(0x001a, "DONT-FRAGMENT", new DontFragment(), ""),
        arguments(
            0x001b, "ACCESS-TOKEN", new AccessToken(Bytes.hex("000412345678")), "000412345678"),
        arguments(
            0x001c, "MESSAGE-INTEGRITY-SHA256", new MessageIntegritySha256(Bytes.hex(hash)), hash),
        arguments(
            0x001c,
            "MESSAGE-INTEGRITY-SHA256",
            new MessageIntegritySha256(Bytes.hex(hash).slice(0, 16)),
            hash.substring(0, 32)),
        arguments(0x001d, "PASSWORD-ALGORITHM", PasswordAlgorithm.SHA256, "00020000"),
        arguments(
            0x001d,
            "PASSWORD-ALGORITHM",
            new PasswordAlgorithm(0x1234, Bytes.hex("aabbcc")),
            "12340003 aabbcc00"),
        arguments(0x001e, "USERHASH", new UserHash(Bytes.hex(hash)), hash),
        arguments(0x0020, "XOR-MAPPED-ADDRESS", new XorMappedAddress(V4), XOR_V4),
        arguments(0x0020, "XOR-MAPPED-ADDRESS", new XorMappedAddress(V6), XOR_V6),
        arguments(
            0x0022,
            "RESERVATION-TOKEN",
            new ReservationToken(0x0123456789abcdefL),
            "0123456789abcdef"),
        arguments(0x0024, "PRIORITY", new Priority(0x6e0001ff), "6e0001ff"),
        arguments(0x0025, "USE-CANDIDATE", new UseCandidate(), ""),
        arguments(0x0026, "PADDING", new Padding(Bytes.hex("000000000000")), "000000000000"),
        arguments(0x0027, "RESPONSE-PORT", new ResponsePort(0xabcd), "abcd0000"),
        arguments(0x002a, "CONNECTION-ID", new ConnectionId(0xfedcba98), "fedcba98"),
        arguments(
            0x8000,
            "ADDITIONAL-ADDRESS-FAMILY",
            new AdditionalAddressFamily(IpAddress.Family.IPV6),
            "02000000"),
        arguments(
            0x8001,
            "ADDRESS-ERROR-CODE",
            new AddressErrorCode(IpAddress.Family.IPV6, 440, "No"),
            "02000428 4e6f"),
        arguments(
            0x8002,
            "PASSWORD-ALGORITHMS",
            PasswordAlgorithms.of(PasswordAlgorithm.SHA256, PasswordAlgorithm.MD5),
            "00020000 00010000"),
        arguments(
            0x8002,
            "PASSWORD-ALGORITHMS",
            PasswordAlgorithms.of(new PasswordAlgorithm(9, Bytes.hex("aa")), PasswordAlgorithm.MD5),
            "00090001 aa000000 00010000"),
        arguments(
            0x8003, "ALTERNATE-DOMAIN", new AlternateDomain("a.example"), "612e6578616d706c65"),
        arguments(0x8004, "ICMP", new Icmp(3, 4, 1400), "00000604 00000578"),
        arguments(0x8004, "ICMP", new Icmp(127, 511, -1), "0000ffff ffffffff"),
        arguments(0x8020, "XOR-MAPPED-ADDRESS (0x8020)", new LegacyXorMappedAddress(V4), XOR_V4),
        arguments(0x8022, "SOFTWARE", new Software("test vector"), "7465737420766563746f72"),
        arguments(0x8023, "ALTERNATE-SERVER", new AlternateServer(V6), PLAIN_V6),
        arguments(0x8027, "CACHE-TIMEOUT", new CacheTimeout(1), "00000001"),
        arguments(0x8028, "FINGERPRINT", new Fingerprint(0xe57a3bcf), "e57a3bcf"),
        arguments(
            0x8029, "ICE-CONTROLLED", new IceControlled(0x932ff9b151263b36L), "932ff9b151263b36"),
        arguments(0x802a, "ICE-CONTROLLING", new IceControlling(-2), "fffffffffffffffe"),
        arguments(0x802b, "RESPONSE-ORIGIN", new ResponseOrigin(V4), PLAIN_V4),
        arguments(0x802c, "OTHER-ADDRESS", new OtherAddress(V4), PLAIN_V4),
        arguments(0x802e, "THIRD-PARTY-AUTHORIZATION", new ThirdPartyAuthorization("as"), "6173"),
        arguments(0x8030, "MOBILITY-TICKET", new MobilityTicket(Bytes.hex("abcd")), "abcd"),
        arguments(0x8030, "MOBILITY-TICKET", new MobilityTicket(Bytes.EMPTY), ""));
  }

  @ParameterizedTest(name = "{1} {3}")
  @MethodSource("table")
  void goesBothWays(int type, String name, Attribute attribute, String hex) {
    assertThat(attribute.type()).isEqualTo(type);
    assertThat(AttributeTable.name(type)).isEqualTo(name);
    assertThat(AttributeTable.encode(attribute, ID)).isEqualTo(Bytes.hex(hex));
    assertThat(AttributeTable.codec(type).orElseThrow().decode(Bytes.hex(hex), ID))
        .isEqualTo(Optional.of(attribute));
    assertThat(attribute.comprehensionRequired()).isEqualTo(type < 0x8000);
  }

  @Test
  void everyAttributeIsHere() {
    Set<Class<?>> tested = table().map(row -> row.get()[2].getClass()).collect(Collectors.toSet());
    assertThat(tested).isEqualTo(known());
  }

  @Test
  void everyAttributeIsInTheTable() {
    assertThat(
            AttributeTable.CODECS.stream()
                .<Class<?>>map(AttributeCodec::attributeClass)
                .collect(Collectors.toSet()))
        .isEqualTo(known());
    assertThat(AttributeTable.CODECS).extracting(AttributeCodec::type).isSorted();
  }

  private static Set<Class<?>> known() {
    return Stream.of(Attribute.class.getPermittedSubclasses())
        .filter(kind -> kind != UnknownAttribute.class && kind != MalformedAttribute.class)
        .collect(Collectors.toSet());
  }

  @Test
  void anUnknownTypeIsNamedByItsNumber() {
    assertThat(AttributeTable.codec(0x7f0f)).isEmpty();
    assertThat(AttributeTable.name(0x7f0f)).isEqualTo("0x7F0F");
  }

  /** Fields that receivers must ignore. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("tolerated")
  void reservedBitsAreIgnored(Attribute attribute, String hex) {
    assertThat(AttributeTable.codec(attribute.type()).orElseThrow().decode(Bytes.hex(hex), ID))
        .isEqualTo(Optional.of(attribute));
  }

  static Stream<Arguments> tolerated() {
    return Stream.of(
        arguments(new MappedAddress(V4), "ff01 8055 c0000201"),
        arguments(new ChangeRequest(true, false), "fffffffd"),
        arguments(new ErrorCode(400, ""), "fffffc00"),
        arguments(new ChannelNumber(0x4000), "4000ffff"),
        arguments(new RequestedTransport(17), "11ffffff"),
        arguments(new EvenPort(true), "ff"),
        arguments(new ResponsePort(7), "0007"),
        arguments(new ResponsePort(7), "0007ffff"),
        arguments(new Icmp(3, 4, 0), "ffff060400000000"),
        arguments(new PasswordAlgorithm(9, Bytes.hex("aa")), "00090001aaffffff"),
        arguments(new PasswordAlgorithm(9, Bytes.hex("aa")), "00090001aa"));
  }

  /** RFC 3489 §11.2: lengths are multiples of four, reached with spaces and repetition. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("classic")
  void classicMessagesKnowNoPadding(Attribute attribute, String hex, Attribute back) {
    assertThat(AttributeTable.encode(attribute, CLASSIC)).isEqualTo(Bytes.hex(hex));
    assertThat(AttributeTable.codec(attribute.type()).orElseThrow().decode(Bytes.hex(hex), CLASSIC))
        .isEqualTo(Optional.of(back));
  }

  static Stream<Arguments> classic() {
    return Stream.of(
        arguments(new ErrorCode(400, "B"), "00000400 42202020", new ErrorCode(400, "B")),
        arguments(new Software("abcd"), "61626364", new Software("abcd")),
        arguments(new Software("abcde"), "6162636465202020", new Software("abcde")),
        arguments(
            new UnknownAttributes(List.of(7)), "00070007", new UnknownAttributes(List.of(7, 7))),
        arguments(new XorMappedAddress(V4), "0001 8054 c0010002", new XorMappedAddress(V4)));
  }
}
