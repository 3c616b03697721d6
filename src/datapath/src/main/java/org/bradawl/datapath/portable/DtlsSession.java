package org.bradawl.datapath.portable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bradawl.datapath.secure.DtlsServer;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.Wire;
import org.jspecify.annotations.Nullable;

/** One DTLS client, from the cookie that was right to the end. */
final class DtlsSession {

  /** Takes a message out of a record. */
  interface Taker {
    void take(ByteBuffer message);
  }

  private final FiveTuple path;
  private final DtlsPipe pipe;
  private final DtlsServer server;
  private volatile @Nullable DTLSTransport transport;
  private boolean proven;
  private boolean allocated;
  private long lastMessage;

  DtlsSession(FiveTuple path, DtlsPipe pipe, DtlsServer server, long now) {
    this.path = path;
    this.pipe = pipe;
    this.server = server;
    this.lastMessage = now;
  }

  FiveTuple path() {
    return path;
  }

  DtlsPipe pipe() {
    return pipe;
  }

  DtlsServer server() {
    return server;
  }

  /** Shakes hands, waiting for the client. Whether it came to a session. */
  boolean shakeHands(DTLSRequest request) {
    try {
      transport = new DTLSServerProtocol().accept(server, pipe, request);
      return true;
    } catch (IOException | RuntimeException e) {
      // Whatever it is, the client was told by an alert, and the failure is counted.
      return false;
    }
  }

  /**
   * Takes the records of a datagram.
   *
   * @param plain where to decrypt into
   * @return false if the session is over
   */
  boolean receive(byte[] datagram, byte[] plain, Taker taker) {
    DTLSTransport current = transport;
    if (current == null) {
      return false;
    }
    pipe.put(datagram);
    try {
      // A millisecond, because none means for ever; the pipe throws when it is dry.
      int length = current.receive(plain, 0, plain.length, 1);
      while (length >= 0 && !server.ended()) {
        proven = true;
        taker.take(ByteBuffer.wrap(plain, 0, length));
        length = current.receivePending(plain, 0, plain.length);
      }
    } catch (InterruptedIOException dry) {
      return !server.ended();
    } catch (IOException e) {
      return false;
    }
    return !server.ended();
  }

  /**
   * Whether the client may not know yet that the handshake is done: it then sends the end of its
   * own again, which is in the clear (RFC 6347 §4.2.4).
   */
  boolean awaitsProof() {
    return !proven;
  }

  /** Whether the message fits one record. */
  boolean fits(int length) throws IOException {
    DTLSTransport current = transport;
    return current != null && length <= current.getSendLimit();
  }

  void send(byte[] message, int length) throws IOException {
    DTLSTransport current = transport;
    if (current != null) {
      current.send(message, 0, length);
    }
  }

  /** Says close_notify, as far as the client is still there. */
  void close() {
    DTLSTransport current = transport;
    if (current == null) {
      return;
    }
    try {
      current.close();
    } catch (IOException e) {
      // A datagram that was not sent might as well have been lost.
    }
  }

  /** RFC 7443: who came for NAT discovery is not relayed for. */
  boolean permits(ByteBuffer message) {
    return !server.discoveryOnly()
        || (message.remaining() >= Wire.STUN_HEADER
            && Wire.startsStun(message, message.position())
            && Wire.methodCode(Wire.stunType(message, message.position()))
                == Method.Known.BINDING.code());
  }

  void spoke(long now) {
    lastMessage = now;
  }

  long lastMessage() {
    return lastMessage;
  }

  boolean allocated() {
    return allocated;
  }

  void allocated(boolean holds, long now) {
    allocated = holds;
    lastMessage = now;
  }
}
