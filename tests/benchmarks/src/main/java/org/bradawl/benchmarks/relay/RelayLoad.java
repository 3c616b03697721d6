package org.bradawl.benchmarks.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.bradawl.benchmarks.relay.Cell.Direction;
import org.bradawl.stun.TransportAddress;

/**
 * ChannelData through allocations.
 *
 * <pre>
 *   client to server   [channel 16][length 16][client 32][reserved 32][time 64][…]
 *   peer to server                            [client 32][reserved 32][time 64][…]
 * </pre>
 */
final class RelayLoad extends Load {

  private static final int CHANNEL_HEADER = 4;
  private static final int CLIENT = 0;
  private static final int TIME = 8;

  /** What a packet has to carry. */
  static final int LEAST_BYTES = 16;

  private final Direction direction;
  private final Enrolment enrolment;
  private final ByteBuffer framed;
  private final ByteBuffer plain;

  RelayLoad(Target target, Cell.Flow flow) throws IOException {
    super(target, flow.clients(), flow.window(), flow.bulk());
    this.direction = flow.direction();
    this.enrolment = new Enrolment(loop, target, peerAddress(), clients);
    this.framed = packet(CHANNEL_HEADER + flow.bytes());
    framed.putShort(0, (short) Enrolment.CHANNEL).putShort(2, (short) flow.bytes());
    this.plain = packet(flow.bytes());
    enrolment.enrol();
  }

  @Override
  void send(int client, long timeNanos) {
    switch (direction) {
      case ECHO, UP -> {
        framed.clear();
        framed.putInt(CHANNEL_HEADER + CLIENT, client).putLong(CHANNEL_HEADER + TIME, timeNanos);
        loop.send(client, target.address(), framed);
      }
      case DOWN -> {
        plain.clear();
        plain.putInt(CLIENT, client).putLong(TIME, timeNanos);
        loop.send(peer, enrolment.relayed(client), plain);
      }
    }
  }

  @Override
  int crossings() {
    return direction.crossings();
  }

  @Override
  public void received(int socket, TransportAddress source, ByteBuffer datagram) {
    int at = datagram.position();
    if (socket != peer) {
      boolean whole = datagram.remaining() == framed.capacity();
      if (whole && datagram.getShort(at) == Enrolment.CHANNEL) {
        end(datagram, at + CHANNEL_HEADER);
      }
    } else if (datagram.remaining() == plain.capacity()) {
      switch (direction) {
        case ECHO -> loop.send(peer, source, datagram);
        case UP -> end(datagram, at);
        case DOWN -> {}
      }
    }
  }

  private void end(ByteBuffer datagram, int at) {
    int client = datagram.getInt(at + CLIENT);
    if (client >= 0 && client < clients) {
      arrived(client, datagram.getLong(at + TIME));
    }
  }

  @Override
  public void close() throws IOException {
    enrolment.release();
    super.close();
  }
}
