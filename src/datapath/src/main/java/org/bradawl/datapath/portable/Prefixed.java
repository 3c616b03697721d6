package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A wire some of whose input was read before it was known what it is. */
final class Prefixed implements StreamWire {

  private final StreamWire below;
  private final ByteBuffer prefix;

  /** The wire with the remaining bytes of {@code read} before what is yet to come. */
  Prefixed(StreamWire below, ByteBuffer read) {
    this.below = below;
    this.prefix = ByteBuffer.allocate(read.remaining()).put(read).flip();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!prefix.hasRemaining()) {
      return below.read(target);
    }
    int length = Math.min(prefix.remaining(), target.remaining());
    target.put(prefix.slice(prefix.position(), length));
    prefix.position(prefix.position() + length);
    return length;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return below.write(source);
  }

  @Override
  public int interest(boolean output) {
    return below.interest(output);
  }

  @Override
  public boolean hasInput() {
    return prefix.hasRemaining() || below.hasInput();
  }

  @Override
  public void finishOutput() throws IOException {
    below.finishOutput();
  }

  @Override
  public boolean unsent() {
    return below.unsent();
  }

  @Override
  public boolean isOpen() {
    return below.isOpen();
  }

  @Override
  public void close() throws IOException {
    below.close();
  }

  @Override
  public boolean settled() {
    return below.settled();
  }

  @Override
  public void movedTo(TlsDesk desk) {
    below.movedTo(desk);
  }
}
