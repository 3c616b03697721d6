package org.bradawl.server.signaling.boundary;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Upgrades a connection by somebody else's handler, and lets that handler hear of data only when
 * its {@link #init} is over.
 *
 * <p>A client may send before it has the answer to its request. Payara then calls the listener as
 * soon as it is set, on the same thread, and Tyrus, which sets it first, waits there for the end of
 * its own initialization: the connection would be dead, and a thread of the container with it.
 */
public final class LateReading implements HttpUpgradeHandler {

  private @Nullable HttpUpgradeHandler handler;

  /** For the container. */
  public LateReading() {}

  <T extends HttpUpgradeHandler> T by(Class<T> type) throws ServletException {
    try {
      T made = type.getConstructor().newInstance();
      handler = made;
      return made;
    } catch (ReflectiveOperationException e) {
      throw new ServletException("no upgrade to a WebSocket by " + type.getName(), e);
    }
  }

  @Override
  public void init(WebConnection connection) {
    try {
      Input input = new Input(connection.getInputStream());
      requireNonNull(handler).init(new Connection(connection, input));
      input.letRead();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void destroy() {
    requireNonNull(handler).destroy();
  }

  @SuppressWarnings("try") // close() is declared by the interface, to throw whatever
  private record Connection(WebConnection of, Input input) implements WebConnection {

    @Override
    public ServletInputStream getInputStream() {
      return input;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      return of.getOutputStream();
    }

    @Override
    public void close() throws Exception {
      of.close();
    }
  }

  /** Of one thread until {@link #letRead}, and of the container's after it. */
  private static final class Input extends ServletInputStream {

    private final ServletInputStream of;
    private @Nullable ReadListener early;
    private boolean reading;

    Input(ServletInputStream of) {
      this.of = of;
    }

    void letRead() {
      reading = true;
      if (early != null) {
        of.setReadListener(early);
      }
    }

    @Override
    public void setReadListener(ReadListener listener) {
      if (reading) {
        of.setReadListener(listener);
      } else {
        early = listener;
      }
    }

    @Override
    public boolean isFinished() {
      return of.isFinished();
    }

    @Override
    public boolean isReady() {
      return of.isReady();
    }

    @Override
    public int available() throws IOException {
      return of.available();
    }

    @Override
    public int read() throws IOException {
      return of.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return of.read(into, offset, length);
    }

    @Override
    public void close() throws IOException {
      of.close();
    }
  }
}
