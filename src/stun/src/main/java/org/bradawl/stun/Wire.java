package org.bradawl.stun;

import java.nio.ByteBuffer;

/**
 * Fields of messages read and written in place, at absolute offsets, without an object per packet:
 * the idiom of the relaying path, and only of that. Offsets count from the start of the buffer;
 * positions and limits are never moved, and readers need only the bytes they name to lie below the
 * limit. Buffers are big-endian, as {@link ByteBuffer} is unless told otherwise.
 */
public final class Wire {

  /** The bytes before the attributes of a STUN message. */
  public static final int STUN_HEADER = 20;

  /** The bytes before the data of ChannelData. */
  public static final int CHANNEL_HEADER = 4;

  /** The bytes before the value of an attribute. */
  public static final int ATTRIBUTE_HEADER = 4;

  /** The type of a Binding request (RFC 8489 §5). */
  public static final int BINDING_REQUEST = 0x0001;

  /** The longest that {@link #putBindingSuccess} writes: header and an IPv6 address. */
  public static final int MOST_BINDING_SUCCESS = STUN_HEADER + ATTRIBUTE_HEADER + 20;

  /** The type of a Send indication (RFC 8656 §17). */
  public static final int SEND_INDICATION = 0x0016;

  /** The type of a Data indication (RFC 8656 §17). */
  public static final int DATA_INDICATION = 0x0017;

  private static final int BINDING_SUCCESS = 0x0101;
  private static final int XOR_PEER_ADDRESS = 0x0012;
  private static final int DATA = 0x0013;
  private static final int XOR_MAPPED_ADDRESS = 0x0020;

  private Wire() {}

  /** The multiple of four that {@code length} bytes are padded to. */
  public static int padded(int length) {
    return length + 3 & ~3;
  }

  /** Whether the byte at {@code offset} starts a STUN message (RFC 8489 §5: two zero bits). */
  public static boolean startsStun(ByteBuffer buffer, int offset) {
    return (buffer.get(offset) & 0xc0) == 0;
  }

  /** Whether the byte at {@code offset} starts ChannelData: 0x40 to 0x7F (RFC 5766 §11). */
  public static boolean startsChannelData(ByteBuffer buffer, int offset) {
    return (buffer.get(offset) & 0xc0) == 0x40;
  }

  /**
   * Whether the {@code length} bytes at {@code offset} of a datagram are whole ChannelData. Bytes
   * after the data are padding, allowed and ignored (RFC 8656 §12.6).
   */
  public static boolean isChannelData(ByteBuffer buffer, int offset, int length) {
    return length >= CHANNEL_HEADER
        && startsChannelData(buffer, offset)
        && CHANNEL_HEADER + channelDataLength(buffer, offset) <= length;
  }

  /** The channel of the ChannelData at {@code offset}. */
  public static int channelNumber(ByteBuffer buffer, int offset) {
    return buffer.getShort(offset) & 0xffff;
  }

  /** The length of the data in the ChannelData at {@code offset}, without padding. */
  public static int channelDataLength(ByteBuffer buffer, int offset) {
    return buffer.getShort(offset + 2) & 0xffff;
  }

  /** Writes the four bytes before {@code length} bytes of data on a channel. */
  public static void putChannelHeader(ByteBuffer buffer, int offset, int channel, int length) {
    buffer.putInt(offset, channel << 16 | length);
  }

  /** The type of the STUN message at {@code offset}: method and class. */
  public static int stunType(ByteBuffer buffer, int offset) {
    return buffer.getShort(offset) & 0xffff;
  }

  /** The length of the attributes of the STUN message at {@code offset}. */
  public static int stunLength(ByteBuffer buffer, int offset) {
    return buffer.getShort(offset + 2) & 0xffff;
  }

  /** What the STUN message at {@code offset} holds where the magic cookie belongs. */
  public static int cookie(ByteBuffer buffer, int offset) {
    return buffer.getInt(offset + 4);
  }

  /** The type of a message with this class and method (RFC 8489 §5, figure 3). */
  public static int type(MessageClass messageClass, Method method) {
    int code = method.code();
    int classBits = messageClass.code();
    return (code & 0xf80) << 2
        | (code & 0x070) << 1
        | (code & 0x00f)
        | (classBits & 2) << 7
        | (classBits & 1) << 4;
  }

  /** The class of a message with this type. */
  public static MessageClass messageClass(int type) {
    return MessageClass.of(((type >>> 7) & 2) | ((type >>> 4) & 1));
  }

  /** The number of the method of a message with this type. */
  public static int methodCode(int type) {
    return ((type >>> 2) & 0xf80) | ((type >>> 1) & 0x070) | (type & 0x00f);
  }

  /**
   * The offset of the first attribute with this type in the STUN message of {@code length} bytes at
   * {@code offset}, or −1 if there is none or an attribute overruns the message.
   */
  public static int attribute(ByteBuffer buffer, int offset, int length, int type) {
    int end = offset + length;
    int at = offset + STUN_HEADER;
    while (at <= end - ATTRIBUTE_HEADER) {
      int valueLength = attributeLength(buffer, at);
      if (valueLength > end - at - ATTRIBUTE_HEADER) {
        return -1;
      }
      if ((buffer.getShort(at) & 0xffff) == type) {
        return at;
      }
      at += ATTRIBUTE_HEADER + padded(valueLength);
    }
    return -1;
  }

  /** The length of the value of the attribute at {@code offset}. */
  public static int attributeLength(ByteBuffer buffer, int offset) {
    return buffer.getShort(offset + 2) & 0xffff;
  }

  /** How many bytes stand before the data in a Data indication about a peer of this family. */
  public static int dataIndicationHeader(IpAddress.Family family) {
    return STUN_HEADER + ATTRIBUTE_HEADER + 4 + family.length() + ATTRIBUTE_HEADER;
  }

  /**
   * Writes everything of a Data indication but the data itself, which belongs at {@code offset +}
   * {@link #dataIndicationHeader} and may be there already: header, XOR-PEER-ADDRESS, the head of
   * DATA, and up to three zero bytes after the data.
   *
   * @return the length of the whole message
   */
  public static int putDataIndication(
      ByteBuffer buffer, int offset, TransactionId id, TransportAddress peer, int dataLength) {
    return putDataIndication(buffer, offset, id.high(), id.low(), peer, dataLength);
  }

  /**
   * The same, with the transaction id as its two halves, so that relaying needs no object for it.
   *
   * @param idHigh the magic cookie and the first 32 bits of the id
   * @param idLow the last 64 bits
   * @return the length of the whole message
   */
  public static int putDataIndication(
      ByteBuffer buffer,
      int offset,
      long idHigh,
      long idLow,
      TransportAddress peer,
      int dataLength) {
    IpAddress address = peer.address();
    int header = dataIndicationHeader(address.family());
    int end = offset + header + dataLength;
    int total = header + padded(dataLength);
    buffer.putInt(offset, DATA_INDICATION << 16 | total - STUN_HEADER);
    buffer.putLong(offset + 4, idHigh);
    buffer.putLong(offset + 12, idLow);
    putXorAddress(buffer, offset + STUN_HEADER, XOR_PEER_ADDRESS, idHigh, idLow, peer);
    buffer.putInt(offset + header - ATTRIBUTE_HEADER, DATA << 16 | dataLength);
    for (int i = end; i < offset + total; i++) {
      buffer.put(i, (byte) 0);
    }
    return total;
  }

  /**
   * Writes, from offset 0, the success response to the Binding request at {@code offset} of another
   * buffer, with nothing but XOR-MAPPED-ADDRESS.
   *
   * @return the length of the response
   */
  public static int putBindingSuccess(
      ByteBuffer buffer, ByteBuffer request, int offset, TransportAddress mapped) {
    long idHigh = request.getLong(offset + 4);
    long idLow = request.getLong(offset + 12);
    int body = ATTRIBUTE_HEADER + 4 + mapped.address().family().length();
    buffer.putInt(0, BINDING_SUCCESS << 16 | body);
    buffer.putLong(4, idHigh);
    buffer.putLong(12, idLow);
    putXorAddress(buffer, STUN_HEADER, XOR_MAPPED_ADDRESS, idHigh, idLow, mapped);
    return STUN_HEADER + body;
  }

  /** An attribute XORed with the cookie and the transaction id (RFC 8489 §14.2). */
  private static void putXorAddress(
      ByteBuffer buffer, int at, int type, long idHigh, long idLow, TransportAddress value) {
    IpAddress address = value.address();
    buffer.putInt(at, type << 16 | 4 + address.family().length());
    buffer.putInt(at + 4, address.family().code() << 16 | (value.port() ^ (int) (idHigh >>> 48)));
    switch (address.family()) {
      case IPV4 -> buffer.putInt(at + 8, (int) address.low() ^ (int) (idHigh >>> 32));
      case IPV6 ->
          buffer.putLong(at + 8, address.high() ^ idHigh).putLong(at + 16, address.low() ^ idLow);
    }
  }
}
