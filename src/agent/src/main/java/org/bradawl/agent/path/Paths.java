package org.bradawl.agent.path;

import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Consent;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
import org.jspecify.annotations.Nullable;

/**
 * All ways to one peer and which of them is in use: the best that works, direct before relayed, UDP
 * before TCP, the newest first. When we write and hear nothing, everything goes out over the next
 * best way too, until it is known which of them is dead: QUIC takes what comes twice once.
 */
public final class Paths implements AutoCloseable {

  /** What becomes of the ways. */
  public interface Listener {

    /** From now on everything goes this way. */
    void moved(Path path);

    /** A way is gone; {@code left} is what is in use now. */
    void lost(Path path, Optional<Path> left);

    /** What is sent is not answered, whichever way it takes; told again and again. */
    void stuck();
  }

  /**
   * QUIC acknowledges within 25 ms and a round trip. Who says nothing for three times that and two
   * round trips is doubted; a wrong doubt costs what is sent twice, and a right one leaves a gap
   * that nobody notices.
   */
  private static final long DOUBT_NANOS = 75_000_000L;

  /** Of a way that has not been measured. */
  private static final long USUAL_ROUND_TRIP_NANOS = 30_000_000L;

  /** When there is doubt, and something else works, a way that stays silent this long is dead. */
  private static final long DEATH_NANOS = 3_000_000_000L;

  /** When nothing comes back over any way for so long, another one had better be looked for. */
  private static final long STUCK_NANOS = 1_000_000_000L;

  /** Short beside the gap that doubt leaves. */
  private static final long TICK_NANOS = 10_000_000L;

  /** What was under way when the last answer came may be lost too: a round trip before it. */
  private static final long UNDER_WAY_NANOS = 100_000_000L;

  /** As many datagrams as 15 MB/s have under way in a tenth of a second; 1.5 MB at most. */
  private static final int KEPT = 1_200;

  private record Sent(long nanos, ByteBuffer datagram) {}

  private final class Way {
    final Path path;
    final Consent consent;
    final int order;
    final EventLoop.Alarm alarm;

    Way(Path path, Consent consent, int order) {
      this.path = path;
      this.consent = consent;
      this.order = order;
      this.alarm = loop.alarm(() -> advance(this));
    }
  }

  private final EventLoop loop;
  private final RandomGenerator random;
  private final Listener listener;
  private final PathSocket socket;
  private final EventLoop.Alarm watch;
  private final List<Way> ways = new ArrayList<>();
  private volatile @Nullable Way current;
  private volatile @Nullable Way second;
  private volatile long unansweredSinceNanos;
  private volatile boolean unanswered;
  private volatile long answeredNanos;

  /** How long the way in use may be silent. */
  private volatile long patienceNanos = DOUBT_NANOS + 2 * USUAL_ROUND_TRIP_NANOS;

  private long heardNanos;
  private long stuckNanos;
  private final Deque<Sent> sent = new ArrayDeque<>();
  private boolean repeated;
  private boolean closed;
  private int added;

  /** No ways yet; made on the loop's thread. */
  public Paths(EventLoop loop, RandomGenerator random, Listener listener) throws SocketException {
    this.loop = loop;
    this.random = random;
    this.listener = listener;
    this.socket = new PathSocket(this::send);
    this.watch = loop.alarm(this::watch);
  }

  /** What hides the ways. */
  public PathSocket socket() {
    return socket;
  }

  /** The way in use. */
  public Optional<Path> current() {
    Way way = current;
    return way == null ? Optional.empty() : Optional.of(way.path);
  }

  /** There is another way, which checks have proven. */
  public void add(Path path, Side side, Credentials local, Credentials remote) {
    if (closed) {
      path.close().run();
      return;
    }
    find(path)
        .ifPresent(older -> {
          // Found again, by a later traversal with other credentials.
          ways.remove(older);
          older.alarm.remove();
        });
    Way way = new Way(path, new Consent(side, local, remote, random, path.out()), added++);
    boolean waiting = current == null || isDoubted(loop.nanos());
    ways.add(way);
    way.consent.start(true, loop.nanos());
    way.alarm.set(way.consent.deadlineNanos());
    choose();
    if (waiting) {
      // QUIC's next try may be seconds away.
      repeat(way);
    }
    watch.in(TICK_NANOS);
  }

  private boolean isDoubted(long now) {
    return unanswered && now - unansweredSinceNanos > patienceNanos;
  }

  /** Ways of which {@code gone} is known not to be there any more are given up at once. */
  public void leave(Predicate<Path> gone) {
    List.copyOf(ways).stream().filter(way -> gone.test(way.path)).forEach(this::drop);
  }

  private Optional<Way> find(Path path) {
    return ways.stream().filter(way -> isSame(way.path, path)).findFirst();
  }

  private static boolean isSame(Path one, Path other) {
    return one.remote().equals(other.remote())
        && one.local().equals(other.local())
        && one.transport() == other.transport();
  }

  private void choose() {
    ways.sort(
        Comparator.comparing((Way way) -> way.path.isRelayed())
            .thenComparing(way -> way.path.transport())
            .thenComparingInt(way -> -way.order));
    second = ways.size() > 1 ? ways.get(1) : null;
    Way best = ways.isEmpty() ? null : ways.getFirst();
    Way before = current;
    current = best;
    if (best != null && !best.equals(before)) {
      unanswered = false;
      if (before == null || !isSame(before.path, best.path)) {
        listener.moved(best.path);
      }
    }
  }

  private void send(ByteBuffer datagram) {
    Way first = current;
    Way other = second;
    long now = loop.nanos();
    if (other != null && isDoubted(now)) {
      other.path.out().accept(datagram.duplicate());
    }
    if (!unanswered) {
      unansweredSinceNanos = now;
      unanswered = true;
    }
    keep(new Sent(now, ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate()).flip()));
    if (first != null) {
      first.path.out().accept(datagram);
    }
  }

  private void keep(Sent datagram) {
    synchronized (sent) {
      if (sent.size() == KEPT) {
        sent.remove();
      }
      sent.add(datagram);
    }
  }

  /**
   * Sends what may have been lost over another way. QUIC would send it again by itself, but only
   * after a pause that grows with every loss.
   */
  private void repeat(Way other) {
    List<Sent> lost;
    synchronized (sent) {
      lost = sent.stream().filter(one -> one.nanos() - answeredNanos > -UNDER_WAY_NANOS).toList();
    }
    lost.forEach(one -> other.path.out().accept(one.datagram().duplicate()));
  }

  /** A datagram of the tunnel's has come over a way. */
  void received(Path path, ByteBuffer datagram) {
    Way way = current;
    heardNanos = loop.nanos();
    // What comes over another way says nothing about ours.
    if (way != null && way.path.equals(path)) {
      unanswered = false;
      answeredNanos = heardNanos;
    }
    socket.deliver(datagram);
  }

  /** A STUN message has come over a way; whether it was about that way. */
  boolean received(Path path, StunMessage message, TransportAddress from) {
    Optional<Way> way = find(path);
    if (way.isEmpty() || !way.get().consent.received(from, message, loop.nanos())) {
      return false;
    }
    way.get().alarm.set(way.get().consent.deadlineNanos());
    heardNanos = loop.nanos();
    return true;
  }

  private void advance(Way way) {
    way.consent.advance(loop.nanos());
    way.alarm.set(way.consent.deadlineNanos());
  }

  private void watch() {
    long now = loop.nanos();
    Way way = current;
    if (way != null) {
      judge(way, now);
    }
    for (Way standby : List.copyOf(ways)) {
      if (standby.consent.isExpired(now)) {
        drop(standby);
      }
    }
    boolean silent = unanswered && now - unansweredSinceNanos > STUCK_NANOS;
    if (silent && now - heardNanos > STUCK_NANOS && now - stuckNanos > STUCK_NANOS) {
      stuckNanos = now;
      listener.stuck();
    }
    watch.in(TICK_NANOS);
  }

  private void judge(Way way, long now) {
    patienceNanos = DOUBT_NANOS + 2 * way.consent.roundTripNanos().orElse(USUAL_ROUND_TRIP_NANOS);
    long silent = unanswered ? now - unansweredSinceNanos : 0;
    boolean doubted = isDoubted(now) && now - way.consent.heardNanos() > patienceNanos;
    way.consent.doubt(doubted, now);
    if (!doubted) {
      repeated = false;
    } else {
      Way other = second;
      way.alarm.set(way.consent.deadlineNanos());
      if (other != null && !repeated) {
        repeated = true;
        repeat(other);
      }
      // An acknowledgement is not answered (RFC 9000 §13.2.1): only a way that does not answer
      // checks either is dead.
      if (other != null && silent > DEATH_NANOS && now - way.consent.heardNanos() > DEATH_NANOS) {
        drop(way);
      }
    }
  }

  private void drop(Way way) {
    if (ways.remove(way)) {
      way.alarm.remove();
      way.path.close().run();
      choose();
      listener.lost(way.path, current());
    }
  }

  /** The way between these, if it is one of these. */
  Optional<Path> between(TransportAddress local, TransportAddress remote) {
    return ways.stream()
        .map(way -> way.path)
        .filter(path -> path.remote().equals(remote) && path.local().equals(local))
        .findFirst();
  }

  /** How long the last check over the way in use took. */
  public OptionalLong roundTripNanos() {
    Way way = current;
    return way == null ? OptionalLong.empty() : way.consent.roundTripNanos();
  }

  @Override
  public void close() {
    watch.remove();
    socket.close();
    closed = true;
    ways.forEach(way -> {
      way.alarm.remove();
      way.path.close().run();
    });
    ways.clear();
    current = null;
    second = null;
  }
}
