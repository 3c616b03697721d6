package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bradawl.stun.ChannelData;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.MobilityTicket;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.jspecify.annotations.Nullable;

/**
 * What must hold, whatever happens. It keeps its own books, from requests and answers alone, and
 * compares:
 *
 * <ul>
 *   <li>no data without a permission, an allocation, and where it goes by channel, a channel; none
 *       from where the client is not, or is no more;
 *   <li>nothing to a forbidden peer;
 *   <li>every request answered alike when it is retransmitted ({@link Transcript});
 *   <li>no port and no socket outlives its allocation; quotas fit what is there ({@link Census});
 *   <li>no connection without its allocation, none bound twice, late, or by another user;
 *   <li>no deadline in the past after advance.
 * </ul>
 */
final class Oracle {

  static final Charset CHARSET = StandardCharsets.ISO_8859_1;

  private final Simulation simulation;
  private final Transcript transcript = new Transcript();
  private final Map<FiveTuple, Book> books = new HashMap<>();
  private final Map<AllocationId, Book> byId = new HashMap<>();
  private final Map<MobilityTicket, Book> tickets = new HashMap<>();
  private final Map<FiveTuple, String> users = new HashMap<>();
  private final Set<DataConnectionId> claimed = new HashSet<>();
  private Traffic finished = new Traffic(0, 0, 0, 0);
  private final Map<String, Integer> seen = new HashMap<>();

  Oracle(Simulation simulation) {
    this.simulation = simulation;
  }

  /** How often something happened that a run worth its name must contain. */
  int seen(String what) {
    return seen.getOrDefault(what, 0);
  }

  void see(String what) {
    seen.merge(what, 1, Integer::sum);
  }

  /** Who speaks on a path. */
  void speaks(FiveTuple path, String user) {
    users.put(path, user);
  }

  void arrives(FiveTuple path, ByteBuffer bytes) {
    boolean isRequest = false;
    if (Decoder.decode(bytes) instanceof StunMessage message
        && message.messageClass() == MessageClass.REQUEST) {
      transcript.asked(path, message);
      isRequest = true;
    }
    Book book = books.get(path);
    if (!isRequest && book != null && path.equals(book.next)) {
      book.mayMove = true;
    }
  }

  /** A client's connection is gone: if it was about to be elsewhere, it is there now. */
  void disconnected(FiveTuple path) {
    Book book = books.get(path);
    if (book != null && path.equals(book.next)) {
      books.remove(path);
      book.next = null;
    } else if (book != null) {
      book.mayMove = true;
    }
  }

  void leaves(FiveTuple path, ByteBuffer bytes) {
    StunMessage message = (StunMessage) Decoder.decode(bytes);
    if (message.messageClass() == MessageClass.INDICATION) {
      indication(path, message);
      return;
    }
    switch (transcript.answered(path, message)) {
      case FIRST -> {
        see(name(message));
        learn(path, message);
      }
      case ANOTHER -> {
        see("retransmission answered");
        learn(path, message);
      }
      case AGAIN -> see("retransmission answered");
    }
  }

  private void indication(FiveTuple path, StunMessage message) {
    TransportAddress peer = message.first(XorPeerAddress.class).orElseThrow().address();
    Book book = book(path);
    assertThat(path).as("an indication to where the client is not").isEqualTo(book.path);
    assertPermitted(book, peer);
    assertNotForbidden(peer);
    if (message.method() == Method.Known.CONNECTION_ATTEMPT) {
      see("connection attempt");
      return;
    }
    assertThat(book.channels.values())
        .as("an indication though a channel is bound")
        .noneMatch(bound -> bound.peer().equals(peer) && isAhead(bound.until()));
    see("data indication");
  }

  /** From now on other credentials are right. */
  void credentialsChanged() {
    transcript.credentialsChanged();
    see("credentials changed");
  }

  private void learn(FiveTuple path, StunMessage answer) {
    StunMessage question = transcript.question(path, answer);
    boolean success = answer.messageClass() == MessageClass.SUCCESS_RESPONSE;
    if (answer.method() == Method.Known.CONNECTION_BIND) {
      bound(path, question, answer);
    } else if (success && answer.method() instanceof Method.Known known) {
      learn(path, known, question, answer);
    }
  }

  private void learn(
      FiveTuple path, Method.Known method, StunMessage question, StunMessage answer) {
    long now = simulation.now();
    switch (method) {
      case ALLOCATE -> {
        Book book = books.get(path);
        if (book != null) {
          long until = now + answer.first(Lifetime.class).orElseThrow().seconds() * Bench.SECOND;
          answer
              .all(XorRelayedAddress.class)
              .forEach(leg ->
                  book.legs.put(
                      leg.address().address().family(), new Book.Leg(leg.address(), until)));
          answer.first(MobilityTicket.class).ifPresent(ticket -> given(ticket, book));
          see(book.legs.size() == 2 ? "both families" : "one family");
        }
      }
      case REFRESH -> refreshed(path, question, answer);
      case CREATE_PERMISSION ->
          question
              .all(XorPeerAddress.class)
              .forEach(peer -> book(path).permit(peer.address(), now));
      case CHANNEL_BIND -> {
        TransportAddress peer = question.first(XorPeerAddress.class).orElseThrow().address();
        int number = question.first(ChannelNumber.class).orElseThrow().number();
        book(path).permit(peer, now);
        book(path).bind(number, peer, now);
      }
      case BINDING, SHARED_SECRET, SEND, DATA, CONNECT, CONNECTION_BIND, CONNECTION_ATTEMPT -> {}
    }
  }

  private void refreshed(FiveTuple path, StunMessage question, StunMessage answer) {
    long seconds = answer.first(Lifetime.class).orElseThrow().seconds();
    long until = simulation.now() + seconds * Bench.SECOND;
    Optional<MobilityTicket> shown = question.first(MobilityTicket.class);
    Book book = shown.isPresent() ? tickets.get(shown.get()) : books.get(path);
    if (book == null || !byId.containsKey(book.id)) {
      assertThat(seconds).as("a Refresh of nothing").isZero();
      return;
    }
    Optional<Family> only =
        question.first(RequestedAddressFamily.class).flatMap(RequestedAddressFamily::family);
    if (only.isEmpty()) {
      book.refresh(until, simulation.now());
    } else if (seconds == 0) {
      book.legs.remove(only.get());
      see("one family let go");
    } else {
      book.refresh(only.get(), until, simulation.now());
    }
    assertThat(
            shown.isEmpty()
                || shown.get().equals(book.ticket)
                || (shown.get().equals(book.before) && path.equals(book.next)))
        .as("moved by a ticket of before")
        .isTrue();
    answer.first(MobilityTicket.class).ifPresent(fresh -> given(fresh, book));
    if (shown.isPresent() && !path.equals(book.next)) {
      if (book.next != null) {
        books.remove(book.next);
      }
      book.next = path;
      book.mayMove = false;
      assertThat(books.put(path, book)).as("moved to where another one is").isNull();
      see("about to move");
    }
  }

  private void given(MobilityTicket ticket, Book book) {
    tickets.put(ticket, book);
    book.ticket(ticket);
  }

  /** RFC 6062 §5.4: exactly who may be bound is. */
  private void bound(FiveTuple path, StunMessage question, StunMessage answer) {
    int code = Transcript.code(answer);
    if (code == 401 || code == 438 || books.containsKey(path)) {
      return;
    }
    DataConnectionId id =
        new DataConnectionId(question.first(ConnectionId.class).orElseThrow().id());
    boolean expected = false;
    for (SimulatedShard shard : simulation.shards) {
      SimulatedStreams.Conn conn = shard.streams.conns.get(id);
      if (conn != null && !conn.connecting && !claimed.contains(id)) {
        expected = holder(shard, conn).user.equals(users.get(path));
      }
    }
    assertThat(code == 0).as("bound to a connection").isEqualTo(expected);
    if (expected) {
      claimed.add(id);
    }
  }

  /** Whether a peer that connects is to be let in. */
  boolean admits(SimulatedShard shard, RelayId relay, TransportAddress source) {
    Book book = books(shard.streams.listening.get(relay));
    long conns =
        shard.streams.conns.values().stream().filter(conn -> conn.relay.equals(relay)).count();
    return book != null
        && book.isLive(source.address().family(), simulation.now())
        && book.permits(source, simulation.now())
        && conns < PeerConnections.MOST_PER_ALLOCATION
        && shard.streams.conns.values().stream()
            .noneMatch(conn -> conn.relay.equals(relay) && conn.peer.equals(source));
  }

  private Book holder(SimulatedShard shard, SimulatedStreams.Conn conn) {
    Book book = books(shard.streams.listening.get(conn.relay));
    if (book == null) {
      throw new AssertionError("a connection outlives its allocation: " + conn.peer);
    }
    return book;
  }

  private @Nullable Book books(@Nullable TransportAddress relayed) {
    Book over = null;
    for (Book book : byId.values()) {
      for (Book.Leg leg : book.legs.values()) {
        if (leg.address().equals(relayed)) {
          if (isAhead(leg.until())) {
            return book;
          }
          over = book;
        }
      }
    }
    return over;
  }

  void channelDataLeaves(FiveTuple path, int channel) {
    assertThat(ChannelData.isChannel(channel)).isTrue();
    assertThat(path).as("data to where the client is not").isEqualTo(book(path).path);
    Book.Bound bound = book(path).channels.get(channel);
    assertThat(bound).as("ChannelData on a channel nobody bound").isNotNull();
    if (bound != null) {
      assertThat(isAhead(bound.until())).as("ChannelData on a channel that is over").isTrue();
      assertPermitted(book(path), bound.peer());
    }
    see("channel data");
  }

  void reachesPeer(SimulatedShard shard, RelayId relay, TransportAddress peer, ByteBuffer data) {
    Book book = books(shard.open.get(relay));
    assertThat(book).as("data from a relay without allocation").isNotNull();
    if (book != null) {
      assertPermitted(book, peer);
      int from = Integer.parseInt(CHARSET.decode(data).toString());
      assertThat(List.of(book.path, book.next == null ? book.path : book.next))
          .as("data from port %d", from)
          .anyMatch(path -> path.client().port() == from);
    }
    boolean relayed = assertNotForbidden(peer);
    see(relayed ? "data to another relay" : "data to a peer");
  }

  /** Returns whether {@code peer} is relayed by this server, which is always allowed. */
  private boolean assertNotForbidden(TransportAddress peer) {
    boolean relayed =
        simulation.shared.relayAddresses().contains(peer)
            || simulation.shared.connections().relayAddresses().contains(peer);
    assertThat(relayed || PeerRules.defaults().verdict(peer.address()) != PeerRules.Verdict.DENIED)
        .as("%s is forbidden", peer)
        .isTrue();
    return relayed;
  }

  private void assertPermitted(Book book, TransportAddress peer) {
    assertThat(book.isLive(peer.address().family(), simulation.now()))
        .as("data on an allocation that is over")
        .isTrue();
    assertThat(book.permits(peer, simulation.now()))
        .as("data without permission, %s", peer)
        .isTrue();
  }

  void started(SimulatedShard shard, AllocationView view) {
    Book book = new Book(shard, view);
    assertThat(books.put(book.path, book)).as("two allocations on one path").isNull();
    byId.put(book.id, book);
  }

  void ended(AllocationSummary allocation) {
    see("ended " + allocation.reason());
    Book book = byId.remove(allocation.info().id());
    assertThat(book).as("an allocation that never was").isNotNull();
    if (book != null) {
      books.values().removeIf(book::equals);
    }
    finished = finished.plus(allocation.traffic());
  }

  /** A socket is closed; what was over has nothing any more. */
  void closed(TransportAddress local) {
    for (Book book : byId.values()) {
      book.legs.values().removeIf(leg -> leg.address().equals(local) && !isAhead(leg.until()));
    }
  }

  void advanced(SimulatedShard shard) {
    long deadline = shard.server.deadlineNanos();
    assertThat(deadline == StunTurnServer.NO_DEADLINE || isAhead(deadline))
        .as("a deadline in the past")
        .isTrue();
    settle();
    for (AllocationView view : shard.server.allocations()) {
      assertThat(isAhead(view.expiresNanos())).as("an allocation outlives its time").isTrue();
    }
    for (Book book : byId.values()) {
      for (Book.Leg leg : book.legs.values()) {
        assertThat(book.shard != shard || isAhead(leg.until()) || !isOpen(book, leg))
            .as("a port outlives its allocation: %s", leg)
            .isTrue();
      }
    }
    for (SimulatedStreams.Conn conn : shard.streams.conns.values()) {
      assertThat(claimed.contains(conn.id) || isAhead(conn.since + 30 * Bench.SECOND))
          .as("a connection that nobody is bound to")
          .isTrue();
    }
  }

  /** Whether the socket of a relayed address is there, and not another allocation's by now. */
  private boolean isOpen(Book book, Book.Leg leg) {
    return (book.shard.open.containsValue(leg.address())
            || book.shard.streams.listening.containsValue(leg.address()))
        && book.equals(books(leg.address()));
  }

  /** Who has moved, by what the machines say, had reason to, and to where it said. */
  private void settle() {
    for (SimulatedShard shard : simulation.shards) {
      for (AllocationView view : shard.server.allocations()) {
        Book book = byId.get(view.info().id());
        assertThat(book).as("an allocation nobody was told of").isNotNull();
        if (book != null && !view.info().client().equals(book.path)) {
          assertThat(view.info().client()).as("moved").isEqualTo(book.next);
          assertThat(book.mayMove).as("moved without a word").isTrue();
          books.remove(book.path);
          book.path = view.info().client();
          book.next = null;
          book.mayMove = false;
          see("moved");
        }
      }
    }
  }

  /** After every event. */
  void check() {
    settle();
    Census.check(simulation, byId.values());
    for (SimulatedShard shard : simulation.shards) {
      shard.streams.conns.values().forEach(conn -> holder(shard, conn));
    }
  }

  /** Now and then, because it takes long: the shards' counters are the sum of all allocations. */
  void checkTraffic() {
    Traffic traffic = finished;
    TurnCounters.Snapshot counters = TurnCounters.Snapshot.EMPTY;
    for (SimulatedShard shard : simulation.shards) {
      counters = counters.plus(shard.server.counters());
      for (AllocationView view : shard.server.allocations()) {
        traffic = traffic.plus(view.traffic());
      }
    }
    assertThat(counters.traffic()).isEqualTo(traffic);
    assertThat(counters.allocations()).isEqualTo(byId.size());
  }

  private Book book(FiveTuple path) {
    Book book = books.get(path);
    if (book == null) {
      throw new AssertionError("no allocation for " + path);
    }
    return book;
  }

  private boolean isAhead(long nanos) {
    return nanos - simulation.now() > 0;
  }

  private static String name(StunMessage message) {
    return message.method() + " " + Transcript.code(message);
  }
}
