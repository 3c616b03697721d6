package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import org.bradawl.stun.FiveTuple;
import org.bradawl.turn.server.TurnCounters.Event;

/**
 * Sends replies to sources that have proved nothing, not even that the address they write from is
 * theirs: no more than {@link ReplyLimit} lets out, and none that is more than {@value
 * #MOST_AMPLIFICATION} times as long as its request.
 */
final class UnprovenReplies {

  /**
   * A bare Binding request of 20 bytes over IPv6 is answered with up to 116 where RFC 5780 is
   * served; a challenge with a long realm for an Allocate request of 28 with up to 220.
   */
  static final int MOST_AMPLIFICATION = 8;

  private final ReplyLimit limit;
  private final Clients clients;
  private final TurnCounters counters;
  private int requestBytes;
  private long nowNanos;

  UnprovenReplies(ReplyLimit limit, Clients clients, TurnCounters counters) {
    this.limit = limit;
    this.clients = clients;
    this.counters = counters;
  }

  /** A message came in; what is sent until the next one answers it. */
  void to(int bytes, long now) {
    requestBytes = bytes;
    nowNanos = now;
  }

  /** Sends the reply to what came by {@code path} by the way {@code back}, if it may. */
  void send(FiveTuple path, FiveTuple back, ByteBuffer reply) {
    switch (path.transport()) {
      case UDP -> {
        if (reply.remaining() > MOST_AMPLIFICATION * requestBytes) {
          counters.tally(Event.REPLY_TOO_LONG);
        } else if (limit.admits(back, !back.equals(path), nowNanos)) {
          clients.send(back, reply);
        } else {
          counters.tally(Event.REPLY_LIMITED);
        }
      }
      case TCP, TLS, DTLS -> clients.send(back, reply);
    }
  }
}
