package org.bradawl.stun.attribute;

/**
 * One attribute of a STUN message: a type and a value (RFC 8489 §14). There is one record for each
 * type that {@link AttributeTable} lists, {@link UnknownAttribute} for all others, and {@link
 * MalformedAttribute} for a value that the type cannot have.
 */
public sealed interface Attribute
    permits AccessToken,
        AdditionalAddressFamily,
        AddressErrorCode,
        AlternateDomain,
        AlternateServer,
        CacheTimeout,
        ChangeRequest,
        ChangedAddress,
        ChannelNumber,
        ConnectionId,
        Data,
        DontFragment,
        ErrorCode,
        EvenPort,
        Fingerprint,
        IceControlled,
        IceControlling,
        Icmp,
        LegacyXorMappedAddress,
        Lifetime,
        MalformedAttribute,
        MappedAddress,
        MessageIntegrity,
        MessageIntegritySha256,
        MobilityTicket,
        Nonce,
        OtherAddress,
        Padding,
        Password,
        PasswordAlgorithm,
        PasswordAlgorithms,
        Priority,
        Realm,
        ReflectedFrom,
        RequestedAddressFamily,
        RequestedTransport,
        ReservationToken,
        ResponseAddress,
        ResponseOrigin,
        ResponsePort,
        Software,
        SourceAddress,
        ThirdPartyAuthorization,
        UnknownAttribute,
        UnknownAttributes,
        UseCandidate,
        UserHash,
        Username,
        XorMappedAddress,
        XorPeerAddress,
        XorRelayedAddress {

  /** The number on the wire, 0 to 0xFFFF. */
  int type();

  /**
   * Whether a receiver that does not understand the attribute must not act on the message: types
   * below 0x8000 (RFC 8489 §14).
   */
  default boolean comprehensionRequired() {
    return type() < 0x8000;
  }
}
