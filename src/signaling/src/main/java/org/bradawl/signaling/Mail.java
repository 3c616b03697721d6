package org.bradawl.signaling;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.bradawl.signaling.Outbox.Kept;
import org.jspecify.annotations.Nullable;

/** Messages on their way: relaying, acknowledging, failing, and the bounds on what is kept. */
final class Mail {

  /**
   * By how much failures may go beyond the queue's limits. They cannot be refused as messages can,
   * so somebody who leaves that many of them unacknowledged loses the session.
   */
  private static final int OVERRUN = 2;

  private final Map<String, Session> sessions;
  private final Limits limits;
  private final ExchangeCounters counters;
  private final ArrayDeque<Session> overrun = new ArrayDeque<>();
  private final Set<Session> origins = new LinkedHashSet<>();
  private long keptChars;

  Mail(Map<String, Session> sessions, Limits limits, ExchangeCounters counters) {
    this.sessions = sessions;
    this.limits = limits;
    this.counters = counters;
  }

  long keptChars() {
    return keptChars;
  }

  /** Takes a message whose number was next in the sender's sequence. */
  void relay(Session sender, ClientFrame.Send message, boolean withinRate, long nowNanos) {
    Session receiver = sessions.get(message.to());
    if (!withinRate) {
      fail(sender, message.to(), message.seq(), FailureCode.RATE_LIMITED, nowNanos);
    } else if (receiver == null) {
      fail(sender, message.to(), message.seq(), FailureCode.PEER_UNAVAILABLE, nowNanos);
    } else if (!fits(receiver, message.data().length())) {
      fail(sender, message.to(), message.seq(), FailureCode.QUEUE_FULL, nowNanos);
    } else {
      Outbox outbox = receiver.outbox();
      String frame = ServerFrames.relayed(message, sender.peer(), outbox.next());
      outbox.add(frame, sender, message.seq(), nowNanos);
      keptChars += frame.length();
      counters.relayed++;
      receiver.send(frame);
    }
  }

  private boolean fits(Session receiver, int characters) {
    Outbox outbox = receiver.outbox();
    return outbox.size() < limits.queue()
        && outbox.characters() + characters <= limits.queueChars()
        && keptChars + characters <= limits.totalChars();
  }

  /** Whether there is something new in an acknowledgement. */
  static boolean advances(Session session, long upTo) {
    Kept oldest = session.outbox().oldest();
    return oldest != null && oldest.seq() <= upTo && upTo <= session.outbox().last();
  }

  /** The session's client has dealt with everything up to {@code upTo}: the senders hear of it. */
  void acknowledge(Session session, long upTo) {
    for (Kept done = take(session, upTo); done != null; done = take(session, upTo)) {
      Session origin = done.origin();
      if (origin != null) {
        counters.delivered++;
        if (origin.live()) {
          origin.delivered(session.peer(), done.originSeq(), limits.pairs());
          origins.add(origin);
        }
      }
    }
    for (Session origin : origins) {
      Long seq = origin.delivered().get(session.peer());
      if (seq != null) {
        origin.send(ServerFrames.delivered(session.peer(), seq));
      }
    }
    origins.clear();
  }

  /** Sends again what a resumed session has not acknowledged. */
  void sendAgain(Session session) {
    session.outbox().forEach(kept -> session.send(kept.text()));
  }

  /** Repeats what is known to be delivered of a resumed session's messages. */
  void describeDeliveredTo(Session session) {
    session.delivered().forEach((peer, seq) -> session.send(ServerFrames.delivered(peer, seq)));
  }

  /** Fails back everything that an ended session did not acknowledge. */
  void returnAll(Session ended, long nowNanos) {
    for (Kept undelivered = take(ended, Long.MAX_VALUE);
        undelivered != null;
        undelivered = take(ended, Long.MAX_VALUE)) {
      Session origin = undelivered.origin();
      if (origin != null && origin.live()) {
        fail(origin, ended.peer(), undelivered.originSeq(), FailureCode.PEER_UNAVAILABLE, nowNanos);
      } else if (origin != null) {
        counters.failed++;
      }
    }
  }

  /** The next session that has too many failures to acknowledge, or null. */
  @Nullable Session nextOverrun() {
    return overrun.pollFirst();
  }

  private void fail(Session sender, String to, long seq, FailureCode code, long nowNanos) {
    counters.failed++;
    Outbox outbox = sender.outbox();
    String frame = ServerFrames.failed(to, seq, outbox.next(), code);
    outbox.add(frame, null, 0, nowNanos);
    keptChars += frame.length();
    sender.send(frame);
    if (outbox.size() > OVERRUN * limits.queue()
        || outbox.characters() > OVERRUN * limits.queueChars()) {
      overrun.add(sender);
    }
  }

  private @Nullable Kept take(Session session, long upTo) {
    Kept taken = session.outbox().take(upTo);
    if (taken != null) {
      keptChars -= taken.text().length();
    }
    return taken;
  }
}
