package org.bradawl.tests.fuzz;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.SecurityFeatures;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.auth.NonceIssuer;
import org.bradawl.turn.auth.StaticUsers;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.AlternateAddress;
import org.bradawl.turn.server.DataConnectionId;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.PeerRules;
import org.bradawl.turn.server.RefusalReason;
import org.bradawl.turn.server.RelayAddress;
import org.bradawl.turn.server.RelayId;
import org.bradawl.turn.server.SharedState;
import org.bradawl.turn.server.StunTurnServer;
import org.bradawl.turn.server.TurnSettings;
import org.jspecify.annotations.Nullable;

/**
 * A live server: the bytes tell a story of datagrams, authentic requests, peers, sockets that open
 * or do not, time, clients that hang up. Nothing throws; what must hold holds after each turn; and
 * in the end everything taken has come back.
 */
public final class Serving {

  private static final String REALM = "fuzz";
  private static final TransportAddress SERVER = address("192.0.2.1", 3478);
  private static final long SECOND = 1_000_000_000L;

  private static final FiveTuple[] CLIENTS = {
    new FiveTuple(FiveTuple.Transport.UDP, SERVER, address("198.51.100.7", 40_000)),
    new FiveTuple(FiveTuple.Transport.UDP, SERVER, address("198.51.100.8", 40_001)),
    new FiveTuple(FiveTuple.Transport.TCP, SERVER, address("198.51.100.7", 40_000)),
    new FiveTuple(FiveTuple.Transport.TCP, SERVER, address("198.51.100.9", 40_002))
  };

  private static final TransportAddress[] PEERS = {
    address("8.8.4.4", 5000),
    address("8.8.4.4", 5001),
    address("1.1.1.1", 0),
    address("127.0.0.1", 22),
    address("192.0.2.1", 50_000),
    address("2400:cb00::1", 9),
    SERVER
  };

  private static final DataConnectionId NOBODY = new DataConnectionId(0);

  private static final SecurityFeatures FEATURES = new SecurityFeatures(true, true);

  private static final String[] USERS = {"alice", "bob", "eve"};

  private static final Method[] METHODS = {
    Method.Known.ALLOCATE,
    Method.Known.REFRESH,
    Method.Known.CREATE_PERMISSION,
    Method.Known.CHANNEL_BIND,
    Method.Known.BINDING,
    Method.Known.CONNECT,
    Method.Known.CONNECTION_BIND,
    Method.Known.SEND
  };

  private static final TurnSettings SETTINGS =
      new TurnSettings(
          REALM,
          "",
          List.of(
              RelayAddress.plain(IpAddress.parse("192.0.2.1")),
              RelayAddress.plain(IpAddress.parse("2001:db8::1"))),
          50_000,
          50_007,
          List.of(new AlternateAddress(SERVER.address(), IpAddress.parse("192.0.2.2"), 3478, 3479)),
          Set.of(SERVER.address()),
          Set.of(SERVER, address("0.0.0.0", 8080)),
          PeerRules.defaults(),
          TurnSettings.LONGEST_LIFETIME,
          TurnSettings.DEFAULT_NONCE_LIFETIME,
          new TurnSettings.Quotas(6, 4, 5, 4));

  private final Story story;
  private final SharedState shared = SharedState.of(SETTINGS, new Random(1));
  private final NonceIssuer nonces =
      new NonceIssuer(new byte[] {1}, Duration.ofMinutes(10), this::calendar);
  private final Shell shell = new Shell(shared);
  private final StunTurnServer server;
  private final Random random = new Random(2);
  private long now = Long.MAX_VALUE - 300 * SECOND; // overflows on the way
  private long elapsed;
  private ByteBuffer last = ByteBuffer.allocate(0);

  private Serving(byte[] bytes) {
    this.story = new Story(bytes);
    this.server =
        new StunTurnServer(
            SETTINGS,
            shared,
            StaticUsers.ofPasswords(REALM, Map.of("alice", "a", "bob", "b"), new Random(3)),
            nonces,
            this::calendar,
            new Random(4),
            shell);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    Serving serving = new Serving(bytes);
    while (serving.story.goesOn()) {
      serving.turn();
      serving.look();
    }
    serving.end();
  }

  private static TransportAddress address(String host, int port) {
    return new TransportAddress(IpAddress.parse(host), port);
  }

  private Instant calendar() {
    return Instant.parse("2026-01-01T00:00:00Z").plusNanos(elapsed);
  }

  private void turn() {
    FiveTuple client = CLIENTS[story.choice(CLIENTS.length)];
    switch (story.choice(14)) {
      case 0 -> receive(client, ByteBuffer.wrap(story.take(story.choice(256))));
      case 1 -> receive(client, message());
      case 2, 3, 4 -> receive(client, request(client));
      case 5 -> receive(client, last.duplicate());
      case 6 -> receive(client, indication());
      case 7 -> receive(client, channelData());
      case 8 -> fromPeer();
      case 9 -> pass((long) story.choice(256) * story.choice(256) * SECOND / 16);
      case 10 -> socket();
      case 11, 12 -> connection();
      default -> leave(client);
    }
  }

  private void receive(FiveTuple client, ByteBuffer message) {
    server.fromClient(client, message, now);
  }

  /** A header that is right, and behind it anything. */
  private ByteBuffer message() {
    int type = story.u16() & 0x3fff;
    byte[] body = story.take(4 * story.choice(32));
    int length = body.length / 4 * 4;
    return ByteBuffer.allocate(20 + length)
        .putShort((short) type)
        .putShort((short) length)
        .putInt(TransactionId.MAGIC_COOKIE)
        .putInt(0)
        .putLong(story.choice(8))
        .put(body, 0, length)
        .flip();
  }

  private ByteBuffer request(FiveTuple client) {
    String user = USERS[story.choice(USERS.length)];
    Method method = METHODS[story.choice(METHODS.length)];
    StunMessage.Builder request =
        StunMessage.request(method, TransactionId.of(7, random.nextLong()));
    for (int i = story.choice(6); i > 0; i--) {
      request.add(attribute());
    }
    request
        .add(new Username(user))
        .add(new Realm(REALM))
        .add(new Nonce(nonces.issue(client, FEATURES)));
    IntegrityKey key = IntegrityKey.longTerm(PasswordHash.MD5, user, REALM, user.substring(0, 1));
    last = Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, key).encode(request.build());
    return last.duplicate();
  }

  private Attribute attribute() {
    return switch (story.choice(11)) {
      case 0, 1 -> new RequestedTransport(new int[] {17, 6, story.choice(256)}[story.choice(3)]);
      case 2 -> new Lifetime(story.u16());
      case 3 -> new EvenPort(story.choice(2) == 0);
      case 4 -> new ReservationToken(story.u16());
      case 5, 6 -> new XorPeerAddress(PEERS[story.choice(PEERS.length)]);
      case 7 -> new ChannelNumber(0x3ffe + story.choice(6));
      case 8 -> new ConnectionId(shell.connected().stream().findFirst().orElse(NOBODY).value());
      default -> raw();
    };
  }

  /** Any type with any value, right or wrong; but not the protection of the message. */
  private Attribute raw() {
    int type = story.u16();
    Bytes value = Bytes.owning(story.take(story.choice(40)));
    boolean protection = type == 0x0008 || type == 0x001c || type == 0x8028;
    return new UnknownAttribute(protection ? 0x7fff : type, value);
  }

  private ByteBuffer indication() {
    return Encoder.PLAIN.encode(
        StunMessage.indication(Method.Known.SEND, TransactionId.of(8, 8))
            .add(new XorPeerAddress(PEERS[story.choice(PEERS.length)]))
            .add(new Data(Bytes.owning(story.take(story.choice(64)))))
            .build());
  }

  private ByteBuffer channelData() {
    byte[] data = story.take(story.choice(64));
    return ByteBuffer.allocate(4 + data.length)
        .putShort((short) (0x4000 + story.choice(4)))
        .putShort((short) (data.length + (story.choice(8) == 0 ? 1 : 0)))
        .put(data)
        .flip();
  }

  private void fromPeer() {
    List<RelayId> open = new ArrayList<>(shell.open());
    open.add(new RelayId(1));
    RelayId relay = open.get(story.choice(open.size()));
    TransportAddress peer = PEERS[story.choice(PEERS.length)];
    server.fromPeer(relay, peer, ByteBuffer.wrap(story.take(story.choice(64))), now);
  }

  private void pass(long nanos) {
    now += nanos;
    elapsed += nanos;
    if (story.choice(3) > 0) {
      advance();
    }
  }

  private void advance() {
    server.advance(now);
    long deadline = server.deadlineNanos();
    check(deadline == StunTurnServer.NO_DEADLINE || deadline - now > 0, "a deadline in the past");
    for (AllocationView view : server.allocations()) {
      check(view.expiresNanos() - now > 0, "an allocation outlives its time");
    }
  }

  /** One that is being opened has opened, or could not be; one that is open fails. */
  private void socket() {
    List<RelayId> opening = shell.opening();
    if (opening.isEmpty()) {
      shell.open().stream().findFirst().ifPresent(relay -> server.relayFailed(relay, now));
      return;
    }
    RelayId relay = opening.get(story.choice(opening.size()));
    switch (story.choice(4)) {
      case 0 -> {
        shell.refused(relay);
        server.relayRefused(relay, RefusalReason.PORT_TAKEN, now);
      }
      case 1 -> {
        shell.refused(relay);
        server.relayRefused(relay, RefusalReason.UNAVAILABLE, now);
      }
      default -> {
        shell.opened(relay);
        server.relayOpened(relay, now);
      }
    }
  }

  /** TCP with peers: one connects, one is reached or not, a client's arrives, one hangs up. */
  private void connection() {
    switch (story.choice(5)) {
      case 0 -> {
        List<RelayId> listening = shell.listening();
        if (!listening.isEmpty()) {
          RelayId relay = listening.get(story.choice(listening.size()));
          @Nullable DataConnectionId id =
              server.peerConnected(relay, PEERS[story.choice(PEERS.length)], now);
          if (id != null) {
            shell.stands(id);
          }
        }
      }
      case 1 ->
          shell.connecting().stream()
              .findFirst()
              .ifPresent(id -> {
                shell.stands(id);
                server.connectSucceeded(id, now);
              });
      case 2 ->
          shell.connecting().stream()
              .findFirst()
              .ifPresent(id -> {
                shell.gone(id);
                server.connectFailed(id, now);
              });
      case 3 ->
          shell.bound().stream()
              .findFirst()
              .ifPresent(id -> {
                if (server.clientBound(id)) {
                  server.relayedUp(id, story.choice(256));
                  server.relayedDown(id, story.choice(256));
                }
              });
      default ->
          shell.connected().stream()
              .findFirst()
              .ifPresent(id -> {
                shell.gone(id);
                server.peerConnectionGone(id);
              });
    }
  }

  private void leave(FiveTuple client) {
    switch (client.transport()) {
      case UDP ->
          server.allocations().stream()
              .findFirst()
              .ifPresent(view -> server.endAllocation(view.info().id(), EndReason.ADMIN, now));
      default -> server.clientGone(client, now);
    }
  }

  private void look() {
    int allocations = server.allocations().size();
    int total = shared.quota().total();
    check(shell.open().size() >= allocations, "an allocation without a socket");
    check(
        total >= allocations && total <= allocations + shell.opening().size(),
        "the quota says " + total + " of " + allocations);
    for (AllocationView view : server.allocations()) {
      check(view.permissions() <= 5 && view.channels() <= 4, "beyond a bound");
    }
  }

  private void end() {
    for (int i = 0; i < 1000 && !shell.opening().isEmpty(); i++) {
      RelayId relay = shell.opening().getFirst();
      shell.refused(relay);
      server.relayRefused(relay, RefusalReason.UNAVAILABLE, now);
    }
    server.endAll(EndReason.SHUTDOWN, now);
    check(shell.open().isEmpty() && shell.opening().isEmpty(), "a socket is left open");
    check(shared.quota().total() == 0, "a quota is not given back");
    check(shared.relayAddresses().size() == 0, "an address is still relayed");
    check(shared.reservations().size() == 0, "a reservation is left");
    check(shared.connections().size() == 0, "a connection is left");
    check(shell.connected().isEmpty() && shell.connecting().isEmpty(), "a connection is open");
    shared
        .ports()
        .values()
        .forEach(pool -> check(pool.free() == pool.size(), "a port is not given back"));
    check(server.deadlineNanos() == StunTurnServer.NO_DEADLINE, "something is still due");
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
