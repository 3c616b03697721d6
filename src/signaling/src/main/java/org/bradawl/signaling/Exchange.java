package org.bradawl.signaling;

import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.bradawl.signaling.ClientFrame.Ack;
import org.bradawl.signaling.ClientFrame.Bye;
import org.bradawl.signaling.ClientFrame.Control;
import org.bradawl.signaling.ClientFrame.Join;
import org.bradawl.signaling.ClientFrame.Leave;
import org.bradawl.signaling.ClientFrame.Native;
import org.bradawl.signaling.ClientFrame.Ping;
import org.bradawl.signaling.ClientFrame.Refresh;
import org.bradawl.signaling.ClientFrame.Report;
import org.bradawl.signaling.ClientFrame.Send;
import org.bradawl.signaling.ClientFrame.Unusable;
import org.bradawl.signaling.ClientFrame.Unwatch;
import org.bradawl.signaling.ClientFrame.Watch;
import org.jspecify.annotations.Nullable;

/**
 * The signaling of one application: its peers, their sessions, rooms and watches.
 *
 * <p>Not thread-safe: every call is made under one lock, which belongs to this exchange alone; see
 * the package. Times are monotonic nanoseconds and must not go backwards.
 */
public final class Exchange {

  private static final Followup NOTHING = new Followup.Nothing();

  /** Sessions are looked at four times in a heartbeat: a drop comes at most 6 s late. */
  private static final int CHECKS_PER_HEARTBEAT = 4;

  /** As many bits as a secret needs when guessing it takes a connection per try. */
  private static final int SECRET_BYTES = 16;

  private static final int SESSION_ID_BYTES = 9;

  private static final String EXPIRED = "expired";

  private final Map<String, Session> sessions = new HashMap<>();
  private final ExchangeCounters counters = new ExchangeCounters();
  private final Limits limits;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final SessionListener listener;
  private final Mail mail;
  private final Rooms rooms;
  private final Watches watches;
  private final Deadlines checks;
  private final Deadlines expiries;
  private boolean stopped;

  /**
   * An exchange without peers.
   *
   * @param random where resume secrets come from: must be cryptographically strong but in tests
   * @param clock what clients are told the time is
   */
  public Exchange(
      Limits limits, RandomGenerator random, InstantSource clock, SessionListener listener) {
    this.limits = limits;
    this.random = random;
    this.clock = clock;
    this.listener = listener;
    this.mail = new Mail(sessions, limits, counters);
    this.rooms = new Rooms(limits);
    this.watches = new Watches(limits);
    this.checks = new Deadlines(limits.heartbeat().toNanos() / CHECKS_PER_HEARTBEAT);
    this.expiries = new Deadlines(limits.resume().toNanos());
  }

  /**
   * A peer's client has connected, and who it is has been established.
   *
   * @return the connection's place, or empty when the link was closed with a reason
   */
  public Optional<Attachment> connect(
      Link link, String peer, Optional<Resumption> resumption, IceServers servers, long nowNanos) {
    Session existing = sessions.get(peer);
    Optional<Closing> refusal = refusal(existing);
    if (refusal.isPresent()) {
      close(link, refusal.get());
      return Optional.empty();
    }
    Attachment attachment =
        existing != null && resumption.filter(wish -> fits(existing, wish)).isPresent()
            ? resume(existing, link, resumption.get(), servers, nowNanos)
            : start(existing, link, peer, servers, nowNanos);
    settle(nowNanos);
    return Optional.of(attachment);
  }

  private Optional<Closing> refusal(@Nullable Session existing) {
    if (stopped) {
      return Optional.of(Closing.SHUTDOWN);
    }
    return existing == null && sessions.size() >= limits.peers()
        ? Optional.of(Closing.TOO_MANY_PEERS)
        : Optional.empty();
  }

  private static boolean fits(Session session, Resumption wish) {
    return session.opensWith(wish.secret()) && wish.received() <= session.outbox().last();
  }

  private Attachment start(
      @Nullable Session existing, Link link, String peer, IceServers servers, long nowNanos) {
    if (existing != null) {
      counters.replaced++;
      end(existing, Closing.REPLACED, nowNanos);
    }
    counters.started++;
    String id = token(SESSION_ID_BYTES);
    Session session = new Session(peer, id, clock.instant(), limits, nowNanos);
    sessions.put(peer, session);
    listener.started(peer, id);
    Attachment attachment = attach(session, link, false, servers, nowNanos);
    watches.announce(peer, session);
    return attachment;
  }

  private Attachment resume(
      Session session, Link link, Resumption wish, IceServers servers, long nowNanos) {
    counters.resumed++;
    Attachment older = session.attachment();
    if (older != null) {
      close(older.link(), Closing.RESUMED_ELSEWHERE);
    }
    session.resumedWith(wish.secret());
    boolean wasAway = session.away();
    expiries.remove(session);
    mail.acknowledge(session, wish.received());
    Attachment attachment = attach(session, link, true, servers, nowNanos);
    mail.sendAgain(session);
    rooms.describeAllTo(session);
    watches.describeAllTo(session, sessions);
    mail.describeDeliveredTo(session);
    if (wasAway) {
      watches.announce(session.peer(), session);
    }
    return attachment;
  }

  private Attachment attach(
      Session session, Link link, boolean resumed, IceServers servers, long nowNanos) {
    Attachment attachment = new Attachment(session, link);
    session.attach(attachment, token(SECRET_BYTES), nowNanos);
    checks.add(session, nowNanos);
    session.send(ServerFrames.welcome(session, resumed, clock.instant(), servers, limits));
    return attachment;
  }

  private String token(int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
  }

  /** A frame has come from a connection. */
  public Followup receive(Attachment from, ClientFrame frame, long nowNanos) {
    if (!from.current()) {
      return NOTHING;
    }
    Session session = from.session();
    session.heard(nowNanos);
    Followup followup =
        switch (frame) {
          case Send send -> send(session, send, nowNanos);
          case Ack ack -> acknowledge(session, ack.seq(), nowNanos);
          case Unusable unusable -> refuse(session, unusable, nowNanos);
          case Bye() -> leave(session, nowNanos);
          case Control control ->
              allowed(session, frame, nowNanos) ? control(session, control) : NOTHING;
        };
    settle(nowNanos);
    return followup;
  }

  private Followup control(Session session, Control frame) {
    switch (frame) {
      case Join join -> rooms.join(session, join.room(), join.id());
      case Leave leave -> rooms.leave(session, leave.room(), leave.id());
      case Watch watch ->
          watches.watch(session, watch.peer(), sessions.get(watch.peer()), watch.id());
      case Unwatch unwatch -> watches.unwatch(session, unwatch.peer(), unwatch.id());
      case Ping ping -> session.send(ServerFrames.pong(clock.instant(), ping.id()));
      case Refresh refresh -> {
        return new Followup.MintIceServers(refresh.id());
      }
      case Report report -> {
        return new Followup.TakeReport(report.traversal(), report.id());
      }
      case Native plan -> {
        return new Followup.Plan(plan.frame(), plan.id());
      }
    }
    return NOTHING;
  }

  private Followup send(Session session, Send message, long nowNanos) {
    if (Mail.advances(session, message.ack())) {
      mail.acknowledge(session, message.ack());
    }
    boolean withinRate = session.withinRate(nowNanos);
    if (message.seq() <= session.received()) {
      counters.duplicates++;
    } else if (message.seq() > session.received() + 1) {
      error(
          session,
          new Unusable(
              ErrorCode.SEQUENCE_GAP,
              "the next message must have seq " + (session.received() + 1),
              message.id(),
              0));
    } else {
      session.received(message.seq());
      mail.relay(session, message, withinRate, nowNanos);
    }
    if (!withinRate) {
      endIfFlooding(session, nowNanos);
    }
    return NOTHING;
  }

  private Followup acknowledge(Session session, long upTo, long nowNanos) {
    if (Mail.advances(session, upTo)) {
      mail.acknowledge(session, upTo);
    } else if (allowed(session, new Ack(upTo), nowNanos) && upTo > session.outbox().last()) {
      error(
          session,
          new Unusable(ErrorCode.BAD_ACK, "nothing of that number was sent", Optional.empty(), 0));
    }
    return NOTHING;
  }

  /** An unusable message uses its number up, so that its sender's next ones are not a gap. */
  private Followup refuse(Session session, Unusable frame, long nowNanos) {
    boolean next = frame.seq() == session.received() + 1;
    if (next) {
      session.received(frame.seq());
    }
    if (next || allowed(session, frame, nowNanos)) {
      error(session, next ? frame : new Unusable(frame.code(), frame.message(), frame.id(), 0));
    }
    return NOTHING;
  }

  private Followup leave(Session session, long nowNanos) {
    end(session, Closing.BYE, nowNanos);
    return NOTHING;
  }

  private boolean allowed(Session session, ClientFrame frame, long nowNanos) {
    if (session.withinRate(nowNanos)) {
      return true;
    }
    Optional<String> id = frame instanceof Unusable unusable ? unusable.id() : Optional.empty();
    error(session, new Unusable(ErrorCode.RATE_LIMITED, "slow down", id, 0));
    endIfFlooding(session, nowNanos);
    return false;
  }

  private void endIfFlooding(Session session, long nowNanos) {
    if (session.floods(limits, nowNanos)) {
      counters.dropped++;
      end(session, Closing.FLOODING, nowNanos);
    }
  }

  private void error(Session session, Unusable problem) {
    counters.refusedFrames++;
    session.send(
        ServerFrames.error(problem.code(), problem.message(), problem.id(), problem.seq()));
  }

  /** Sends the shell's answer to a {@link Followup}. */
  public void answer(Attachment to, String frame) {
    if (to.current()) {
      to.link().send(frame);
    }
  }

  /**
   * Sends a frame of the shell's own to a peer, if it is connected. It is in no sequence, and lost
   * if the connection is.
   *
   * @return whether it was connected
   */
  public boolean tell(String peer, String frame) {
    Session session = sessions.get(peer);
    if (session == null || session.away()) {
      return false;
    }
    session.send(frame);
    return true;
  }

  /** The connection is gone. */
  public void lost(Attachment attachment, long nowNanos) {
    if (attachment.current()) {
      detach(attachment.session(), nowNanos);
      settle(nowNanos);
    }
  }

  /** The client is gone for good, as if it had said bye: nobody is left who could resume. */
  public void left(Attachment attachment, long nowNanos) {
    if (attachment.current()) {
      end(attachment.session(), Closing.BYE, nowNanos);
      settle(nowNanos);
    }
  }

  /**
   * The shell finds that a connection cannot go on: a frame too large, a client that does not read.
   */
  public void drop(Attachment attachment, Closing why, long nowNanos) {
    if (attachment.current()) {
      drop(attachment.session(), why, nowNanos);
      settle(nowNanos);
    }
  }

  private void drop(Session session, Closing why, long nowNanos) {
    counters.dropped++;
    if (!why.resumable()) {
      end(session, why, nowNanos);
      return;
    }
    Attachment attachment = session.attachment();
    if (attachment != null) {
      close(attachment.link(), why);
      detach(session, nowNanos);
    }
  }

  private void detach(Session session, long nowNanos) {
    session.detach(nowNanos);
    checks.remove(session);
    expiries.add(session, nowNanos);
    watches.announce(session.peer(), session);
    listener.lost(session.peer(), session.id());
  }

  private void end(Session session, Closing why, long nowNanos) {
    end(session, why, why.wire(), nowNanos);
  }

  private void end(Session session, Closing why, String reason, long nowNanos) {
    Attachment attachment = session.attachment();
    if (attachment != null) {
      close(attachment.link(), why);
    }
    session.end();
    sessions.remove(session.peer());
    checks.remove(session);
    expiries.remove(session);
    rooms.leaveAll(session);
    watches.unwatchAll(session);
    watches.announce(session.peer(), null);
    mail.returnAll(session, nowNanos);
    listener.ended(session.peer(), session.id(), reason);
  }

  /** Ends sessions that returned mail has overrun; each may return mail in turn. */
  private void settle(long nowNanos) {
    for (Session next = mail.nextOverrun(); next != null; next = mail.nextOverrun()) {
      if (next.live()) {
        counters.dropped++;
        end(next, Closing.OVERRUN, nowNanos);
      }
    }
  }

  private static void close(Link link, Closing why) {
    link.send(ServerFrames.closing(why));
    link.close(why);
  }

  /** Lets time pass: call it about every second. */
  public void advance(long nowNanos) {
    for (Session due = checks.take(nowNanos); due != null; due = checks.take(nowNanos)) {
      if (nowNanos - due.heardNanos() >= limits.silence().toNanos()) {
        drop(due, Closing.SILENT, nowNanos);
      } else if (nowNanos - due.owingSinceNanos(nowNanos) >= limits.unacknowledged().toNanos()) {
        drop(due, Closing.SLOW_CONSUMER, nowNanos);
      } else {
        checks.add(due, nowNanos);
      }
    }
    for (Session due = expiries.take(nowNanos); due != null; due = expiries.take(nowNanos)) {
      counters.expired++;
      end(due, Closing.SILENT, EXPIRED, nowNanos);
    }
    settle(nowNanos);
  }

  /** Closes every connection and takes no more: the server stops. */
  public void shutDown(long nowNanos) {
    stopped = true;
    List.copyOf(sessions.values()).forEach(session -> end(session, Closing.SHUTDOWN, nowNanos));
    while (mail.nextOverrun() != null) {
      // Everybody has been told to go; no overrun matters any more.
    }
  }

  /** Everybody with a session. */
  public List<PeerView> peers() {
    return sessions.values().stream().map(Exchange::view).toList();
  }

  /** One peer, if it has a session. */
  public Optional<PeerView> peer(String name) {
    return Optional.ofNullable(sessions.get(name)).map(Exchange::view);
  }

  private static PeerView view(Session session) {
    return new PeerView(
        session.peer(),
        session.id(),
        session.since(),
        session.away(),
        session.outbox().size(),
        Set.copyOf(session.rooms().keySet()));
  }

  /** Whether nobody is here: such an exchange may be forgotten. */
  public boolean empty() {
    return sessions.isEmpty();
  }

  /** Counts. */
  public ExchangeStatistics statistics() {
    return counters.snapshot(sessions.size(), expiries.size(), rooms.size(), mail.keptChars());
  }
}
