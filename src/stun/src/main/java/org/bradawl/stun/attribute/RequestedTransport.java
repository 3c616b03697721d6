package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * REQUESTED-TRANSPORT (RFC 8656 §18.8): between server and peers.
 *
 * @param protocol a protocol number of IP: {@link #UDP}, {@link #TCP} (RFC 6062), or one to be
 *     refused with 442
 */
public record RequestedTransport(int protocol) implements Attribute {

  static final AttributeCodec<RequestedTransport> CODEC =
      AttributeCodec.fixed(
          0x0019,
          "REQUESTED-TRANSPORT",
          RequestedTransport.class,
          4,
          value -> new RequestedTransport(value.u8(0)),
          attribute -> Bytes.ofInt(attribute.protocol << 24));

  /** UDP's number. */
  public static final int UDP = 17;

  /** TCP's number. */
  public static final int TCP = 6;

  /** Rejects what does not fit a byte. */
  public RequestedTransport {
    if (protocol >>> 8 != 0) {
      throw new IllegalArgumentException("REQUESTED-TRANSPORT holds one byte, not " + protocol);
    }
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
