package org.bradawl.traversal.ice;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.traversal.CheckMessages;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
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

  private final Credentials ours;
  private final Role role;
  private final IceActions actions;
  private final CheckList list = new CheckList();
  private final Candidates candidates = new Candidates();
  private final Nomination nomination = new Nomination(list);
  private final Checking checking;
  private final Selection selection;
  private final EarlyChecks early;
  private Optional<Credentials> theirs = Optional.empty();
  private Optional<CheckMessages> messages = Optional.empty();
  private Optional<Failure> failure = Optional.empty();
  private boolean allLocal;
  private boolean allRemote;
  private long rejected;

  /** A session that knows of no candidates; the initiator begins as the controlling side. */
  public IceAgent(Side side, Credentials ours, RandomGenerator random, IceActions actions) {
    this.role = new Role(side == Side.INITIATOR, random);
    this.ours = ours;
    this.actions = actions;
    this.early = new EarlyChecks(ours);
    this.checking = new Checking(list, role, random, actions);
    this.selection = new Selection(role, ours, random);
  }

  /** Whether this side nominates, which a conflict may have changed. */
  public boolean isControlling() {
    return role.isControlling();
  }

  /** The pair that payload goes over. */
  public Optional<Selected> selected() {
    return selection.pair().map(pair -> new Selected(pair.valid(), pair.remote()));
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
    candidates.local(candidate);
    candidates.remotes().forEach(remote -> pair(candidate, remote));
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
    if (!candidates.isWelcome(candidate)) {
      return;
    }
    Optional<IceCandidate> older = candidates.replaced(candidate);
    if (older.isPresent()) {
      list.pairs()
          .filter(pair -> pair.remote().equals(older.get()))
          .forEach(pair -> pair.remote(candidate));
      list.sort(role.isControlling());
      return;
    }
    candidates.remote(candidate);
    candidates.locals().forEach(local -> pair(local, candidate));
    advance(now);
  }

  /** The peer has told all of its candidates. */
  public void allRemote(long now) {
    allRemote = true;
    advance(now);
  }

  private void pair(LocalCandidate local, IceCandidate remote) {
    boolean concluded = selection.isMade() || nomination.isUnderWay();
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

  /** The pair that a request came over, which may be news. */
  private Optional<Pair> learned(Pair.Route route, StunMessage message) {
    Optional<Pair> known = list.find(route);
    if (known.isPresent()) {
      return known;
    }
    Optional<LocalCandidate> local = candidates.ofSocket(route.socket());
    return local
        .flatMap(base -> candidates.sender(base, route.remote(), message))
        .flatMap(remote -> list.add(new Pair(local.get(), remote), role.isControlling()));
  }

  /** RFC 8445 §7.3.1.4. */
  private void trigger(Pair pair, long now) {
    switch (pair.state()) {
      case SUCCEEDED -> settle(pair, now);
      case IN_PROGRESS -> {
        checking.transactions().cancel(pair);
        list.trigger(pair);
      }
      case WAITING, FROZEN, FAILED -> {
        // After the end only what the controlling side nominates is worth a check.
        if (!selection.isMade() || pair.isNominated()) {
          list.trigger(pair);
        }
      }
    }
  }

  /** Every priority depends on the role. */
  private void switched() {
    nomination.withdraw();
    list.sort(role.isControlling());
  }

  private boolean success(Pair.Route route, StunMessage message, long now) {
    Optional<Check> waiting = checking.transactions().find(message.transactionId());
    if (waiting.isEmpty() || messages.isEmpty()) {
      return selection.received(route.remote(), message, now);
    }
    if (!messages.get().isFromPeer(message)) {
      rejected++;
      return false;
    }
    checking.transactions().answered(message.transactionId());
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
    pair.succeeded(candidates.seenAs(check, mapped.get()));
    list.thaw(pair);
    nomination.works(now);
    if (role.isControlling() && check.nominates()) {
      pair.nominate();
    }
    settle(pair, now);
    return true;
  }

  /** RFC 8445 §8.1.2: a valid pair that is nominated is selected, the best if there are several. */
  private void settle(Pair pair, long now) {
    if (!selection.isDue(pair)) {
      return;
    }
    list.conclude(pair);
    checking.transactions().cancelAllBut(pair);
    selection.make(pair, theirs.orElseThrow(), datagram -> send(pair.route(), datagram), now);
    actions.selected(new Selected(pair.valid(), pair.remote()));
  }

  private boolean error(StunMessage message) {
    Optional<Check> waiting = checking.transactions().find(message.transactionId());
    if (waiting.isEmpty() || !messages.orElseThrow().isFromPeer(message)) {
      return false;
    }
    checking.transactions().answered(message.transactionId());
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
    if (!selection.isOf(pair) && !checking.transactions().isAwaited(pair)) {
      pair.state(State.FAILED);
      nomination.failed(pair);
    }
  }

  /** A TCP connection is gone, or never came about. */
  public void disconnected(int socket, TransportAddress remote, long now) {
    list.find(new Pair.Route(socket, remote))
        .ifPresent(pair -> {
          checking.transactions().lost(pair);
          failed(pair);
          if (selection.isOf(pair)) {
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
            messages.isPresent() ? checking.deadlineNanos() : OptionalLong.empty(),
            mayNominate() ? nomination.deadlineNanos() : OptionalLong.empty(),
            selection.deadlineNanos());
    return times
        .flatMapToLong(OptionalLong::stream)
        .reduce((one, other) -> one - other <= 0 ? one : other);
  }

  private boolean mayNominate() {
    return role.isControlling() && !selection.isMade();
  }

  /** Does what is due. */
  public void advance(long now) {
    if (failure.isPresent() || messages.isEmpty()) {
      return;
    }
    checking.repeat(now).forEach(check -> failed(check.pair()));
    if (mayNominate()) {
      nomination.advance(now);
    }
    checking.next(messages.get(), nomination, now);
    selection.advance(now);
    if (selection.isExpired(now)) {
      over(Failure.CONSENT_EXPIRED);
    }
    if (allLocal && allRemote && !selection.isMade() && list.isExhausted()) {
      over(Failure.NO_PAIR);
    }
  }

  private void over(Failure why) {
    if (failure.isEmpty()) {
      failure = Optional.of(why);
      selection.end();
      actions.failed(why);
    }
  }

  private void send(Pair.Route route, ByteBuffer datagram) {
    actions.send(route.socket(), route.remote(), datagram.duplicate());
  }
}
