package org.bradawl.traversal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ErrorCode;

/**
 * Connectivity checks over UDP (RFC 8445 §7) from any number of sockets: requests go out as they
 * are scheduled, at a bounded rate; what comes in and is signed by the peer is answered, checked
 * back ("triggered"), and one pair is nominated by the controlling side.
 *
 * <p>Unlike an RFC 8445 check list, which sends one request each 50 ms, this one sends up to {@link
 * #RATE} a second: predicted ports go stale in tens of milliseconds. Targets are vetted by {@link
 * Targets} before they get here, so the rate only ever meets the peer's own address.
 */
public final class Checks {

  /** A path that works: our socket, the peer's endpoint, and the step that led there. */
  public record Path(int socket, TransportAddress remote, int step) {}

  /** Requests a second: a search of 1,024 ports takes one second, at 1 Mbit/s. */
  static final int RATE = 1_000;

  private static final long SPACING_NANOS = 1_000_000_000L / RATE;

  /** A pair that heard from the peer is asked this often: RFC 8445's Ta, 50 ms. */
  private static final long TRIGGERED_INTERVAL_NANOS = 50_000_000L;

  /** For a second: twenty in a row are lost by chance never. */
  private static final int TRIGGERED_COUNT = 20;

  /** Forged or stale transactions are forgotten after this many: a search and its repetitions. */
  private static final int REMEMBERED = 4_096;

  /** Ports of its own address that a peer can make us check back. */
  private static final int MOST_TRIGGERED = 64;

  /**
   * Requests that all steps together may schedule: four times what the longest plan does, and two
   * megabytes. A plan that asks for more comes from somebody who wants us to flood the peer.
   */
  static final int MOST_SCHEDULED = 16_384;

  /** RFC 8445 §5.1.2.1: a peer-reflexive candidate's type preference, component 1. */
  private static final long PRIORITY = (110L << 24) | (65_535L << 8) | 255;

  private record Pair(int socket, TransportAddress remote) {}

  private record Due(long atNanos, long order, Pair pair, int ttl, boolean nominate) {}

  private record Sent(Pair pair, boolean nominating, boolean asControlling) {}

  private final Targets targets;
  private final CheckMessages messages;
  private final CheckActions actions;
  private final RandomGenerator random;
  private final long tieBreaker;
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::order));
  private final Map<TransactionId, Sent> sent =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TransactionId, Sent> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final Map<Pair, Integer> steps = new HashMap<>();
  private final Map<Integer, Integer> socketSteps = new HashMap<>();
  private final Set<Pair> guessed = new HashSet<>();
  private final List<Pair> valid = new ArrayList<>();
  private final List<Pair> triggered = new ArrayList<>();
  private final Deque<Pair> nominatedByPeer = new ArrayDeque<>();
  private Optional<Pair> nominee = Optional.empty();
  private Optional<Path> selected = Optional.empty();
  private boolean controlling;
  private long freeNanos;
  private boolean paced;
  private long order;
  private long rejected;
  private int scheduled;

  /** Checks in which nothing is scheduled; the initiator begins as the controlling side. */
  public Checks(
      Side side,
      Credentials local,
      Credentials remote,
      Targets targets,
      RandomGenerator random,
      CheckActions actions) {
    this.targets = targets;
    this.messages = new CheckMessages(local, remote);
    this.controlling = side == Side.INITIATOR;
    this.tieBreaker = random.nextLong();
    this.random = random;
    this.actions = actions;
  }

  /** Whether this side nominates, which a conflict may have changed. */
  public boolean isControlling() {
    return controlling;
  }

  /** Messages that were for us by their looks and not by their signature. */
  public long rejected() {
    return rejected;
  }

  /** The path both sides agreed on. */
  public Optional<Path> selected() {
    return selected;
  }

  /** Says which step a socket serves from now on, for pairs that the peer begins. */
  public void socketOf(int step, int socket) {
    socketSteps.put(socket, step);
  }

  /**
   * Schedules a request, unless this traversal has used up its packets; whether it was.
   *
   * @param ttl how many hops it may see; 0 for the usual
   */
  public boolean schedule(int step, int socket, TransportAddress remote, int ttl, long atNanos) {
    if (!targets.allows(remote)) {
      throw new IllegalArgumentException(remote + " is not the peer's");
    }
    if (scheduled >= MOST_SCHEDULED) {
      return false;
    }
    scheduled++;
    Pair pair = new Pair(socket, remote);
    // A pair that the peer began before us was put down to a step by its socket alone.
    if (guessed.remove(pair)) {
      steps.put(pair, step);
    }
    steps.putIfAbsent(pair, step);
    due.add(new Due(atNanos, order++, pair, ttl, false));
    return true;
  }

  /** When {@link #advance} wants to be called next. */
  public OptionalLong deadlineNanos() {
    Due next = due.peek();
    if (next == null || selected.isPresent()) {
      return OptionalLong.empty();
    }
    boolean waits = paced && freeNanos - next.atNanos() > 0;
    return OptionalLong.of(waits ? freeNanos : next.atNanos());
  }

  /** Sends what is due, no faster than the rate allows. */
  public void advance(long now) {
    for (Due next = due.peek(); next != null && now - next.atNanos() >= 0; next = due.peek()) {
      if (paced && now - freeNanos < 0) {
        return;
      }
      due.remove();
      if (isWanted(next)) {
        transmit(next, now);
      }
    }
  }

  /** Once a pair is nominated the others have no use, and once it is confirmed nothing has. */
  private boolean isWanted(Due next) {
    if (selected.isPresent()) {
      return false;
    }
    if (next.nominate()) {
      return controlling && nominee.filter(next.pair()::equals).isPresent();
    }
    return nominee.isEmpty() && !valid.contains(next.pair());
  }

  private void transmit(Due next, long now) {
    paced = true;
    freeNanos = now + SPACING_NANOS;
    TransactionId id = TransactionId.random(random);
    sent.put(id, new Sent(next.pair(), next.nominate(), controlling));
    actions.send(
        next.pair().socket(),
        next.pair().remote(),
        next.ttl(),
        messages.request(id, controlling, tieBreaker, PRIORITY, next.nominate()));
  }

  /** A datagram has come that is a STUN message; whether it was part of a check. */
  public boolean received(int socket, TransportAddress from, StunMessage message, long now) {
    Pair pair = new Pair(socket, from);
    boolean taken =
        switch (message.messageClass()) {
          case REQUEST -> request(pair, message, now);
          case SUCCESS_RESPONSE -> success(pair, message, now);
          case ERROR_RESPONSE -> error(pair, message, now);
          case INDICATION -> false;
        };
    advance(now);
    return taken;
  }

  private boolean request(Pair pair, StunMessage message, long now) {
    Optional<CheckMessages.Request> request = messages.verified(message);
    // A request that the peer has signed and somebody replays from elsewhere moves us to nothing.
    if (request.isEmpty() || !targets.allows(pair.remote())) {
      rejected++;
      return false;
    }
    if (conflicts(request.get())) {
      actions.send(pair.socket(), pair.remote(), 0, messages.roleConflict(message));
      return true;
    }
    actions.send(pair.socket(), pair.remote(), 0, messages.success(message, pair.remote()));
    if (request.get().nominates() && !controlling) {
      nominatedByPeer.add(pair);
      selectIfConfirmed(pair);
    }
    if (!valid.contains(pair)) {
      trigger(pair, now);
    }
    return true;
  }

  /** RFC 8445 §7.3.1.1: the larger tie-breaker controls; the other switches or is told to. */
  private boolean conflicts(CheckMessages.Request request) {
    if (controlling && request.controllingTieBreaker().isPresent()) {
      boolean stays = Long.compareUnsigned(tieBreaker, request.controllingTieBreaker().get()) >= 0;
      controlling = stays;
      return stays;
    }
    if (!controlling && request.controlledTieBreaker().isPresent()) {
      boolean becomes = Long.compareUnsigned(tieBreaker, request.controlledTieBreaker().get()) >= 0;
      controlling = becomes;
      return !becomes;
    }
    return false;
  }

  /** RFC 8445 §7.3.1.4: what has come in may well get out on the same way. */
  private void trigger(Pair pair, long now) {
    if (triggered.contains(pair) || triggered.size() >= MOST_TRIGGERED) {
      return;
    }
    triggered.add(pair);
    if (steps.putIfAbsent(pair, socketSteps.getOrDefault(pair.socket(), 0)) == null) {
      guessed.add(pair);
    }
    // Ahead of whatever waits in a search: this pair is known to work one way.
    actions.send(pair.socket(), pair.remote(), 0, checkOf(pair));
    for (int i = 1; i < TRIGGERED_COUNT; i++) {
      due.add(new Due(now + i * TRIGGERED_INTERVAL_NANOS, order++, pair, 0, false));
    }
  }

  private ByteBuffer checkOf(Pair pair) {
    TransactionId id = TransactionId.random(random);
    sent.put(id, new Sent(pair, false, controlling));
    return messages.request(id, controlling, tieBreaker, PRIORITY, false);
  }

  private boolean success(Pair pair, StunMessage message, long now) {
    Sent request = sent.get(message.transactionId());
    if (request == null) {
      return false;
    }
    // RFC 8445 §7.2.5.2.1: an answer from elsewhere is a broken path, or somebody's trick.
    if (!request.pair().equals(pair) || !messages.isFromPeer(message)) {
      rejected++;
      return true;
    }
    sent.remove(message.transactionId());
    if (!valid.contains(pair)) {
      valid.add(pair);
    }
    if (controlling) {
      nominate(pair, request, now);
    } else {
      selectIfConfirmed(pair);
    }
    return true;
  }

  private void nominate(Pair pair, Sent request, long now) {
    if (request.nominating()) {
      select(pair);
    } else if (nominee.isEmpty()) {
      nominee = Optional.of(pair);
      for (int i = 0; i < TRIGGERED_COUNT; i++) {
        due.add(new Due(now + i * TRIGGERED_INTERVAL_NANOS, order++, pair, 0, true));
      }
    }
  }

  private boolean error(Pair pair, StunMessage message, long now) {
    Sent request = sent.get(message.transactionId());
    if (request == null || !messages.isFromPeer(message)) {
      return false;
    }
    sent.remove(message.transactionId());
    boolean conflict = message.first(ErrorCode.class).map(ErrorCode::code).orElse(0) == 487;
    if (conflict && request.asControlling() == controlling) {
      controlling = !controlling;
    }
    if (conflict) {
      due.add(new Due(now, order++, pair, 0, false));
    }
    return message.is(MessageClass.ERROR_RESPONSE, org.bradawl.stun.Method.Known.BINDING);
  }

  private void selectIfConfirmed(Pair pair) {
    if (!controlling && valid.contains(pair) && nominatedByPeer.contains(pair)) {
      select(pair);
    }
  }

  private void select(Pair pair) {
    if (selected.isEmpty()) {
      Path path = new Path(pair.socket(), pair.remote(), steps.getOrDefault(pair, 0));
      selected = Optional.of(path);
      due.clear();
      actions.selected(path);
    }
  }
}
