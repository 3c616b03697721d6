package org.bradawl.stun;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bradawl.stun.attribute.AccessToken;
import org.bradawl.stun.attribute.AdditionalAddressFamily;
import org.bradawl.stun.attribute.AddressErrorCode;
import org.bradawl.stun.attribute.AlternateDomain;
import org.bradawl.stun.attribute.AlternateServer;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.AttributeTable;
import org.bradawl.stun.attribute.CacheTimeout;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.ChangedAddress;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.IceControlled;
import org.bradawl.stun.attribute.IceControlling;
import org.bradawl.stun.attribute.Icmp;
import org.bradawl.stun.attribute.LegacyXorMappedAddress;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.MappedAddress;
import org.bradawl.stun.attribute.MobilityTicket;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.OtherAddress;
import org.bradawl.stun.attribute.Padding;
import org.bradawl.stun.attribute.Password;
import org.bradawl.stun.attribute.PasswordAlgorithm;
import org.bradawl.stun.attribute.PasswordAlgorithms;
import org.bradawl.stun.attribute.Priority;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.ReflectedFrom;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.ResponseAddress;
import org.bradawl.stun.attribute.ResponseOrigin;
import org.bradawl.stun.attribute.ResponsePort;
import org.bradawl.stun.attribute.Software;
import org.bradawl.stun.attribute.SourceAddress;
import org.bradawl.stun.attribute.ThirdPartyAuthorization;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.UnknownAttributes;
import org.bradawl.stun.attribute.UseCandidate;
import org.bradawl.stun.attribute.UserHash;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;

/** Messages of every kind that can be sent, without the attributes that protect them. */
final class RandomMessages {

  static final List<Function<RandomGenerator, Attribute>> ATTRIBUTES =
      List.of(
          random -> new MappedAddress(address(random)),
          random -> new ResponseAddress(address(random)),
          random -> new ChangeRequest(random.nextBoolean(), random.nextBoolean()),
          random -> new SourceAddress(address(random)),
          random -> new ChangedAddress(address(random)),
          random -> new Username(text(random, 128)),
          random -> new Password(bytes(random, 60)),
          random -> new ErrorCode(random.nextInt(300, 700), text(random, 190)),
          random -> new UnknownAttributes(types(random)),
          random -> new ReflectedFrom(address(random)),
          random -> new ChannelNumber(random.nextInt(0x10000)),
          random -> new Lifetime(u32(random)),
          random -> new XorPeerAddress(address(random)),
          random -> new Data(bytes(random, 1500)),
          random -> new Realm(text(random, 190)),
          random -> new Nonce(text(random, 190)),
          random -> new XorRelayedAddress(address(random)),
          random -> new RequestedAddressFamily(random.nextInt(256)),
          random -> new EvenPort(random.nextBoolean()),
          random -> new RequestedTransport(random.nextInt(256)),
          random -> new DontFragment(),
          random -> new AccessToken(bytes(random, 200)),
          RandomMessages::algorithm,
          random -> new UserHash(exactly(random, 32)),
          random -> new XorMappedAddress(address(random)),
          random -> new ReservationToken(random.nextLong()),
          random -> new Priority(u32(random)),
          random -> new UseCandidate(),
          random -> new Padding(bytes(random, 1500)),
          random -> new ResponsePort(random.nextInt(0x10000)),
          random -> new ConnectionId(random.nextInt()),
          random -> new AdditionalAddressFamily(random.nextInt(256)),
          random ->
              new AddressErrorCode(
                  random.nextInt(256), random.nextInt(300, 700), text(random, 190)),
          random ->
              new PasswordAlgorithms(
                  IntStream.range(0, random.nextInt(5)).mapToObj(i -> algorithm(random)).toList()),
          random -> new AlternateDomain(text(random, 60)),
          random -> new Icmp(random.nextInt(128), random.nextInt(512), random.nextInt()),
          random -> new LegacyXorMappedAddress(address(random)),
          random -> new Software(text(random, 190)),
          random -> new AlternateServer(address(random)),
          random -> new CacheTimeout(u32(random)),
          random -> new IceControlled(random.nextLong()),
          random -> new IceControlling(random.nextLong()),
          random -> new ResponseOrigin(address(random)),
          random -> new OtherAddress(address(random)),
          random -> new ThirdPartyAuthorization(text(random, 100)),
          random -> new MobilityTicket(bytes(random, 200)),
          RandomMessages::unknown);

  private RandomMessages() {}

  /** A message of today, with 0 to 20 attributes. */
  static StunMessage modern(RandomGenerator random) {
    return StunMessage.builder(
            pick(random, MessageClass.values()),
            Method.of(random.nextInt(random.nextBoolean() ? 0x10 : 0x1000)),
            TransactionId.random(random))
        .addAll(attributes(random))
        .build();
  }

  /** A message of RFC 3489, whose types are few and whose text is padded with spaces. */
  static StunMessage classic(RandomGenerator random) {
    MessageClass[] classes = {
      MessageClass.REQUEST, MessageClass.SUCCESS_RESPONSE, MessageClass.ERROR_RESPONSE
    };
    TransactionId id;
    do {
      id = new TransactionId(random.nextLong(), random.nextLong());
    } while (id.dialect() != Dialect.RFC3489);
    Method method = random.nextBoolean() ? Method.Known.BINDING : Method.Known.SHARED_SECRET;
    return StunMessage.builder(pick(random, classes), method, id)
        .add(new ChangeRequest(random.nextBoolean(), random.nextBoolean()))
        .add(new ErrorCode(random.nextInt(300, 700), text(random, 20) + "."))
        .add(new Software(text(random, 20) + "."))
        .add(new UnknownAttributes(List.of(random.nextInt(0x10000), random.nextInt(0x10000))))
        .add(new MappedAddress(address(random)))
        .add(new XorMappedAddress(address(random)))
        .add(unknown(random))
        .build();
  }

  static List<Attribute> attributes(RandomGenerator random) {
    List<Attribute> attributes = new ArrayList<>();
    for (int i = random.nextInt(21); i > 0; i--) {
      attributes.add(ATTRIBUTES.get(random.nextInt(ATTRIBUTES.size())).apply(random));
    }
    return attributes;
  }

  static TransportAddress address(RandomGenerator random) {
    IpAddress address =
        random.nextBoolean()
            ? IpAddress.v4(random.nextInt())
            : IpAddress.v6(random.nextLong(), random.nextLong());
    return new TransportAddress(address, random.nextInt(0x10000));
  }

  static Bytes bytes(RandomGenerator random, int maxLength) {
    return exactly(random, random.nextInt(maxLength + 1));
  }

  static Bytes exactly(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.owning(bytes);
  }

  static <T> T pick(RandomGenerator random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** Text of one to four bytes a character. */
  private static String text(RandomGenerator random, int maxCharacters) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(maxCharacters + 1); i > 0; i--) {
      int limit = pick(random, new Integer[] {0x80, 0x800, 0xd800, 0x110000});
      int c = random.nextInt(limit);
      text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? ' ' : c);
    }
    return text.toString();
  }

  private static List<Integer> types(RandomGenerator random) {
    return random.ints(random.nextInt(20), 0, 0x10000).boxed().toList();
  }

  private static PasswordAlgorithm algorithm(RandomGenerator random) {
    return new PasswordAlgorithm(random.nextInt(0x10000), bytes(random, 10));
  }

  private static UnknownAttribute unknown(RandomGenerator random) {
    int type;
    do {
      type = random.nextInt(0x10000);
    } while (AttributeTable.codec(type).isPresent());
    return new UnknownAttribute(type, bytes(random, 100));
  }

  private static long u32(RandomGenerator random) {
    return Integer.toUnsignedLong(random.nextInt());
  }
}
