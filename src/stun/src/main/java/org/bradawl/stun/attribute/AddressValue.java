package org.bradawl.stun.attribute;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;

/**
 * The value that the address attributes share (RFC 8489 §14.1): a byte to ignore, the family, the
 * port, and 4 or 16 bytes of address; disguised, port and address are XORed with the cookie and the
 * transaction id (§14.2).
 */
final class AddressValue {

  private static final int V4_LENGTH = 4 + IpAddress.Family.IPV4.length();
  private static final int V6_LENGTH = 4 + IpAddress.Family.IPV6.length();

  /** An id that leaves everything as it is. */
  private static final TransactionId NO_DISGUISE = new TransactionId(0, 0);

  private AddressValue() {}

  /** An attribute that holds an address in the clear. */
  static <A extends Attribute> AttributeCodec<A> plain(
      int type,
      String name,
      Class<A> attributeClass,
      Function<TransportAddress, A> decoder,
      Function<A, TransportAddress> encoder) {
    return AttributeCodec.of(
        type,
        name,
        attributeClass,
        V4_LENGTH,
        V6_LENGTH,
        value -> decode(value, NO_DISGUISE).map(decoder),
        attribute -> encode(encoder.apply(attribute), NO_DISGUISE));
  }

  /** An attribute that holds a disguised address. */
  static <A extends Attribute> AttributeCodec<A> xored(
      int type,
      String name,
      Class<A> attributeClass,
      Function<TransportAddress, A> decoder,
      Function<A, TransportAddress> encoder) {
    return AttributeCodec.inDialect(
        type,
        name,
        attributeClass,
        V4_LENGTH,
        V6_LENGTH,
        (value, id) -> decode(value, id).map(decoder),
        (attribute, id) -> encode(encoder.apply(attribute), id));
  }

  private static Optional<TransportAddress> decode(Bytes value, TransactionId disguise) {
    int port = value.u16(2) ^ (int) (disguise.high() >>> 48);
    Optional<IpAddress.Family> family = IpAddress.Family.of(value.u8(1));
    return family
        .filter(known -> value.length() == 4 + known.length())
        .map(known ->
            switch (known) {
              case IPV4 -> IpAddress.v4(value.i32(4) ^ disguise.cookie());
              case IPV6 ->
                  IpAddress.v6(value.i64(4) ^ disguise.high(), value.i64(12) ^ disguise.low());
            })
        .map(address -> new TransportAddress(address, port));
  }

  private static Bytes encode(TransportAddress transport, TransactionId disguise) {
    IpAddress address = transport.address();
    ByteBuffer value = ByteBuffer.allocate(4 + address.family().length());
    value.putShort((short) address.family().code());
    value.putShort((short) (transport.port() ^ disguise.high() >>> 48));
    switch (address.family()) {
      case IPV4 -> value.putInt((int) address.low() ^ disguise.cookie());
      case IPV6 ->
          value.putLong(address.high() ^ disguise.high()).putLong(address.low() ^ disguise.low());
    }
    return Bytes.owning(value.array());
  }
}
