package org.bradawl.agent.path;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bradawl.stun.IpAddress;

/**
 * A socket that is always connected to one peer, whichever way its datagrams take. To those who use
 * it the peer has one address that never changes; it is of a documentation range (RFC 5737), so
 * that a datagram that leaks out by mistake goes nowhere.
 */
public final class PathSocket extends DatagramSocket {

  /** Where the peer seems to be. */
  public static final InetSocketAddress PEER =
      new InetSocketAddress(IpAddress.parse("192.0.2.1").toInetAddress(), 443);

  private static final InetSocketAddress SELF =
      new InetSocketAddress(IpAddress.parse("192.0.2.2").toInetAddress(), 443);

  /** What a fast tunnel has under way; beyond it datagrams are lost, as they are in a socket. */
  private static final int WAITING = 4_096;

  private static final int PACKET_BYTES = 1_500;

  private final BlockingQueue<ByteBuffer> incoming = new ArrayBlockingQueue<>(WAITING);
  private final Consumer<ByteBuffer> out;
  private volatile boolean closed;
  private volatile int timeoutMillis;

  /** A socket that sends there. */
  PathSocket(Consumer<ByteBuffer> out) throws SocketException {
    super((SocketAddress) null);
    this.out = out;
  }

  /** A datagram has come by some way; it is copied, or lost when too many wait. */
  boolean deliver(ByteBuffer datagram) {
    ByteBuffer copy = ByteBuffer.allocate(datagram.remaining()).put(datagram).flip();
    return copy.hasRemaining() && !closed && incoming.offer(copy);
  }

  @Override
  public void send(DatagramPacket packet) throws IOException {
    if (closed) {
      throw new SocketException("closed");
    }
    out.accept(ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength()));
  }

  @Override
  public void receive(DatagramPacket packet) throws IOException {
    ByteBuffer datagram = next();
    int length = Math.min(datagram.remaining(), packet.getData().length - packet.getOffset());
    datagram.get(packet.getData(), packet.getOffset(), length);
    packet.setLength(length);
    packet.setSocketAddress(PEER);
  }

  /**
   * Once it is closed nothing comes any more, and who waits is left waiting until it is
   * interrupted, as kwik does when it stops. A receive that fails before that is fatal: kwik's
   * server ends the whole program with it (exit code 9, version 0.10.8).
   */
  private ByteBuffer next() throws IOException {
    try {
      ByteBuffer datagram =
          timeoutMillis == 0
              ? incoming.take()
              : incoming.poll(timeoutMillis, TimeUnit.MILLISECONDS);
      if (datagram == null) {
        throw new SocketTimeoutException("nothing came");
      }
      return datagram;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SocketException("interrupted", e);
    }
  }

  @Override
  public void close() {
    if (incomingIsUsable()) {
      closed = true;
      incoming.clear();
    }
    super.close();
  }

  /** The superclass may close itself while it is being made. */
  @SuppressWarnings("ConstantValue") // not before the constructor has run
  private boolean incomingIsUsable() {
    return incoming != null && !closed;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public int getReceiveBufferSize() {
    return WAITING * PACKET_BYTES;
  }

  @Override
  public int getLocalPort() {
    return SELF.getPort();
  }

  @Override
  public InetAddress getLocalAddress() {
    return SELF.getAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return SELF;
  }
}
