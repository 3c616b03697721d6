package org.bradawl.datapath.portable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * What a DTLS session sends and receives by. During the handshake a thread of its own waits here;
 * afterwards the shard gives it one datagram after the other, and nobody waits.
 */
final class DtlsPipe implements DatagramTransport {

  /** A client's longest flight, twice over. */
  private static final int MOST_WAITING = 16;

  /**
   * Handshake messages are cut to this: 1280 is what every IPv6 path takes (RFC 8200 §5), less 48
   * of IPv6 and UDP.
   */
  private static final int FLIGHT_LIMIT = 1232;

  /** A whole record of the largest kind. */
  private static final int SESSION_LIMIT = (1 << 14) + 256;

  /** Not worth a stack trace, as it is thrown to end a wait that would be for nothing. */
  @SuppressWarnings("StaticAssignmentOfThrowable") // it carries no trace that could mislead
  private static final InterruptedIOException DRY = new Dry();

  private static final class Dry extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** Sends a datagram to the client. */
  interface Sending {
    void send(ByteBuffer datagram) throws IOException;
  }

  private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Sending handshakeSending;
  private final Sending sessionSending;
  private volatile boolean established;
  private byte @Nullable [] next;

  DtlsPipe(Sending handshakeSending, Sending sessionSending) {
    this.handshakeSending = handshakeSending;
    this.sessionSending = sessionSending;
  }

  /**
   * Leaves a datagram for the handshake's thread; what does not fit is sent again by the client.
   */
  void offer(byte[] datagram) {
    boolean taken = waiting.offer(datagram);
    if (!taken) {
      waiting.poll();
    }
  }

  /** From here on everything happens on the shard's thread. */
  void establish() {
    established = true;
  }

  /** What came before the shard took over, one by one; null if there is nothing more. */
  byte @Nullable [] leftOver() {
    return waiting.poll();
  }

  /** The datagram that the next {@link #receive} gives. */
  void put(byte[] datagram) {
    next = datagram;
  }

  @Override
  public int getReceiveLimit() {
    byte[] datagram = next;
    return established && datagram != null ? datagram.length : SESSION_LIMIT;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    byte[] datagram = established ? next : await(waitMillis);
    next = null;
    if (datagram == null) {
      if (established) {
        throw DRY;
      }
      return -1;
    }
    int taken = Math.min(length, datagram.length);
    System.arraycopy(datagram, 0, buffer, offset, taken);
    return taken;
  }

  private byte @Nullable [] await(int waitMillis) throws InterruptedIOException {
    try {
      return waiting.poll(waitMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server stops");
    }
  }

  @Override
  public int getSendLimit() {
    return established ? SESSION_LIMIT : FLIGHT_LIMIT;
  }

  @Override
  public void send(byte[] buffer, int offset, int length) throws IOException {
    ByteBuffer datagram = ByteBuffer.wrap(buffer, offset, length);
    if (established) {
      sessionSending.send(datagram);
    } else {
      handshakeSending.send(datagram);
    }
  }

  @Override
  public void close() {}
}
