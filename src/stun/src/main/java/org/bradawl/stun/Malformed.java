package org.bradawl.stun;

/**
 * Bytes that are no message. They deserve a counter and no answer (RFC 8489 §6.3: "silently
 * discarded").
 *
 * @param reason what is wrong with them
 * @param offset the byte, counted from the start of the message, at which it was noticed
 */
public record Malformed(Reason reason, int offset) implements Decoded {

  /** Why bytes are no message. */
  public enum Reason {
    /** Fewer bytes than a header has. */
    TOO_SHORT,
    /** The first bits belong to another protocol (RFC 7983 §7). */
    NOT_STUN,
    /** The channel number 0x7FFF, which RFC 5766 §11 leaves out. */
    RESERVED_CHANNEL,
    /** No magic cookie, and not one of the message types of RFC 3489 either. */
    NO_MAGIC_COOKIE,
    /** The header's length is not a multiple of four (RFC 8489 §5). */
    LENGTH_NOT_MULTIPLE_OF_FOUR,
    /** The header's length is not that of the datagram. */
    LENGTH_MISMATCH,
    /** The header's length is beyond what the receiver agreed to. */
    TOO_LONG,
    /** An attribute ends beyond the end of the message. */
    ATTRIBUTE_OVERRUN,
    /** More attributes than any sensible message has, {@link Decoder#MAX_ATTRIBUTES}. */
    TOO_MANY_ATTRIBUTES,
    /** The value of a comprehension-required attribute has an impossible length; not a request. */
    ATTRIBUTE_LENGTH,
    /** Such a value has the right length but makes no sense; not a request. */
    ATTRIBUTE_VALUE,
    /** Something follows FINGERPRINT (RFC 8489 §14.7). */
    FINGERPRINT_NOT_LAST,
    /** FINGERPRINT does not match the bytes before it. */
    FINGERPRINT_MISMATCH
  }
}
