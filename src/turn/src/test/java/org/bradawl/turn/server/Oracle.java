package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bradawl.stun.ChannelData;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.MessageIntegrity;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * What must hold, whatever happens. It keeps its own books, from requests and answers alone, and
 * compares:
 *
 * <ul>
 *   <li>no data without a permission, an allocation, and where it goes by channel, a channel;
 *   <li>nothing to a forbidden peer;
 *   <li>every request answered alike when it is retransmitted;
 *   <li>no port and no socket outlives its allocation; quotas fit what is there;
 *   <li>no deadline in the past after advance.
 * </ul>
 */
final class Oracle {

  private static final long PERMISSION = 300 * Bench.SECOND;
  private static final long CHANNEL = 600 * Bench.SECOND;

  private record Request(FiveTuple path, TransactionId id, Method method) {}

  private record Bound(TransportAddress peer, long until) {}

  /** One allocation, as its client may believe it to be. */
  private static final class Book {

    private long until;
    private final Map<IpAddress, Long> permissions = new HashMap<>();
    private final Map<Integer, Bound> channels = new HashMap<>();
  }

  private final Simulation simulation;
  private final Map<Request, StunMessage> asked = new HashMap<>();
  private final Map<Request, StunMessage> answered = new HashMap<>();
  private final Map<Request, Integer> refusedUnder = new HashMap<>();
  private int credentials;
  private final Map<FiveTuple, Book> books = new HashMap<>();
  private final Map<Simulation.Shard, Map<RelayId, FiveTuple>> owners = new HashMap<>();
  private RelayId lastOpened = new RelayId(0);
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

  void arrives(FiveTuple path, ByteBuffer bytes) {
    if (Decoder.decode(bytes) instanceof StunMessage message
        && message.messageClass() == MessageClass.REQUEST) {
      asked.put(request(path, message), message);
    }
  }

  void leaves(FiveTuple path, ByteBuffer bytes) {
    StunMessage message = (StunMessage) Decoder.decode(bytes);
    if (message.messageClass() == MessageClass.INDICATION) {
      TransportAddress peer = message.first(XorPeerAddress.class).orElseThrow().address();
      Book book = book(path);
      assertPermitted(book, peer);
      assertNotForbidden(peer);
      assertThat(book.channels.values())
          .as("an indication though a channel is bound")
          .noneMatch(bound -> bound.peer.equals(peer) && isAhead(bound.until));
      see("data indication");
      return;
    }
    Request request = request(path, message);
    StunMessage before = answered.putIfAbsent(request, message);
    if (before == null) {
      see(name(message));
      learn(path, request, message);
    } else {
      see("retransmission answered");
      if (mayDiffer(request, before, message)) {
        answered.put(request, message);
        learn(path, request, message);
      } else {
        assertAlike(before, message);
      }
    }
    refusedUnder.putIfAbsent(request, credentials);
  }

  /**
   * A 401 and a 438 are not remembered (RFC 8489 §6.3.1 forbids it for who is not authenticated):
   * with other credentials, or those of before run out, the answer is another one.
   */
  private boolean mayDiffer(Request request, StunMessage before, StunMessage now) {
    boolean changed = refusedUnder.getOrDefault(request, 0) != credentials;
    return switch (code(before)) {
      case 401 -> changed;
      case 438 -> changed || code(now) == 401;
      default -> false;
    };
  }

  /** From now on other credentials are right. */
  void credentialsChanged() {
    credentials++;
    see("credentials changed");
  }

  /** Nonces differ; nothing else may. */
  private static void assertAlike(StunMessage first, StunMessage again) {
    assertThat(code(again)).as("of %s", first.transactionId()).isEqualTo(code(first));
    assertThat(withoutNonce(again)).isEqualTo(withoutNonce(first));
  }

  private static List<Attribute> withoutNonce(StunMessage message) {
    return message.attributes().stream()
        .filter(attribute -> !(attribute instanceof Nonce))
        .filter(attribute -> code(message) != 438 || !(attribute instanceof MessageIntegrity))
        .toList();
  }

  private void learn(FiveTuple path, Request request, StunMessage answer) {
    if (answer.messageClass() != MessageClass.SUCCESS_RESPONSE
        || !(request.method instanceof Method.Known known)) {
      return;
    }
    StunMessage question = asked.get(request);
    if (question == null) {
      throw new AssertionError("an answer nobody asked for: " + answer);
    }
    switch (known) {
      case ALLOCATE, REFRESH -> {
        Book book = books.get(path);
        if (book != null) {
          book.until =
              simulation.now()
                  + answer.first(Lifetime.class).orElseThrow().seconds() * Bench.SECOND;
        }
      }
      case CREATE_PERMISSION ->
          question.all(XorPeerAddress.class).forEach(peer -> permit(book(path), peer.address()));
      case CHANNEL_BIND -> {
        TransportAddress peer = question.first(XorPeerAddress.class).orElseThrow().address();
        int number = question.first(ChannelNumber.class).orElseThrow().number();
        permit(book(path), peer);
        book(path).channels.put(number, new Bound(peer, simulation.now() + CHANNEL));
      }
      case BINDING, SHARED_SECRET, SEND, DATA, CONNECT, CONNECTION_BIND, CONNECTION_ATTEMPT -> {}
    }
  }

  private void permit(Book book, TransportAddress peer) {
    book.permissions.put(peer.address(), simulation.now() + PERMISSION);
  }

  void channelDataLeaves(FiveTuple path, int channel) {
    assertThat(ChannelData.isChannel(channel)).isTrue();
    Bound bound = book(path).channels.get(channel);
    assertThat(bound).as("ChannelData on a channel nobody bound").isNotNull();
    if (bound != null) {
      assertThat(isAhead(bound.until)).as("ChannelData on a channel that is over").isTrue();
      assertPermitted(book(path), bound.peer);
    }
    see("channel data");
  }

  void reachesPeer(Simulation.Shard shard, RelayId relay, TransportAddress peer) {
    FiveTuple path = owners.getOrDefault(shard, Map.of()).get(relay);
    assertThat(path).as("data from a relay without allocation").isNotNull();
    if (path != null) {
      assertPermitted(book(path), peer);
    }
    boolean relayed = assertNotForbidden(peer);
    see(relayed ? "data to another relay" : "data to a peer");
  }

  /** Returns whether {@code peer} is relayed by this server, which is always allowed. */
  private boolean assertNotForbidden(TransportAddress peer) {
    boolean relayed = simulation.shared.relayAddresses().contains(peer);
    assertThat(relayed || PeerRules.defaults().verdict(peer.address()) != PeerRules.Verdict.DENIED)
        .as("%s is forbidden", peer)
        .isTrue();
    return relayed;
  }

  private void assertPermitted(Book book, TransportAddress peer) {
    assertThat(isAhead(book.until)).as("data on an allocation that is over").isTrue();
    Long until = book.permissions.get(peer.address());
    assertThat(until != null && isAhead(until)).as("data without permission, %s", peer).isTrue();
  }

  void opened(Simulation.Shard shard, RelayId relay, TransportAddress local) {
    lastOpened = relay;
    assertThat(shard.open).containsEntry(relay, local);
  }

  void started(Simulation.Shard shard, AllocationView allocation) {
    FiveTuple path = allocation.info().client();
    Book book = new Book();
    book.until = allocation.expiresNanos();
    assertThat(books.put(path, book)).as("two allocations on one path").isNull();
    owners.computeIfAbsent(shard, key -> new HashMap<>()).put(lastOpened, path);
  }

  void ended(AllocationSummary allocation) {
    see("ended " + allocation.reason());
    assertThat(books.remove(allocation.info().client())).isNotNull();
    owners.values().forEach(map -> map.values().remove(allocation.info().client()));
    finished = finished.plus(allocation.traffic());
  }

  void advanced(StunTurnServer server) {
    long deadline = server.deadlineNanos();
    assertThat(deadline == StunTurnServer.NO_DEADLINE || isAhead(deadline))
        .as("a deadline in the past")
        .isTrue();
    for (AllocationView view : server.allocations()) {
      assertThat(isAhead(view.expiresNanos())).as("an allocation outlives its time").isTrue();
    }
  }

  /** After every event. */
  void check() {
    int allocations = 0;
    int opening = 0;
    Map<String, Integer> byUser = new HashMap<>();
    for (Simulation.Shard shard : simulation.shards) {
      opening += shard.opening;
      assertThat(shard.open).as("open sockets").hasSize(shard.server.allocations().size());
      for (AllocationView view : shard.server.allocations()) {
        allocations++;
        assertThat(byUser.merge(view.info().principal().user(), 1, Integer::sum))
            .as("of %s", view.info().principal())
            .isLessThanOrEqualTo(5);
        assertThat(view.permissions()).isLessThanOrEqualTo(6);
        assertThat(view.channels()).isLessThanOrEqualTo(5);
      }
    }
    SharedState shared = simulation.shared;
    assertThat(books).hasSize(allocations);
    assertThat(shared.relayAddresses().size()).isEqualTo(allocations);
    assertThat(shared.quota().total()).isEqualTo(allocations + opening).isBetween(0, 14);
    int lent = 0;
    for (PortPool pool : shared.ports().values()) {
      lent += pool.size() - pool.free();
    }
    int held = allocations + shared.reservations().size();
    if (opening == 0) {
      assertThat(lent).as("ports lent").isEqualTo(held);
    } else {
      assertThat(lent).as("ports lent").isGreaterThanOrEqualTo(held + opening);
    }
  }

  /** Now and then, because it takes long: the shards' counters are the sum of all allocations. */
  void checkTraffic() {
    Traffic traffic = finished;
    TurnCounters.Snapshot counters = TurnCounters.Snapshot.EMPTY;
    for (Simulation.Shard shard : simulation.shards) {
      counters = counters.plus(shard.server.counters());
      for (AllocationView view : shard.server.allocations()) {
        traffic = traffic.plus(view.traffic());
      }
    }
    assertThat(counters.traffic()).isEqualTo(traffic);
    assertThat(counters.allocations()).isEqualTo(books.size());
  }

  private Book book(FiveTuple path) {
    @Nullable Book book = books.get(path);
    if (book == null) {
      throw new AssertionError("no allocation for " + path);
    }
    return book;
  }

  private boolean isAhead(long nanos) {
    return nanos - simulation.now() > 0;
  }

  private static Request request(FiveTuple path, StunMessage message) {
    return new Request(path, message.transactionId(), message.method());
  }

  private static int code(StunMessage message) {
    return message.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }

  private static String name(StunMessage message) {
    return message.method() + " " + code(message);
  }
}
