package org.bradawl.nat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ResponsePort;
import org.bradawl.stun.attribute.XorMappedAddress;

/**
 * How long an idle UDP mapping lives (RFC 5780 §4.6): a socket makes a mapping and falls silent;
 * after a while another socket asks the server, with RESPONSE-PORT, to answer to the first one's
 * external port, which arrives if the mapping is still there.
 *
 * <p>RFC 5780 searches by bisection with one mapping, which adds up every wait. Here many mappings
 * wait at the same time, each for another span, so a round takes no longer than its longest wait;
 * the second round looks between the two spans that the first one ended with.
 */
public final class LifetimeSearch {

  /** What came out. */
  public sealed interface Found {}

  /** The lifetime lies between these. */
  public record Between(MappingLifetime lifetime) implements Found {}

  /** The server does not answer to other ports, or too little came back. */
  public record Unknown(String why) implements Found {}

  /** Asks a waiting mapping this often: at 10 % loss all are lost once in 10^8. */
  private static final int CALLS = 8;

  /** Spread over a second, so that a short gap in the network does not swallow them all. */
  private static final long CALL_SPACING_NANOS = 150_000_000L;

  /** Mappings in a round; the second divides what the first left into as many parts. */
  private static final int WAITERS = 8;

  /** No NAT worth the name forgets faster (Linux: 30 s, the worst seen: 15 s). */
  private static final long SHORTEST_NANOS = 10_000_000_000L;

  private static final class Waiter {
    final int socket;
    final long waitNanos;
    Optional<TransportAddress> mapped = Optional.empty();
    long silentSince;
    int requests;
    int calls;
    boolean heard;

    Waiter(int socket, long waitNanos) {
      this.socket = socket;
      this.waitNanos = waitNanos;
    }
  }

  private final TransportAddress server;
  private final Duration longest;
  private final RandomGenerator random;
  private final LifetimeActions actions;
  private final List<Waiter> waiters = new ArrayList<>();
  private final List<TransactionId> calls = new ArrayList<>();
  private int sockets;
  private int caller;
  private int round;
  private long nextNanos;
  private long aliveNanos;
  private Optional<Long> goneNanos = Optional.empty();
  private Optional<Found> found = Optional.empty();

  /**
   * A search that has not begun.
   *
   * @param longest beyond which a lifetime is long enough not to be looked into
   */
  public LifetimeSearch(
      TransportAddress server, Duration longest, RandomGenerator random, LifetimeActions actions) {
    this.server = server;
    this.longest = longest;
    this.random = random;
    this.actions = actions;
  }

  /** Begins. */
  public void start(long now) {
    caller = sockets++;
    actions.open(caller);
    nextNanos = now;
    // A mapping that waits for nothing shows that RESPONSE-PORT works at all.
    beginRound(List.of(0L), spans(SHORTEST_NANOS, longest.toNanos(), true));
    advance(now);
  }

  /** What came out, once it is over. */
  public Optional<Found> found() {
    return found;
  }

  /** When {@link #advance} wants to be called next; empty after the end. */
  public OptionalLong deadlineNanos() {
    return found.isEmpty() && sockets > 0 ? OptionalLong.of(nextNanos) : OptionalLong.empty();
  }

  /** A datagram has come that is a STUN message. */
  public void received(int socket, TransportAddress from, StunMessage message, long now) {
    if (!message.is(MessageClass.SUCCESS_RESPONSE, Method.Known.BINDING) || !from.equals(server)) {
      return;
    }
    boolean called = calls.contains(message.transactionId());
    for (Waiter waiter : waiters) {
      if (waiter.socket == socket && called) {
        waiter.heard = true;
      } else if (waiter.socket == socket && waiter.mapped.isEmpty()) {
        waiter.mapped = message.first(XorMappedAddress.class).map(XorMappedAddress::address);
      }
    }
    advance(now);
  }

  /** Does what is due. */
  public void advance(long now) {
    if (found.isPresent() || now - nextNanos < 0) {
      return;
    }
    nextNanos = now + CALL_SPACING_NANOS;
    waiters.forEach(waiter -> step(waiter, now));
    if (waiters.stream().allMatch(LifetimeSearch::isOver)) {
      judge();
    }
  }

  private void step(Waiter waiter, long now) {
    if (waiter.mapped.isEmpty()) {
      if (waiter.requests++ < CALLS) {
        waiter.silentSince = now;
        actions.send(waiter.socket, server, request().build());
      }
    } else if (!isOver(waiter) && now - waiter.silentSince >= waiter.waitNanos) {
      waiter.calls++;
      StunMessage call = request().add(new ResponsePort(waiter.mapped.get().port())).build();
      calls.add(call.transactionId());
      actions.send(caller, server, call);
    }
  }

  private static boolean isOver(Waiter waiter) {
    boolean neverMapped = waiter.mapped.isEmpty() && waiter.requests > CALLS;
    return neverMapped || waiter.heard || waiter.calls > CALLS;
  }

  private StunMessage.Builder request() {
    return StunMessage.request(Method.Known.BINDING, TransactionId.random(random));
  }

  private void judge() {
    if (round == 1 && waiters.stream().noneMatch(w -> w.waitNanos == 0 && w.heard)) {
      finish(new Unknown("the server does not answer to the port of another socket"));
      return;
    }
    for (Waiter waiter : waiters) {
      if (waiter.heard) {
        aliveNanos = Math.max(aliveNanos, waiter.waitNanos);
      } else if (waiter.mapped.isPresent()) {
        goneNanos = Optional.of(Math.min(goneNanos.orElse(Long.MAX_VALUE), waiter.waitNanos));
      }
    }
    if (goneNanos.isPresent() && goneNanos.get() <= aliveNanos) {
      finish(new Unknown("a mapping outlived another that had waited for less"));
    } else if (round == 1 && goneNanos.isPresent()) {
      waiters.clear();
      beginRound(List.of(), spans(aliveNanos, goneNanos.get(), false));
    } else {
      finish(
          new Between(
              new MappingLifetime(Duration.ofNanos(aliveNanos), goneNanos.map(Duration::ofNanos))));
    }
  }

  /** Spans between two, the first round by equal factors, the second by equal differences. */
  private static List<Long> spans(long from, long to, boolean byFactor) {
    List<Long> spans = new ArrayList<>();
    for (int i = byFactor ? 0 : 1; i < WAITERS; i++) {
      double part = (double) i / (byFactor ? WAITERS - 1 : WAITERS);
      double span =
          byFactor ? from * Math.pow((double) to / from, part) : from + part * (to - from);
      spans.add((long) span);
    }
    return spans;
  }

  private void beginRound(List<Long> first, List<Long> spans) {
    round++;
    List<Long> all = new ArrayList<>(first);
    all.addAll(spans);
    for (long span : all) {
      Waiter waiter = new Waiter(sockets++, span);
      waiters.add(waiter);
      actions.open(waiter.socket);
    }
  }

  private void finish(Found outcome) {
    found = Optional.of(outcome);
    actions.finished(outcome);
  }
}
