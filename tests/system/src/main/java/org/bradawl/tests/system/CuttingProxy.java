package org.bradawl.tests.system;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between an agent and the server, counts the WebSocket frames of both directions, and
 * breaks the connection at one of them, which is lost. What comes after that goes through.
 */
final class CuttingProxy implements AutoCloseable {

  private static final int MASKED = 0x80;

  private final ServerSocket listener;
  private final URI server;
  private final AtomicInteger framesLeft;

  /**
   * A proxy on a loopback port.
   *
   * @param frame the number, from 1, of the frame at which the connection breaks
   */
  CuttingProxy(URI server, int frame) throws IOException {
    this.server = server;
    this.framesLeft = new AtomicInteger(frame);
    this.listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().name("cutting proxy").start(this::accept);
  }

  /** What the agent is told to be the server. */
  URI address() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket agent = listener.accept();
        Socket away = new Socket(server.getHost(), server.getPort());
        Thread.ofVirtual().start(() -> carry(agent, away));
        Thread.ofVirtual().start(() -> carry(away, agent));
      }
    } catch (IOException e) {
      // The proxy is closed.
    }
  }

  private void carry(Socket from, Socket to) {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      OutputStream out = to.getOutputStream();
      headers(in, out);
      while (true) {
        byte[] frame = frame(in);
        if (framesLeft.decrementAndGet() == 0) {
          return;
        }
        out.write(frame);
        out.flush();
      }
    } catch (IOException e) {
      // One side has gone, and the other goes too.
    }
  }

  private static void headers(InputStream in, OutputStream out) throws IOException {
    int last = 0;
    while (last != 0x0d0a0d0a) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("it ends within the headers");
      }
      last = last << 8 | next;
      out.write(next);
    }
    out.flush();
  }

  /** RFC 6455 §5.2. */
  private static byte[] frame(DataInputStream in) throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    int extended = (second & 0x7f) == 126 ? 2 : (second & 0x7f) == 127 ? 8 : 0;
    byte[] size = in.readNBytes(extended);
    long length = second & 0x7f;
    if (extended > 0) {
      length = 0;
      for (byte part : size) {
        length = length << 8 | Byte.toUnsignedInt(part);
      }
    }
    byte[] rest = in.readNBytes((int) length + ((second & MASKED) == 0 ? 0 : 4));
    byte[] frame = new byte[2 + extended + rest.length];
    frame[0] = (byte) first;
    frame[1] = (byte) second;
    System.arraycopy(size, 0, frame, 2, extended);
    System.arraycopy(rest, 0, frame, 2 + extended, rest.length);
    return frame;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
