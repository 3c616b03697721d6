package org.bradawl.stun;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.bradawl.stun.Malformed.Reason;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.AttributeCodec;
import org.bradawl.stun.attribute.AttributeTable;
import org.bradawl.stun.attribute.MalformedAttribute;
import org.bradawl.stun.attribute.UnknownAttribute;

/**
 * From bytes to messages. Every input has a result, none an exception, and none makes more than a
 * small multiple of its own size.
 *
 * <p>An attribute that must be understood and makes no sense spoils the message, unless it is a
 * request: that one deserves an answer, and keeps it as {@link MalformedAttribute}. One that may be
 * ignored, or comes where the rules ignore it, is kept as {@link UnknownAttribute}.
 */
public final class Decoder {

  /**
   * A CreatePermission fits 125 peers into a datagram of 1500 bytes; nothing known comes near twice
   * that.
   */
  public static final int MAX_ATTRIBUTES = 256;

  static final int FINGERPRINT = 0x8028;

  /** What CRC-32 is XORed with, "STUN" in ASCII (RFC 8489 §14.7). */
  static final int FINGERPRINT_MASK = 0x5354554E;

  private Decoder() {}

  /**
   * What the bytes between position and limit are. The position stays. A {@link StunMessage} shares
   * no memory with the buffer, {@link ChannelData} does.
   */
  public static Decoded decode(ByteBuffer datagram) {
    int start = datagram.position();
    int length = datagram.remaining();
    if (length < Wire.CHANNEL_HEADER) {
      return new Malformed(Reason.TOO_SHORT, length);
    }
    if (Wire.startsStun(datagram, start)) {
      return stun(datagram);
    }
    if (!Wire.startsChannelData(datagram, start)) {
      return new Malformed(Reason.NOT_STUN, 0);
    }
    if (!ChannelData.isChannel(Wire.channelNumber(datagram, start))) {
      return new Malformed(Reason.RESERVED_CHANNEL, 0);
    }
    // RFC 8656 §12.6: a datagram may be longer than its data, never shorter.
    return Wire.isChannelData(datagram, start, length)
        ? new ChannelData(
            Wire.channelNumber(datagram, start),
            datagram.slice(start + Wire.CHANNEL_HEADER, Wire.channelDataLength(datagram, start)))
        : new Malformed(Reason.LENGTH_MISMATCH, 2);
  }

  private static Decoded stun(ByteBuffer datagram) {
    int start = datagram.position();
    int length = datagram.remaining();
    if (length < Wire.STUN_HEADER) {
      return new Malformed(Reason.TOO_SHORT, length);
    }
    int type = Wire.stunType(datagram, start);
    if (Wire.cookie(datagram, start) != TransactionId.MAGIC_COOKIE && !isClassic(type)) {
      return new Malformed(Reason.NO_MAGIC_COOKIE, 4);
    }
    int bodyLength = Wire.stunLength(datagram, start);
    if (bodyLength % 4 != 0) {
      return new Malformed(Reason.LENGTH_NOT_MULTIPLE_OF_FOUR, 2);
    }
    if (bodyLength != length - Wire.STUN_HEADER) {
      return new Malformed(Reason.LENGTH_MISMATCH, 2);
    }
    return new Body(Bytes.copyOf(datagram)).decode();
  }

  /** The six message types of RFC 3489 §11.1. */
  private static boolean isClassic(int type) {
    return switch (type) {
      case 0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112 -> true;
      default -> false;
    };
  }

  /** One walk over the attributes of a message with a sound header. */
  private static final class Body {

    private final Bytes wire;
    private final TransactionId id;
    private final List<Attribute> attributes = new ArrayList<>();
    private final Effective effective = new Effective();

    Body(Bytes wire) {
      this.wire = wire;
      this.id = new TransactionId(wire.i64(4), wire.i64(12));
    }

    Decoded decode() {
      int at = Wire.STUN_HEADER;
      while (at < wire.length()) {
        int type = wire.u16(at);
        int length = wire.u16(at + 2);
        int next = at + Wire.ATTRIBUTE_HEADER + Wire.padded(length);
        Optional<Reason> problem =
            next > wire.length() ? Optional.of(Reason.ATTRIBUTE_OVERRUN) : add(at, type, length);
        if (problem.isPresent()) {
          return new Malformed(problem.get(), at);
        }
        at = next;
      }
      int messageType = wire.u16(0);
      return new StunMessage(
          Wire.messageClass(messageType),
          Method.of(Wire.methodCode(messageType)),
          id,
          attributes,
          Optional.of(wire));
    }

    private Optional<Reason> add(int at, int type, int length) {
      if (attributes.size() == MAX_ATTRIBUTES) {
        return Optional.of(Reason.TOO_MANY_ATTRIBUTES);
      }
      Bytes value = wire.slice(at + Wire.ATTRIBUTE_HEADER, length);
      boolean counts = effective.admits(type);
      if (type == FINGERPRINT && id.dialect() == Dialect.RFC8489) {
        Optional<Reason> problem = fingerprintProblem(at, value);
        if (problem.isPresent()) {
          return problem;
        }
      }
      Optional<AttributeCodec<?>> codec = AttributeTable.codec(type);
      Optional<? extends Attribute> known = codec.flatMap(c -> c.decode(value, id));
      if (known.isEmpty() && codec.isPresent() && counts && type < 0x8000) {
        if (!isRequest()) {
          return Optional.of(
              codec.get().fits(length) ? Reason.ATTRIBUTE_VALUE : Reason.ATTRIBUTE_LENGTH);
        }
        attributes.add(new MalformedAttribute(type, value));
        return Optional.empty();
      }
      attributes.add(known.isPresent() ? known.get() : new UnknownAttribute(type, value));
      return Optional.empty();
    }

    private boolean isRequest() {
      return Wire.messageClass(wire.u16(0)) == MessageClass.REQUEST;
    }

    private Optional<Reason> fingerprintProblem(int at, Bytes value) {
      if (value.length() != 4) {
        return Optional.of(Reason.ATTRIBUTE_LENGTH);
      }
      if (at + Wire.ATTRIBUTE_HEADER + 4 != wire.length()) {
        return Optional.of(Reason.FINGERPRINT_NOT_LAST);
      }
      return value.i32(0) == fingerprint(wire.slice(0, at).asBuffer())
          ? Optional.empty()
          : Optional.of(Reason.FINGERPRINT_MISMATCH);
    }
  }

  /** The value of FINGERPRINT after these bytes, whose header counts it already. */
  static int fingerprint(ByteBuffer before) {
    CRC32 crc = new CRC32();
    crc.update(before);
    return (int) crc.getValue() ^ FINGERPRINT_MASK;
  }
}
