package org.bradawl.benchmarks.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;

/** Binding requests; the transaction id carries client and time. */
final class BindingLoad extends Load {

  private static final short REQUEST = 0x0001;
  private static final short SUCCESS = 0x0101;
  private static final int COOKIE_AT = 4;
  private static final int CLIENT_AT = 8;
  private static final int TIME_AT = 12;
  private static final int LENGTH = 20;

  private final ByteBuffer request = packet(LENGTH);

  BindingLoad(Target target, Cell.Binding cell) throws IOException {
    super(target, cell.clients(), cell.window(), false);
    request.putShort(0, REQUEST).putInt(COOKIE_AT, TransactionId.MAGIC_COOKIE);
  }

  @Override
  void send(int client, long timeNanos) {
    request.clear();
    request.putInt(CLIENT_AT, client).putLong(TIME_AT, timeNanos);
    loop.send(client, target.address(), request);
  }

  @Override
  int crossings() {
    return 1;
  }

  @Override
  public void received(int socket, TransportAddress source, ByteBuffer datagram) {
    int at = datagram.position();
    if (datagram.remaining() >= LENGTH && datagram.getShort(at) == SUCCESS) {
      int client = datagram.getInt(at + CLIENT_AT);
      if (client == socket) {
        arrived(client, datagram.getLong(at + TIME_AT));
      }
    }
  }
}
