package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.bradawl.datapath.SecureCounters;
import org.bradawl.datapath.SecureStatistics.Failure;
import org.bradawl.datapath.Shard;
import org.bradawl.datapath.secure.ApplicationProtocol;
import org.bradawl.datapath.secure.TlsContext;
import org.bradawl.stun.Method;
import org.bradawl.stun.Wire;
import org.bradawl.turn.server.StunTurnServer;
import org.jspecify.annotations.Nullable;

/**
 * TLS over another wire (RFC 8489 §6.2.3). Nothing is kept for a client that sends nothing; an
 * engine is made when the first bytes look like a ClientHello. Of input at most one unfinished
 * record is kept, or what one read gave beyond what the reader had room for; of output at most what
 * the socket left of one write.
 */
final class TlsWire implements StreamWire {

  /** RFC 8446 §5.1: the type of the first record. */
  private static final byte HANDSHAKE_RECORD = 22;

  /** A ClientHello with hybrid key shares has 2 kB; more is none, or a flood. */
  private static final int LONGEST_HELLO = 8 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final StreamWire below;
  private TlsDesk desk;
  private SecureCounters counters;
  private @Nullable SSLEngine engine;
  private ByteBuffer kept = NOTHING;
  private ByteBuffer spilled = NOTHING;
  private ByteBuffer unsent = NOTHING;
  private Shard.Command resume = (machine, now) -> {};
  private boolean framed = true;
  private int messageLeft;
  private boolean working;
  private boolean established;
  private boolean ended;
  private boolean discoveryOnly;
  private boolean closed;

  /**
   * TLS over {@code below}.
   *
   * @param desk the shard's
   */
  TlsWire(StreamWire below, TlsDesk desk) {
    this.below = below;
    this.desk = desk;
    this.counters = desk.counters();
  }

  @Override
  public boolean handshaking() {
    return !established;
  }

  @Override
  public Optional<String> serverName() {
    SSLEngine current = engine;
    return current == null ? Optional.empty() : TlsContext.serverName(current.getSession());
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (spilled.hasRemaining()) {
      return pour(target);
    }
    if (target.remaining() >= desk.plain().capacity()) {
      return decrypt(target);
    }
    int length = decrypt(desk.plain().clear());
    if (length <= 0) {
      return length;
    }
    ByteBuffer plain = desk.plain().flip();
    spilled = plain;
    int poured = pour(target);
    spilled =
        plain.hasRemaining() ? ByteBuffer.allocate(plain.remaining()).put(plain).flip() : NOTHING;
    return poured;
  }

  private int pour(ByteBuffer target) {
    int length = Math.min(spilled.remaining(), target.remaining());
    target.put(spilled.slice(spilled.position(), length));
    spilled.position(spilled.position() + length);
    return length;
  }

  @Override
  public boolean hasInput() {
    return spilled.hasRemaining();
  }

  /** Decrypts what the socket has; the target has room for as much and a record more. */
  private int decrypt(ByteBuffer target) throws IOException {
    if (working) {
      return 0;
    }
    ByteBuffer input = desk.input().clear();
    input.put(kept.clear());
    kept = NOTHING;
    int length = input.hasRemaining() ? below.read(input) : 0;
    input.flip();
    int before = target.position();
    try {
      if (engine != null || input.hasRemaining()) {
        advance(begun(input), input, target);
      }
    } catch (SSLException e) {
      refused();
      throw e;
    }
    keep(input);
    if (target.position() > before) {
      return target.position() - before;
    }
    return ended || (length < 0 && !working) ? -1 : 0;
  }

  private SSLEngine begun(ByteBuffer input) throws IOException {
    SSLEngine current = engine;
    if (current == null) {
      if (input.get(input.position()) != HANDSHAKE_RECORD) {
        throw failure(Failure.NOT_TLS);
      }
      current = desk.engine();
      engine = current;
    }
    return current;
  }

  /** Goes on until input, or room for output, or the time of a helping thread is needed. */
  private void advance(SSLEngine current, ByteBuffer input, ByteBuffer target) throws IOException {
    while (true) {
      switch (current.getHandshakeStatus()) {
        case NEED_TASK -> {
          work(current);
          return;
        }
        case NEED_WRAP -> {
          refuseRenegotiation(current);
          wrapHandshake(current);
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
          finished(current, current.getHandshakeStatus());
          if (ended || !input.hasRemaining()) {
            return;
          }
          SSLEngineResult result = current.unwrap(input, target);
          finished(current, result.getHandshakeStatus());
          switch (result.getStatus()) {
            case OK -> {}
            case CLOSED -> ended = true;
            case BUFFER_UNDERFLOW -> {
              return;
            }
            case BUFFER_OVERFLOW ->
                throw new IllegalStateException("plaintext is no longer than its records");
          }
        }
      }
      if (ended) {
        return;
      }
    }
  }

  /** TLS 1.2 lets a client begin again, which costs the server more than the client. */
  private void refuseRenegotiation(SSLEngine current) throws IOException {
    if (established && !current.getSession().getProtocol().equals("TLSv1.3")) {
      throw failure(Failure.SESSION_BROKEN);
    }
  }

  /** Told once by a result, or to be seen by the session that is there when nothing is left. */
  private void finished(SSLEngine current, HandshakeStatus status) {
    boolean done =
        switch (status) {
          case FINISHED -> true;
          case NOT_HANDSHAKING -> !current.getSession().getCipherSuite().startsWith("SSL_NULL");
          case NEED_TASK, NEED_WRAP, NEED_UNWRAP, NEED_UNWRAP_AGAIN -> false;
        };
    if (!established && done) {
      established = true;
      discoveryOnly =
          ApplicationProtocol.NAT_DISCOVERY.label().equals(current.getApplicationProtocol());
      counters.tlsBegan();
    }
  }

  private void work(SSLEngine current) throws IOException {
    refuseRenegotiation(current);
    working = true;
    if (!desk.run(current, this::worked)) {
      working = false;
      throw failure(Failure.OVERLOADED);
    }
  }

  /** On the shard's thread again. */
  private void worked(StunTurnServer machine, long now) {
    working = false;
    if (!closed) {
      resume.run(machine, now);
    }
  }

  @Override
  public boolean settled() {
    return !working;
  }

  /** With its buffers and counters: those of the shard that it leaves are that shard's alone. */
  @Override
  public void movedTo(TlsDesk other) {
    desk = other;
    counters = other.counters();
  }

  @Override
  public void resumeWith(Shard.Command command) {
    resume = command;
  }

  private void wrapHandshake(SSLEngine current) throws IOException {
    ByteBuffer output = desk.output().clear();
    int room = current.getSession().getPacketBufferSize();
    SSLEngineResult result;
    do {
      result = current.wrap(NOTHING, output);
      finished(current, result.getHandshakeStatus());
    } while (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
        && result.getStatus() == SSLEngineResult.Status.OK
        && output.remaining() >= room);
    if (result.getStatus() == SSLEngineResult.Status.CLOSED && current.isInboundDone()) {
      ended = true;
    }
    send(output.flip());
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    push();
    SSLEngine current = engine;
    if (current == null || !established || working || unsent.hasRemaining()) {
      return 0;
    }
    int taken = 0;
    int room = current.getSession().getPacketBufferSize();
    while (source.hasRemaining() && !unsent.hasRemaining()) {
      ByteBuffer output = desk.output().clear();
      while (source.hasRemaining() && output.remaining() >= room) {
        taken += seal(current, source, output);
      }
      send(output.flip());
    }
    return taken;
  }

  /**
   * Encrypts a record. One message goes into each, because there are clients that take what a
   * record holds for one message.
   */
  private int seal(SSLEngine current, ByteBuffer source, ByteBuffer output) throws IOException {
    int end = source.limit();
    if (framed) {
      if (messageLeft == 0) {
        messageLeft = messageLength(source);
      }
      source.limit(Math.min(end, source.position() + messageLeft));
    }
    SSLEngineResult result = current.wrap(source, output);
    source.limit(end);
    if (result.getStatus() != SSLEngineResult.Status.OK) {
      throw new ClosedChannelException();
    }
    messageLeft -= framed ? result.bytesConsumed() : 0;
    return result.bytesConsumed();
  }

  /**
   * With padding; the queue's chunks and all messages are multiples of four, so it is all there.
   */
  private static int messageLength(ByteBuffer source) {
    int at = source.position();
    if (source.remaining() < Wire.CHANNEL_HEADER) {
      return source.remaining();
    }
    return Wire.startsStun(source, at)
        ? Wire.STUN_HEADER + Wire.stunLength(source, at)
        : Wire.padded(Wire.CHANNEL_HEADER + Wire.channelDataLength(source, at));
  }

  @Override
  public void unframed() {
    framed = false;
  }

  private void send(ByteBuffer records) throws IOException {
    if (!unsent.hasRemaining()) {
      below.write(records);
    }
    if (records.hasRemaining()) {
      ByteBuffer longer = ByteBuffer.allocate(unsent.remaining() + records.remaining());
      unsent = longer.put(unsent).put(records).flip();
    }
  }

  @Override
  public int push() throws IOException {
    if (!unsent.hasRemaining()) {
      return 0;
    }
    int written = below.write(unsent);
    if (!unsent.hasRemaining()) {
      unsent = NOTHING;
    }
    return written;
  }

  @Override
  public int interest(boolean output) {
    boolean writing = unsent.hasRemaining() || (output && established && !working);
    return (working || ended ? 0 : SelectionKey.OP_READ) | (writing ? SelectionKey.OP_WRITE : 0);
  }

  /** A close_notify; TLS 1.3 lets the client go on (RFC 8446 §6.1), TLS 1.2 does not. */
  @Override
  public void finishOutput() throws IOException {
    SSLEngine current = engine;
    if (current != null && established && !working) {
      current.closeOutbound();
      wrapHandshake(current);
    }
  }

  @Override
  public boolean unsent() {
    return unsent.hasRemaining();
  }

  /** RFC 7443: who came for NAT discovery is not relayed for. */
  @Override
  public boolean permits(ByteBuffer message) {
    boolean permitted =
        !discoveryOnly
            || (Wire.startsStun(message, message.position())
                && Wire.methodCode(Wire.stunType(message, message.position()))
                    == Method.Known.BINDING.code());
    if (!permitted) {
      counters.failed(Failure.NOT_NEGOTIATED);
    }
    return permitted;
  }

  private void keep(ByteBuffer input) throws IOException {
    int length = input.remaining();
    if (length > LONGEST_HELLO && !established && !working) {
      throw failure(Failure.HANDSHAKE_REFUSED);
    }
    if (length > 0) {
      kept = ByteBuffer.allocate(length).put(input);
    }
  }

  private IOException failure(Failure cause) {
    counters.failed(cause);
    closeCounted();
    return new IOException(cause.name());
  }

  /** An alert says why, if the socket takes it. */
  private void refused() {
    counters.failed(established ? Failure.SESSION_BROKEN : Failure.HANDSHAKE_REFUSED);
    sayGoodbye();
    closeCounted();
  }

  private void hangUp() {
    SSLEngine current = engine;
    if (current != null && !working) {
      current.closeOutbound();
      sayGoodbye();
    }
  }

  /** What the engine still has to say: an alert that tells why, or close_notify. */
  private void sayGoodbye() {
    SSLEngine current = engine;
    if (current == null || working) {
      return;
    }
    try {
      ByteBuffer output = desk.output().clear();
      int room = current.getSession().getPacketBufferSize();
      SSLEngineResult result;
      do {
        result = current.wrap(NOTHING, output);
      } while (result.bytesProduced() > 0 && output.remaining() >= room);
      if (!unsent.hasRemaining()) {
        below.write(output.flip());
      }
    } catch (IOException e) {
      // The client is not there to hear it.
    }
  }

  @Override
  public boolean isOpen() {
    return !closed && below.isOpen();
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      if (established) {
        hangUp();
      } else {
        counters.failed(Failure.HANDSHAKE_ABANDONED);
      }
      closeCounted();
    }
    below.close();
  }

  private void closeCounted() {
    if (!closed) {
      closed = true;
      if (established) {
        counters.tlsEnded();
      }
    }
  }
}
