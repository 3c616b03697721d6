package org.bradawl.tests.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The line between a page and the server: a TCP proxy whose connections can be cut, all at once or
 * each after so many bytes, and that can be taken down for a while.
 *
 * <p>A cut resets both ends without a word, as a lost network does: what is on its way is lost.
 */
final class Line implements AutoCloseable {

  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final Set<Cable> cables = ConcurrentHashMap.newKeySet();
  private volatile boolean up = true;
  private volatile LongSupplier bytesToCut = () -> Long.MAX_VALUE;

  /** A line to the HTTP of the server at this address, open at a port of its own. */
  Line(URI server) {
    this(new InetSocketAddress(server.getHost(), server.getPort()));
  }

  /** A line to whatever listens at this address. */
  Line(InetSocketAddress server) {
    this.server = server;
    try {
      listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("line").start(this::accept);
  }

  /** Where the page finds the server through this line. */
  URI address() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Resets every connection there is. New ones are let through. */
  void cut() {
    cables.forEach(Cable::reset);
  }

  /** Resets every connection there is, and every new one until {@link #repair}. */
  void takeDown() {
    up = false;
    cut();
  }

  /** Lets new connections through again. */
  void repair() {
    up = true;
  }

  /** From now on resets each new connection after the number of bytes that {@code bytes} says. */
  void cutAfter(LongSupplier bytes) {
    bytesToCut = bytes;
  }

  /** How many connections stand. */
  int connections() {
    return cables.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Cable cable = new Cable(listener.accept(), bytesToCut.getAsLong());
        cables.add(cable);
        Thread.ofVirtual().name("line, connecting").start(cable::connect);
      } catch (IOException e) {
        // The listener was closed, or a connection was gone before it was taken.
      }
    }
  }

  /** One connection through the line. */
  private final class Cable {
    private final Socket near;
    private final Socket far = new Socket();
    private long left;

    Cable(Socket near, long left) {
      this.near = near;
      this.left = left;
    }

    void connect() {
      try {
        if (!up) {
          throw new IOException("the line is down");
        }
        far.connect(server);
        Thread.ofVirtual().name("line, to the server").start(() -> copy(near, far));
        copy(far, near);
      } catch (IOException e) {
        reset();
      }
    }

    private void copy(Socket from, Socket to) {
      byte[] buffer = new byte[16 * 1024];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          int passed = spend(n);
          out.write(buffer, 0, passed);
          if (passed < n) {
            break;
          }
        }
      } catch (IOException e) {
        // Reset by either end, or by us.
      }
      reset();
    }

    private synchronized int spend(int wanted) {
      int passed = (int) Math.min(wanted, left);
      left -= passed;
      return passed;
    }

    void reset() {
      cables.remove(this);
      for (Socket end : new Socket[] {near, far}) {
        try {
          end.setSoLinger(true, 0);
          end.close();
        } catch (IOException e) {
          // Already closed, which is what is wanted.
        }
      }
    }
  }
}
