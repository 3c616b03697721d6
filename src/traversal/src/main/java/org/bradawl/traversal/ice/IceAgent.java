package org.bradawl.traversal.ice;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.traversal.CheckMessages;
import org.bradawl.traversal.Consent;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.ice.Pair.State;
import org.bradawl.traversal.ice.Transactions.Check;

/**
 * One side of an ICE session with one stream of one component. Candidates come at any time, ours
 * and the peer's; what happens on the wire is {@link IceActions}' business.
 */
public final class IceAgent {

  /** What was agreed on. */
  public record Selected(LocalCandidate local, IceCandidate remote) {

    /** The socket that payload leaves from. */
    public int socket() {
      return local.socket();
    }
  }

  /** Why a session is over. */
  public enum Failure {
    /** Every pair was checked and none works. */
    NO_PAIR,
    /** RFC 7675 §5.1: nothing may be sent any more. */
    CONSENT_EXPIRED
  }

  /** RFC 8445 §14.2: a new check each 50 ms. */
  private static final long TA_NANOS = 50_000_000L;

  /** RFC 8445 §14.3: the least interval before a check is repeated. */
  private static final long LEAST_RTO_NANOS = 500_000_000L;

  /** After a pair works, a better one gets this long to work too: a few turns, a long way. */
  private static final long BETTER_NANOS = 250_000_000L;

  /** What a peer may tell of and what strangers' addresses may add; beyond it they are ignored. */
  private static final int MOST_REMOTE = 64;

  /** Mapped addresses that a peer may make up, and our own; beyond it they change nothing. */
  private static final int MOST_LOCAL = 64;

  private final Credentials ours;
  private final RandomGenerator random;
  private final Role role;
  private final IceActions actions;
  private final CheckList list = new CheckList();
  private final Transactions transactions = new Transactions();
  private final EarlyChecks early;
  private final List<LocalCandidate> locals = new ArrayList<>();
  private final List<IceCandidate> remotes = new ArrayList<>();
  private Optional<Credentials> theirs = Optional.empty();
  private Optional<CheckMessages> messages = Optional.empty();
  private Optional<Pair> nominee = Optional.empty();
  private Optional<Pair> chosen = Optional.empty();
  private Optional<Consent> consent = Optional.empty();
  private Optional<Failure> failure = Optional.empty();
  private OptionalLong worksSinceNanos = OptionalLong.empty();
  private boolean allLocal;
  private boolean allRemote;
  private boolean paced;
  private long freeNanos;
  private long rejected;

  /** A session that knows of no candidates; the initiator begins as the controlling side. */
  public IceAgent(Side side, Credentials ours, RandomGenerator random, IceActions actions) {
    this.role = new Role(side == Side.INITIATOR, random);
    this.ours = ours;
    this.early = new EarlyChecks(ours);
    this.random = random;
    this.actions = actions;
  }

  /** Whether this side nominates, which a conflict may have changed. */
  public boolean isControlling() {
    return role.isControlling();
  }

  /** The pair that payload goes over. */
  public Optional<Selected> selected() {
    return chosen.map(pair -> new Selected(pair.valid(), pair.remote()));
  }

  /** Why it is over, when it is. */
  public Optional<Failure> failure() {
    return failure;
  }

  /** Messages that looked like checks and that the peer has not signed, or sent from elsewhere. */
  public long rejected() {
    return rejected;
  }

  /** Another candidate of ours. */
  public void local(LocalCandidate candidate, long now) {
    locals.add(candidate);
    remotes.forEach(remote -> pair(candidate, remote));
    advance(now);
  }

  /** There will be no more of ours (RFC 8838 §13). */
  public void allLocal(long now) {
    allLocal = true;
    advance(now);
  }

  /** The peer's credentials are known; checks begin. */
  public void peer(Credentials credentials, long now) {
    if (theirs.isPresent()) {
      throw new IllegalStateException("new credentials are a new session");
    }
    theirs = Optional.of(credentials);
    messages = Optional.of(new CheckMessages(ours, credentials));
    for (EarlyChecks.Request request : early.release()) {
      received(request.socket(), request.from(), request.message(), now);
    }
    advance(now);
  }

  /** Another candidate of the peer's; one too many is ignored. */
  public void remote(IceCandidate candidate, long now) {
    boolean usable = candidate.component() == 1 && candidate.address().port() > 0;
    if (!usable || remotes.size() >= MOST_REMOTE || isKnown(candidate)) {
      return;
    }
    remotes.add(candidate);
    locals.forEach(local -> pair(local, candidate));
    advance(now);
  }

  private boolean isKnown(IceCandidate candidate) {
    Optional<IceCandidate> older =
        remotes.stream()
            .filter(known -> known.address().equals(candidate.address()))
            .filter(known -> known.tcpType().equals(candidate.tcpType()))
            .filter(known -> known.transport() == candidate.transport())
            .findFirst();
    // RFC 8838 §11.2: what a check had told of is now told properly.
    older.ifPresent(known -> {
      remotes.set(remotes.indexOf(known), candidate);
      list.pairs()
          .filter(pair -> pair.remote().equals(known))
          .forEach(pair -> pair.remote(candidate));
      list.sort(role.isControlling());
    });
    return older.isPresent();
  }

  /** The peer has told all of its candidates. */
  public void allRemote(long now) {
    allRemote = true;
    advance(now);
  }

  private void pair(LocalCandidate local, IceCandidate remote) {
    boolean concluded = chosen.isPresent() || nominee.isPresent();
    if (local.isChecked() && local.candidate().pairsWith(remote) && !concluded) {
      list.add(new Pair(local, remote), role.isControlling());
    }
  }

  /** A STUN message has come in; whether it was part of this session. */
  public boolean received(int socket, TransportAddress from, StunMessage message, long now) {
    if (!message.method().equals(Method.Known.BINDING) || failure.isPresent()) {
      return false;
    }
    Pair.Route route = new Pair.Route(socket, from);
    boolean taken =
        switch (message.messageClass()) {
          case REQUEST -> request(route, message, now);
          case SUCCESS_RESPONSE -> success(route, message, now);
          case ERROR_RESPONSE -> error(message);
          // RFC 8445 §11: keep-alives of agents without consent.
          case INDICATION -> true;
        };
    advance(now);
    return taken;
  }

  private boolean request(Pair.Route route, StunMessage message, long now) {
    if (messages.isEmpty()) {
      // RFC 8445 §7.3: the peer may be faster than its description.
      Optional<ByteBuffer> answer = early.take(route, message);
      answer.ifPresentOrElse(
          datagram -> actions.send(route.socket(), route.remote(), datagram), () -> rejected++);
      return answer.isPresent();
    }
    Optional<CheckMessages.Request> request = messages.get().verified(message);
    if (request.isEmpty()) {
      // Whoever forges gets no answer that could be sent on to somebody else.
      rejected++;
      return false;
    }
    switch (role.judge(request.get())) {
      case AGREED -> {}
      case SWITCHED -> switched();
      case REFUSED -> {
        send(route, messages.get().roleConflict(message));
        return true;
      }
    }
    send(route, messages.get().success(message, route.remote()));
    learned(route, message)
        .ifPresent(pair -> {
          if (request.get().nominates() && !role.isControlling()) {
            pair.nominate();
          }
          trigger(pair, now);
        });
    return true;
  }

  /** RFC 8445 §7.3.1.3: a request from an endpoint that nobody told of tells of it. */
  private Optional<Pair> learned(Pair.Route route, StunMessage message) {
    Optional<Pair> known = list.find(route);
    Optional<LocalCandidate> local =
        locals.stream()
            .filter(each -> each.socket() == route.socket() && each.base().equals(bases(each)))
            .findFirst();
    if (known.isPresent() || local.isEmpty()) {
      return known;
    }
    IceCandidate remote =
        remotes.stream()
            .filter(each -> each.address().equals(route.remote()))
            .filter(each -> each.transport() == local.get().candidate().transport())
            .findFirst()
            .orElseGet(() -> PeerReflexive.remote(local.get(), route.remote(), message));
    if (!remotes.contains(remote)) {
      if (remotes.size() >= MOST_REMOTE) {
        return Optional.empty();
      }
      remotes.add(remote);
    }
    return list.add(new Pair(local.get(), remote), role.isControlling());
  }

  /** Of what shares a socket, the candidate that the others were learned through. */
  private static TransportAddress bases(LocalCandidate candidate) {
    return candidate.candidate().address();
  }

  /** RFC 8445 §7.3.1.4. */
  private void trigger(Pair pair, long now) {
    switch (pair.state()) {
      case SUCCEEDED -> settle(pair, now);
      case IN_PROGRESS -> {
        transactions.cancel(pair);
        list.trigger(pair);
      }
      case WAITING, FROZEN, FAILED -> {
        // After the end only what the controlling side nominates is worth a check.
        if (chosen.isEmpty() || pair.isNominated()) {
          list.trigger(pair);
        }
      }
    }
  }

  /** Every priority depends on the role, and who does not control does not nominate. */
  private void switched() {
    nominee = Optional.empty();
    list.sort(role.isControlling());
  }

  private boolean success(Pair.Route route, StunMessage message, long now) {
    Optional<Check> waiting = transactions.find(message.transactionId());
    if (waiting.isEmpty() || messages.isEmpty()) {
      return consent.filter(each -> each.received(route.remote(), message, now)).isPresent();
    }
    if (!messages.get().isFromPeer(message)) {
      rejected++;
      return false;
    }
    transactions.answered(message.transactionId());
    Check check = waiting.get();
    Pair pair = check.pair();
    Optional<TransportAddress> mapped =
        message.first(XorMappedAddress.class).map(XorMappedAddress::address);
    if (!pair.route().equals(route) || mapped.isEmpty()) {
      // RFC 8445 §7.2.5.2.1: an answer from elsewhere shows a way that leads one way only.
      rejected++;
      failed(pair);
      return true;
    }
    pair.succeeded(seenAs(check, mapped.get()));
    list.thaw(pair);
    if (worksSinceNanos.isEmpty()) {
      worksSinceNanos = OptionalLong.of(now);
    }
    if (role.isControlling() && check.nominates()) {
      pair.nominate();
    }
    settle(pair, now);
    return true;
  }

  /** RFC 8445 §7.2.5.3.1. */
  private LocalCandidate seenAs(Check check, TransportAddress mapped) {
    LocalCandidate local = check.pair().local();
    Optional<LocalCandidate> known =
        locals.stream()
            .filter(each -> each.socket() == local.socket())
            .filter(each -> each.candidate().address().equals(mapped))
            .findFirst();
    // The port of a connection of ours is nobody's candidate, and says nothing new.
    boolean nothingNew =
        local.candidate().transport() == Transport.TCP || locals.size() >= MOST_LOCAL;
    if (known.isPresent() || nothingNew) {
      return known.orElse(local);
    }
    LocalCandidate reflexive = local.peerReflexive(mapped, check.priority());
    locals.add(reflexive);
    return reflexive;
  }

  /** RFC 8445 §8.1.2: a valid pair that is nominated is selected, the best if there are several. */
  private void settle(Pair pair, long now) {
    boolean better =
        chosen
            .map(
                older -> pair.priority(role.isControlling()) > older.priority(role.isControlling()))
            .orElse(true);
    if (!pair.isNominated() || !better || pair.state() != State.SUCCEEDED) {
      return;
    }
    chosen = Optional.of(pair);
    list.conclude(pair);
    transactions.cancelAllBut(pair);
    Consent fresh =
        new Consent(
            role.isControlling() ? Side.INITIATOR : Side.RESPONDER,
            ours,
            theirs.orElseThrow(),
            random,
            datagram -> send(pair.route(), datagram));
    fresh.start(true, now);
    consent = Optional.of(fresh);
    actions.selected(new Selected(pair.valid(), pair.remote()));
  }

  private boolean error(StunMessage message) {
    Optional<Check> waiting = transactions.find(message.transactionId());
    if (waiting.isEmpty() || !messages.orElseThrow().isFromPeer(message)) {
      return false;
    }
    transactions.answered(message.transactionId());
    Check check = waiting.get();
    boolean conflict = message.first(ErrorCode.class).map(ErrorCode::code).orElse(0) == 487;
    if (!conflict) {
      failed(check.pair());
      return true;
    }
    if (role.refused(check.asControlling())) {
      switched();
    }
    list.trigger(check.pair());
    return true;
  }

  private void failed(Pair pair) {
    boolean inUse = chosen.filter(each -> each == pair).isPresent();
    if (!inUse && !transactions.isAwaited(pair)) {
      pair.state(State.FAILED);
      nominee = nominee.filter(each -> each != pair);
    }
  }

  /** A TCP connection is gone, or never came about. */
  public void disconnected(int socket, TransportAddress remote, long now) {
    list.find(new Pair.Route(socket, remote))
        .ifPresent(pair -> {
          transactions.lost(pair);
          failed(pair);
          if (chosen.filter(each -> each == pair).isPresent()) {
            over(Failure.CONSENT_EXPIRED);
          }
        });
    advance(now);
  }

  /** Whether what comes in there is from the peer: a check over this way has been answered. */
  public boolean isValid(int socket, TransportAddress from) {
    return list.find(new Pair.Route(socket, from))
        .filter(pair -> pair.state() == State.SUCCEEDED)
        .isPresent();
  }

  /** When {@link #advance} wants to be called next; empty when nothing is under way. */
  public OptionalLong deadlineNanos() {
    if (failure.isPresent()) {
      return OptionalLong.empty();
    }
    Stream<OptionalLong> times =
        Stream.of(
            transactions.deadlineNanos(),
            messages.isPresent() && list.hasNext()
                ? OptionalLong.of(freeNanos)
                : OptionalLong.empty(),
            isUndecided() && best().isPresent() ? patienceNanos() : OptionalLong.empty(),
            consent.map(Consent::deadlineNanos).orElse(OptionalLong.empty()));
    return times
        .flatMapToLong(OptionalLong::stream)
        .reduce((one, other) -> one - other <= 0 ? one : other);
  }

  private Optional<Pair> best() {
    return list.pairs().filter(pair -> pair.state() == State.SUCCEEDED).findFirst();
  }

  private boolean isUndecided() {
    return role.isControlling() && chosen.isEmpty() && nominee.isEmpty();
  }

  private OptionalLong patienceNanos() {
    return worksSinceNanos.stream().map(since -> since + BETTER_NANOS).findFirst();
  }

  /** Does what is due. */
  public void advance(long now) {
    if (failure.isPresent() || messages.isEmpty()) {
      return;
    }
    List<Check> over = new ArrayList<>();
    transactions.due(now, over).forEach(check -> send(check.pair().route(), check.request()));
    over.forEach(check -> failed(check.pair()));
    nominate(now);
    checkNext(now);
    consent.ifPresent(each -> {
      each.advance(now);
      if (each.isExpired(now)) {
        over(Failure.CONSENT_EXPIRED);
      }
    });
    if (allLocal && allRemote && chosen.isEmpty() && list.isExhausted()) {
      over(Failure.NO_PAIR);
    }
  }

  private void over(Failure why) {
    if (failure.isEmpty()) {
      failure = Optional.of(why);
      chosen = Optional.empty();
      actions.failed(why);
    }
  }

  private void checkNext(long now) {
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
          check(pair, now);
        });
  }

  private void check(Pair pair, long now) {
    boolean nominates = role.isControlling() && nominee.filter(each -> each == pair).isPresent();
    TransactionId id = TransactionId.random(random);
    long priority = pair.local().peerReflexivePriority();
    ByteBuffer request =
        messages
            .orElseThrow()
            .request(id, role.isControlling(), role.tieBreaker(), priority, nominates);
    if (pair.state() != State.SUCCEEDED) {
      pair.state(State.IN_PROGRESS);
    }
    long interval = Math.max(LEAST_RTO_NANOS, TA_NANOS * list.busy());
    boolean reliable = pair.local().candidate().transport() == Transport.TCP;
    Check check =
        new Check(pair, request.asReadOnlyBuffer(), nominates, role.isControlling(), priority);
    transactions.sent(id, check, interval, reliable, now);
    send(pair.route(), request);
  }

  /** RFC 8445 §8.1.1, regular nomination: the best that works once nothing better may come. */
  private void nominate(long now) {
    Optional<Pair> best = best();
    if (!isUndecided() || best.isEmpty()) {
      return;
    }
    boolean betterMayCome =
        list.pairs()
            .takeWhile(pair -> pair != best.get())
            .anyMatch(pair -> pair.state() != State.FAILED);
    boolean patient = patienceNanos().stream().anyMatch(until -> now - until < 0);
    if (!betterMayCome || !patient) {
      nominee = best;
      list.trigger(best.get());
    }
  }

  private void send(Pair.Route route, ByteBuffer datagram) {
    actions.send(route.socket(), route.remote(), datagram.duplicate());
  }
}
