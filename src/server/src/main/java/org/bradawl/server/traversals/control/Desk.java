package org.bradawl.server.traversals.control;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.bradawl.traversal.broker.Broker;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.ServerFrames;

/**
 * One application's broker with the lock that every call of it is made under. Frames go out after
 * that lock is given back, in the order in which they were made: another lock sees to that, under
 * which the exchange's own may be taken. The order is delivery, then exchange; nothing is ever
 * called the other way round.
 */
final class Desk {

  private record Letter(String peer, FromServer frame) {}

  private final Broker broker;
  private final BiConsumer<String, String> post;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock delivery = new ReentrantLock();
  private final Queue<Letter> outgoing;

  /** Where the broker's frames are put while it is at work. */
  static final class Tray {
    private final Queue<Letter> letters = new ConcurrentLinkedQueue<>();

    void put(String peer, FromServer frame) {
      letters.add(new Letter(peer, frame));
    }
  }

  /**
   * A desk.
   *
   * @param tray where the broker puts its frames
   * @param post sends a frame, as JSON, to a peer
   */
  Desk(Broker broker, Tray tray, BiConsumer<String, String> post, LongSupplier nanoClock) {
    this.broker = broker;
    this.outgoing = tray.letters;
    this.post = post;
    this.nanoClock = nanoClock;
  }

  void act(BiConsumer<Broker, Long> move) {
    turn((machine, now) -> {
      move.accept(machine, now);
      return now;
    });
  }

  <T> T turn(BiFunction<Broker, Long, T> move) {
    T result;
    lock.lock();
    try {
      result = move.apply(broker, nanoClock.getAsLong());
    } finally {
      lock.unlock();
    }
    deliver();
    return result;
  }

  private void deliver() {
    delivery.lock();
    try {
      for (Letter next = outgoing.poll(); next != null; next = outgoing.poll()) {
        Map<String, Object> tree = ServerFrames.write(next.frame());
        post.accept(next.peer(), FrameJson.write(tree));
      }
    } finally {
      delivery.unlock();
    }
  }
}
