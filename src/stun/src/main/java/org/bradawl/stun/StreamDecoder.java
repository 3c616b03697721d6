package org.bradawl.stun;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.bradawl.stun.Malformed.Reason;

/**
 * Finds the messages in a TCP stream (RFC 8489 §6.2.2, RFC 8656 §12.5). It keeps at most one
 * unfinished message, and of that only what has arrived: a length that is claimed costs nothing.
 *
 * <p>A stream must start with a STUN message that has the magic cookie, because no channel exists
 * before; that is how a web browser or a TLS client on the port is found out after eight bytes at
 * most. A stream that broke once stays broken, since nothing says where its next message starts.
 */
public final class StreamDecoder {

  /** What a stream gave. */
  public sealed interface Framed {

    /**
     * One whole message, STUN or ChannelData, without padding, to be given to {@link
     * Decoder#decode}.
     *
     * @param bytes a view, valid until the next call of {@link StreamDecoder#next}
     */
    record Message(ByteBuffer bytes) implements Framed {}

    /** All input is taken, and no message is whole. */
    record Incomplete() implements Framed {}

    /** This is no STUN, or not any more: close the connection. */
    record Broken(Reason reason) implements Framed {}
  }

  private static final Framed INCOMPLETE = new Framed.Incomplete();

  /** As much as is needed to know what a message is and how long: type, length and cookie. */
  private static final int PROLOGUE = 8;

  /** Enough for nearly every control message; grows when more arrives. */
  private static final int FIRST_CAPACITY = 256;

  /**
   * A larger buffer is given back after its message, or ten thousand idle clients would hold it.
   */
  private static final int KEPT_CAPACITY = 2048;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final int maxMessage;
  private ByteBuffer partial = NOTHING;
  private int paddingDue;
  private boolean started;
  private Optional<Framed> broken = Optional.empty();

  /**
   * A decoder for one connection.
   *
   * @param maxMessage the longest message to accept, in bytes, with header and without padding; at
   *     least 20
   */
  public StreamDecoder(int maxMessage) {
    if (maxMessage < Wire.STUN_HEADER) {
      throw new IllegalArgumentException("a STUN message has 20 bytes at least");
    }
    this.maxMessage = maxMessage;
  }

  /**
   * The next message, as far as {@code input} goes. Call it until it says {@link
   * Framed.Incomplete}, by which time it has taken all of {@code input}.
   */
  public Framed next(ByteBuffer input) {
    if (broken.isPresent()) {
      return broken.get();
    }
    skipPadding(input);
    return partial.position() == 0 ? fromInput(input) : fromPartial(input);
  }

  /** How many bytes of an unfinished message are kept. */
  public int buffered() {
    return partial.position();
  }

  private void skipPadding(ByteBuffer input) {
    int skipped = Math.min(paddingDue, input.remaining());
    input.position(input.position() + skipped);
    paddingDue -= skipped;
  }

  /** Nothing is kept: a message that lies in the input as a whole is not copied. */
  private Framed fromInput(ByteBuffer input) {
    int at = input.position();
    int available = input.remaining();
    Optional<Reason> problem = problem(input, at, available);
    if (problem.isPresent()) {
      return fail(problem.get());
    }
    if (available < Wire.CHANNEL_HEADER || available < length(input, at)) {
      keep(input, available);
      return INCOMPLETE;
    }
    int length = length(input, at);
    input.position(at + length);
    return whole(input.slice(at, length));
  }

  private Framed fromPartial(ByteBuffer input) {
    while (true) {
      int have = partial.position();
      Optional<Reason> problem = problem(partial, 0, have);
      if (problem.isPresent()) {
        return fail(problem.get());
      }
      boolean lengthKnown = have >= Wire.CHANNEL_HEADER;
      if (lengthKnown && have == length(partial, 0)) {
        return whole(takePartial());
      }
      if (!input.hasRemaining()) {
        return INCOMPLETE;
      }
      int target = lengthKnown ? checkpoint(have) : Wire.CHANNEL_HEADER;
      keep(input, Math.min(target - have, input.remaining()));
    }
  }

  private ByteBuffer takePartial() {
    ByteBuffer message = partial.slice(0, partial.position());
    if (partial.capacity() > KEPT_CAPACITY) {
      partial = NOTHING;
    } else {
      partial.position(0);
    }
    return message;
  }

  /** Up to where to read before looking again: the cookie if it is due, else the end. */
  private int checkpoint(int have) {
    int length = length(partial, 0);
    boolean cookieDue = Wire.startsStun(partial, 0) && have < PROLOGUE;
    return cookieDue ? PROLOGUE : length;
  }

  private Framed whole(ByteBuffer message) {
    started = true;
    if (Wire.startsChannelData(message, 0)) {
      // RFC 8656 §12.5: over streams ChannelData is padded, and the length does not count it.
      paddingDue = Wire.padded(message.limit()) - message.limit();
    }
    return new Framed.Message(message);
  }

  /** What the first bytes already give away. */
  private Optional<Reason> problem(ByteBuffer buffer, int at, int available) {
    if (available == 0) {
      return Optional.empty();
    }
    boolean stun = Wire.startsStun(buffer, at);
    if (!stun && !(started && Wire.startsChannelData(buffer, at))) {
      return Optional.of(Reason.NOT_STUN);
    }
    if (available < Wire.CHANNEL_HEADER) {
      return Optional.empty();
    }
    if (stun && Wire.stunLength(buffer, at) % 4 != 0) {
      return Optional.of(Reason.LENGTH_NOT_MULTIPLE_OF_FOUR);
    }
    if (stun && available >= PROLOGUE && Wire.cookie(buffer, at) != TransactionId.MAGIC_COOKIE) {
      return Optional.of(Reason.NO_MAGIC_COOKIE);
    }
    return length(buffer, at) > maxMessage ? Optional.of(Reason.TOO_LONG) : Optional.empty();
  }

  private static int length(ByteBuffer buffer, int at) {
    return Wire.startsStun(buffer, at)
        ? Wire.STUN_HEADER + Wire.stunLength(buffer, at)
        : Wire.CHANNEL_HEADER + Wire.channelDataLength(buffer, at);
  }

  private Framed fail(Reason reason) {
    Framed failure = new Framed.Broken(reason);
    broken = Optional.of(failure);
    partial = NOTHING;
    return failure;
  }

  private void keep(ByteBuffer input, int count) {
    if (partial.remaining() < count) {
      int needed = partial.position() + count;
      int capacity = Math.max(needed, Math.max(FIRST_CAPACITY, 2 * partial.capacity()));
      ByteBuffer larger = ByteBuffer.allocate(Math.min(capacity, Math.max(needed, maxMessage)));
      partial = larger.put(partial.flip());
    }
    partial.put(input.slice(input.position(), count));
    input.position(input.position() + count);
  }
}
