package org.bradawl.agent;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.net.Socket;

/** A socket's output whose end leaves its input open. */
final class HalfClosing extends FilterOutputStream {

  private final Socket socket;

  HalfClosing(Socket socket) throws IOException {
    super(socket.getOutputStream());
    this.socket = socket;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    flush();
    if (!socket.isClosed() && !socket.isOutputShutdown()) {
      socket.shutdownOutput();
    }
  }
}
