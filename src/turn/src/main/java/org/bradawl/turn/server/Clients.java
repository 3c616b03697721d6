package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bradawl.stun.FiveTuple;
import org.jspecify.annotations.Nullable;

/**
 * The way to clients: by this shard's own sockets, but for those that moved and that the kernel
 * hands to another shard, by that one's.
 */
final class Clients {

  private final ServerActions actions;
  private final Mobility mobility;
  private final int shard;
  private final Map<FiveTuple, Integer> homes = new HashMap<>();
  private @Nullable FiveTuple answering;

  Clients(ServerActions actions, Mobility mobility) {
    this.actions = actions;
    this.mobility = mobility;
    this.shard = mobility.join(actions);
  }

  /** The number of this shard. */
  int shard() {
    return shard;
  }

  /**
   * A message came by way of another shard; answers go back by that one, also to a request that
   * ends its allocation, until {@link #answered}.
   */
  void cameFrom(FiveTuple path, int home) {
    homes.put(path, home);
    answering = path;
  }

  /** The message that {@link #cameFrom} spoke of is dealt with. */
  void answered() {
    answering = null;
  }

  boolean isElsewhere(FiveTuple path) {
    return homes.containsKey(path);
  }

  void forget(FiveTuple path) {
    if (path.equals(answering)) {
      mobility.forget(path);
    } else if (homes.remove(path) != null) {
      mobility.forget(path);
    }
  }

  void send(FiveTuple path, ByteBuffer message) {
    Integer home = home(path);
    if (home == null) {
      actions.sendToClient(path, message);
    } else {
      ByteBuffer copy = copy(message);
      mobility.hand(home, (machine, now) -> machine.toOwnClient(path, copy));
    }
  }

  /**
   * Lets the shard that a client's messages reach know an answer, too: once the allocation here is
   * over, a retransmission ends there.
   */
  void remember(Exchange exchange, ByteBuffer message) {
    Integer home = home(exchange.path());
    if (home != null) {
      ByteBuffer answer = message.duplicate();
      mobility.hand(home, (machine, now) -> machine.answeredElsewhere(exchange, answer, now));
    }
  }

  void sendChannelData(FiveTuple path, int channel, ByteBuffer data) {
    Integer home = home(path);
    if (home == null) {
      actions.sendChannelData(path, channel, data);
    } else {
      ByteBuffer copy = copy(data);
      mobility.hand(home, (machine, now) -> machine.toOwnClient(path, channel, copy));
    }
  }

  void close(FiveTuple path) {
    Integer home = home(path);
    if (home == null) {
      actions.closeClient(path);
    } else {
      mobility.hand(home, (machine, now) -> machine.closeOwnClient(path));
    }
  }

  /** Whether a client's connection carries an allocation, which keeps it open. */
  void held(FiveTuple path, boolean held, long nowNanos) {
    Integer home = home(path);
    if (home == null) {
      actions.clientHeld(path, held, nowNanos);
    } else {
      mobility.hand(home, (machine, now) -> machine.holdOwnClient(path, held, now));
    }
  }

  private @Nullable Integer home(FiveTuple path) {
    return homes.isEmpty() ? null : homes.get(path);
  }

  static ByteBuffer copy(ByteBuffer bytes) {
    ByteBuffer copy = ByteBuffer.allocateDirect(bytes.remaining());
    return copy.put(bytes).flip();
  }
}
