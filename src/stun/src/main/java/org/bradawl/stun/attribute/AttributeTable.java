package org.bradawl.stun.attribute;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.TransactionId;
import org.jspecify.annotations.Nullable;

/** Every attribute this codec knows, by type. */
public final class AttributeTable {

  /** The codecs, ordered by type. */
  public static final List<AttributeCodec<?>> CODECS =
      List.of(
          MappedAddress.CODEC,
          ResponseAddress.CODEC,
          ChangeRequest.CODEC,
          SourceAddress.CODEC,
          ChangedAddress.CODEC,
          Username.CODEC,
          Password.CODEC,
          MessageIntegrity.CODEC,
          ErrorCode.CODEC,
          UnknownAttributes.CODEC,
          ReflectedFrom.CODEC,
          ChannelNumber.CODEC,
          Lifetime.CODEC,
          XorPeerAddress.CODEC,
          Data.CODEC,
          Realm.CODEC,
          Nonce.CODEC,
          XorRelayedAddress.CODEC,
          RequestedAddressFamily.CODEC,
          EvenPort.CODEC,
          RequestedTransport.CODEC,
          DontFragment.CODEC,
          AccessToken.CODEC,
          MessageIntegritySha256.CODEC,
          PasswordAlgorithm.CODEC,
          UserHash.CODEC,
          XorMappedAddress.CODEC,
          ReservationToken.CODEC,
          Priority.CODEC,
          UseCandidate.CODEC,
          Padding.CODEC,
          ResponsePort.CODEC,
          ConnectionId.CODEC,
          AdditionalAddressFamily.CODEC,
          AddressErrorCode.CODEC,
          PasswordAlgorithms.CODEC,
          AlternateDomain.CODEC,
          Icmp.CODEC,
          LegacyXorMappedAddress.CODEC,
          Software.CODEC,
          AlternateServer.CODEC,
          CacheTimeout.CODEC,
          Fingerprint.CODEC,
          IceControlled.CODEC,
          IceControlling.CODEC,
          ResponseOrigin.CODEC,
          OtherAddress.CODEC,
          ThirdPartyAuthorization.CODEC,
          MobilityTicket.CODEC);

  private static final Map<Integer, AttributeCodec<?>> BY_TYPE =
      CODECS.stream()
          .collect(Collectors.toUnmodifiableMap(AttributeCodec::type, Function.identity()));

  private AttributeTable() {}

  /** The codec of the attribute with this type, if there is one. */
  public static Optional<AttributeCodec<?>> codec(int type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  /** The name that the documents give the type, or its number in hexadecimal. */
  public static String name(int type) {
    AttributeCodec<?> codec = BY_TYPE.get(type);
    return codec == null ? String.format("0x%04X", type) : codec.name();
  }

  /** The value of {@code attribute} as it goes on the wire, without padding. */
  public static Bytes encode(Attribute attribute, TransactionId id) {
    if (attribute instanceof UnknownAttribute unknown) {
      return unknown.value();
    }
    if (attribute instanceof MalformedAttribute malformed) {
      return malformed.value();
    }
    @Nullable AttributeCodec<?> codec = BY_TYPE.get(attribute.type());
    if (codec == null) {
      throw new IllegalStateException("no codec for " + attribute);
    }
    return encode(codec, attribute, id);
  }

  private static <A extends Attribute> Bytes encode(
      AttributeCodec<A> codec, Attribute attribute, TransactionId id) {
    return codec.encode(codec.attributeClass().cast(attribute), id);
  }
}
