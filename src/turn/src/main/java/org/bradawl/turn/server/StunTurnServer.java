package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.NonceIssuer;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.server.TurnCounters.Event;
import org.jspecify.annotations.Nullable;

/**
 * The STUN and TURN server of one shard: a single-threaded machine. Every method is called on the
 * shard's thread; {@code nowNanos} is monotonic, never goes back, and is read once per turn of the
 * shell's loop. No input makes a method throw; what is wrong with it is counted.
 */
public final class StunTurnServer {

  /** What {@link #deadlineNanos()} says when nothing is due, ever. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  private final TurnCounters counters = new TurnCounters();
  private final DeadlineQueue deadlines = new DeadlineQueue();
  private final PeerGate gate;
  private final RelayPorts ports;
  private final Allocations allocations;
  private final Answers answers;
  private final Authenticator authenticator;
  private final Allocating allocating;
  private final Redirecting redirecting;
  private final ServerActions actions;
  private final Mobility mobility;
  private final Clients clients;
  private final Moving moving;
  private final Permitting permitting;
  private final Relaying relaying;
  private final Incoming incoming;
  private final Connecting connecting;

  /**
   * A server without allocations.
   *
   * @param shared the same for all shards of a server
   * @param nonces this shard's own, from the common secret
   * @param calendar against which credentials expire
   * @param random names allocations and fills transaction ids; not predictable
   * @param actions the shell
   */
  public StunTurnServer(
      TurnSettings settings,
      SharedState shared,
      CredentialSource credentials,
      NonceIssuer nonces,
      InstantSource calendar,
      RandomGenerator random,
      ServerActions actions) {
    Lifetimes lifetimes = Lifetimes.of(settings);
    this.gate = new PeerGate(settings, shared.relayAddresses());
    this.ports = new RelayPorts(settings, shared, deadlines);
    this.actions = actions;
    this.mobility = shared.mobility();
    this.clients = new Clients(actions, mobility);
    UnprovenReplies unproven = new UnprovenReplies(shared.replyLimit(), clients, counters);
    this.answers = new Answers(settings.software(), clients, unproven, counters);
    PeerConnections connections =
        new PeerConnections(shared.connections(), deadlines, answers, actions.streams(), counters);
    this.allocations =
        new Allocations(shared, deadlines, random, connections, actions, clients, counters);
    this.connecting =
        new Connecting(
            connections,
            shared.connections(),
            allocations,
            gate,
            answers,
            random,
            actions,
            counters);
    this.authenticator =
        new Authenticator(settings.realm(), credentials, nonces, calendar, allocations::bearer);
    this.redirecting = new Redirecting(settings);
    this.permitting =
        new Permitting(lifetimes, settings.quotas(), gate, shared, allocations, actions);
    this.moving = new Moving(allocations, permitting, clients, mobility, random);
    this.allocating =
        new Allocating(
            lifetimes,
            ports,
            shared.quota(),
            allocations,
            answers,
            actions,
            counters,
            redirecting,
            moving);
    BindingResponder binding =
        new BindingResponder(
            settings.alternateAddresses(), nonces, answers, unproven, actions, counters);
    Requests requests =
        new Requests(
            !settings.relayAddresses().isEmpty(),
            actions.canForbidFragments(),
            answers,
            authenticator,
            binding,
            allocating,
            permitting,
            connecting,
            moving,
            allocations);
    this.relaying =
        new Relaying(
            allocations,
            gate,
            shared.relayAddresses(),
            new SplittableRandom(random.nextLong()),
            actions,
            clients,
            counters);
    this.incoming =
        new Incoming(
            deadlines,
            mobility,
            clients,
            allocations,
            unproven,
            binding,
            requests,
            relaying,
            counters);
    relayAddresses(settings.relayAddresses());
  }

  /**
   * Takes a datagram, or one framed message of a stream, from a client. The machine may move the
   * buffer's position and limit; it keeps nothing of it.
   *
   * @param path {@code server} is the concrete local address it arrived at, never a wildcard
   */
  public void fromClient(FiveTuple path, ByteBuffer message, long nowNanos) {
    incoming.take(path, message, nowNanos);
  }

  /** A message of a client whose allocation was here when the shard that received it looked. */
  void fromOwnClient(int home, FiveTuple path, ByteBuffer message, long nowNanos) {
    incoming.fromOwnClient(home, path, message, nowNanos);
  }

  /** A message of a client whose allocation is here, by way of the shard that received it. */
  void fromNeighbour(int home, FiveTuple path, ByteBuffer message, long nowNanos) {
    incoming.fromNeighbour(home, path, message, nowNanos);
  }

  /** Sends what the owner of a client's allocation says, by this shard's sockets. */
  void toOwnClient(FiveTuple path, ByteBuffer message) {
    actions.sendToClient(path, message);
  }

  /** The owner of a client's allocation has answered a request that came by this shard. */
  void answeredElsewhere(Exchange exchange, ByteBuffer answer, long nowNanos) {
    answers.remember(exchange, answer, nowNanos);
  }

  void toOwnClient(FiveTuple path, int channel, ByteBuffer data) {
    actions.sendChannelData(path, channel, data);
  }

  void closeOwnClient(FiveTuple path) {
    actions.closeClient(path);
  }

  void holdOwnClient(FiveTuple path, boolean held, long nowNanos) {
    actions.clientHeld(path, held, nowNanos);
  }

  /** Whether this server lets clients move (RFC 8016); it does unless told otherwise. */
  public void mobility(boolean allowed) {
    moving.allowed(allowed);
  }

  /** Takes a datagram that arrived at a relay socket. The buffer is treated as for clients. */
  public void fromPeer(RelayId relay, TransportAddress peer, ByteBuffer payload, long nowNanos) {
    relaying.fromPeer(relay, peer, payload, nowNanos);
  }

  /** A datagram that left from a relay socket met an ICMP error (RFC 8656 §11.5). */
  public void peerError(RelayId relay, PeerError error, long nowNanos) {
    relaying.peerError(relay, error, nowNanos);
  }

  /**
   * The socket asked for is open, bound to the address asked for. For a request that is gone
   * meanwhile the answer is {@link ServerActions#closeRelay}.
   */
  public void relayOpened(RelayId relay, long nowNanos) {
    allocating.opened(relay, nowNanos);
  }

  /** The socket asked for could not be opened. */
  public void relayRefused(RelayId relay, RefusalReason reason, long nowNanos) {
    allocating.refused(relay, reason, nowNanos);
  }

  /** A relay socket failed beyond repair; its allocation ends. */
  public void relayFailed(RelayId relay, long nowNanos) {
    Allocation allocation = allocations.of(relay);
    if (allocation == null) {
      counters.tally(Event.LATE);
    } else {
      allocations.end(allocation, EndReason.RELAY_FAILED, nowNanos);
    }
  }

  /**
   * A peer has connected to the address of a relay (RFC 6062 §5.3).
   *
   * @return the connection's id from now on, or null if the shell is to close it
   */
  public @Nullable DataConnectionId peerConnected(
      RelayId relay, TransportAddress peer, long nowNanos) {
    return connecting.accept(relay, peer, nowNanos);
  }

  /** The connection that {@link StreamActions#connect} asked for stands. */
  public void connectSucceeded(DataConnectionId id, long nowNanos) {
    connecting.succeeded(id, nowNanos);
  }

  /** The connection that {@link StreamActions#connect} asked for could not be made. */
  public void connectFailed(DataConnectionId id, long nowNanos) {
    connecting.failed(id, nowNanos);
  }

  /**
   * A client's connection that {@link StreamActions#bind} sent has arrived at the shard that has
   * the peer's.
   *
   * @return whether both are to be joined; if not, the peer's is gone, and the client's is to be
   *     closed
   */
  public boolean clientBound(DataConnectionId id) {
    return connecting.bound(id);
  }

  /**
   * How many bytes may be read now from a connection, on either side: {@code most} at the most, and
   * 0 while a rate is reached. What is not read waits at its sender; nothing of a stream is ever
   * dropped.
   */
  public int readable(DataConnectionId id, int most, long nowNanos) {
    return connecting.readable(id, most, nowNanos);
  }

  /** In how many nanoseconds it is worth asking {@link #readable} again, after it said 0. */
  public long readableInNanos(DataConnectionId id, long nowNanos) {
    return connecting.readableInNanos(id, nowNanos);
  }

  /** Bytes went from a client to a peer on a connection. */
  public void relayedUp(DataConnectionId id, int bytes) {
    connecting.relayedUp(id, bytes);
  }

  /** Bytes went from a peer to a client on a connection. */
  public void relayedDown(DataConnectionId id, int bytes) {
    connecting.relayedDown(id, bytes);
  }

  /** A connection with a peer has ended by itself, and the client's with it. */
  public void peerConnectionGone(DataConnectionId id) {
    connecting.gone(id);
  }

  /** A client's connection is gone (streams only). */
  public void clientGone(FiveTuple client, long nowNanos) {
    allocating.cancel(client);
    Allocation allocation = allocations.of(client);
    if (allocation == null) {
      int owner = mobility.owner(client, clients.shard());
      if (owner != clients.shard()) {
        mobility.hand(owner, (machine, now) -> machine.clientGone(client, now));
      }
    } else if (client.equals(allocation.next())) {
      allocations.leaveNext(allocation, nowNanos);
    } else if (allocation.next() != null) {
      // RFC 8016 §3.2.2: the old connection closed, so the client is where it said.
      allocations.heard(allocation, allocation.next(), nowNanos);
    } else {
      allocations.end(allocation, EndReason.CLIENT_GONE, nowNanos);
    }
  }

  /** Ends one allocation; whether it was one of this shard. */
  public boolean endAllocation(AllocationId id, EndReason reason, long nowNanos) {
    Allocation allocation = allocations.of(id);
    if (allocation == null) {
      return false;
    }
    allocations.end(allocation, reason, nowNanos);
    return true;
  }

  /**
   * Ends every allocation of those whom {@code who} names, and forgets their requests that wait for
   * a socket: what a revoked credential asks for.
   *
   * @return how many allocations ended
   */
  public int endWhere(Predicate<Principal> who, EndReason reason, long nowNanos) {
    allocating.cancelWhere(who);
    return allocations.endWhere(who, reason, nowNanos);
  }

  /**
   * Ends every allocation and reservation of this shard, and closes the connections of stream
   * clients that had an allocation.
   */
  public void endAll(EndReason reason, long nowNanos) {
    allocating.cancelAll();
    allocations.endAll(reason, nowNanos);
    ports.dropReservations(nowNanos);
  }

  /**
   * When {@link #advance} has something to do; compare by subtraction, after checking for {@link
   * #NO_DEADLINE}. Calling it later than that is safe: nothing is honoured beyond its time.
   */
  public long deadlineNanos() {
    return deadlines.isEmpty() ? NO_DEADLINE : deadlines.earliestNanos();
  }

  /** Ends what is due by now. Afterwards the deadline lies in the future. */
  public void advance(long nowNanos) {
    deadlines.advance(nowNanos);
  }

  /** Replaces where keys come from; allocations go on under the credentials they began with. */
  public void credentials(CredentialSource credentials) {
    authenticator.credentials(credentials);
  }

  /** Lets new allocations begin, or refuses them with 508; those that live go on. */
  public void accepting(boolean whether) {
    allocating.accepting(whether);
  }

  /**
   * Changes what may be changed while the server runs. What allocations have stays, unless it leads
   * to a peer that is denied now: nothing passes there any more, in either direction.
   *
   * @param policy the one that {@link SharedState#policy} was told
   */
  public void policy(TurnPolicy policy) {
    permitting.quotas(policy.quotas());
    gate.rules(policy.peers());
    allocations.guard(gate);
  }

  /**
   * Sends valid users who ask for a new allocation to another server from now on, where it has an
   * address of their family; living allocations stay. Empty: serves them here again.
   */
  public void redirectNewAllocations(Optional<Redirection> elsewhere) {
    redirecting.drain(elsewhere);
  }

  /** Gives clients realms by the way they came; without it all are in that of the settings. */
  public void realms(Realms realms) {
    authenticator.realms(realms);
  }

  /**
   * Shares new allocations with other servers that have the same list: each user has a place on one
   * of them, and is sent there by all others. This server's own address may be in the list.
   *
   * @param servers empty to share with nobody
   */
  public void balanceNewAllocations(List<Redirection> servers) {
    redirecting.balance(servers);
  }

  /**
   * Replaces what clients are told of the relay addresses, after an external address has changed.
   * Allocations keep what they were told.
   *
   * @param addresses with the same local addresses as in the settings, or some of them
   */
  public void relayAddresses(List<RelayAddress> addresses) {
    ports.addresses(addresses);
    gate.relayAddresses(addresses);
    relaying.translates(
        addresses.stream().anyMatch(address -> !address.local().equals(address.advertised())));
  }

  /** The living allocations. */
  public List<AllocationView> allocations() {
    return allocations.views();
  }

  /** The counts so far, as values that other threads may have. */
  public TurnCounters.Snapshot counters() {
    return counters.snapshot(allocations.size());
  }
}
