package org.bradawl.traversal.ice;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.bradawl.stun.TransactionId;
import org.bradawl.traversal.CheckMessages;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.ice.Pair.State;
import org.bradawl.traversal.ice.Transactions.Check;

/** The checks that we send: one new one at a time, at the pace of RFC 8445 §14. */
final class Checking {

  /** RFC 8445 §14.2: a new check each 50 ms. */
  private static final long TA_NANOS = 50_000_000L;

  /** RFC 8445 §14.3: the least interval before a check is repeated. */
  private static final long LEAST_RTO_NANOS = 500_000_000L;

  private final CheckList list;
  private final Role role;
  private final RandomGenerator random;
  private final IceActions actions;
  private final Transactions transactions = new Transactions();
  private boolean paced;
  private long freeNanos;

  Checking(CheckList list, Role role, RandomGenerator random, IceActions actions) {
    this.list = list;
    this.role = role;
    this.random = random;
    this.actions = actions;
  }

  Transactions transactions() {
    return transactions;
  }

  /** When a check is to be repeated, or the next one may go. */
  OptionalLong deadlineNanos() {
    OptionalLong repeat = transactions.deadlineNanos();
    boolean soon = list.hasNext() && repeat.stream().allMatch(at -> freeNanos - at <= 0);
    return soon ? OptionalLong.of(freeNanos) : repeat;
  }

  /** Sends again what is due; what had its last chance is given back. */
  List<Check> repeat(long now) {
    List<Check> over = new ArrayList<>();
    transactions.due(now, over).forEach(check -> send(check.pair(), check.request()));
    return over;
  }

  /** Sends the next check if it is its time; one for the nominee nominates it. */
  void next(CheckMessages messages, Nomination nomination, long now) {
    if (!paced) {
      paced = true;
      freeNanos = now;
    }
    if (now - freeNanos < 0) {
      return;
    }
    list.next()
        .ifPresent(pair -> {
          freeNanos = now + TA_NANOS;
          check(pair, messages, role.isControlling() && nomination.isOf(pair), now);
        });
  }

  private void check(Pair pair, CheckMessages messages, boolean nominates, long now) {
    TransactionId id = TransactionId.random(random);
    long priority = pair.local().peerReflexivePriority();
    ByteBuffer request =
        messages.request(id, role.isControlling(), role.tieBreaker(), priority, nominates);
    if (pair.state() != State.SUCCEEDED) {
      pair.state(State.IN_PROGRESS);
    }
    long interval = Math.max(LEAST_RTO_NANOS, TA_NANOS * list.busy());
    boolean reliable = pair.local().candidate().transport() == Transport.TCP;
    Check check =
        new Check(pair, request.asReadOnlyBuffer(), nominates, role.isControlling(), priority);
    transactions.sent(id, check, interval, reliable, now);
    send(pair, request);
  }

  private void send(Pair pair, ByteBuffer datagram) {
    actions.send(pair.local().socket(), pair.remote().address(), datagram.duplicate());
  }
}
