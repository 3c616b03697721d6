package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.auth.ChainedCredentials;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.bradawl.turn.auth.NonceIssuer;
import org.bradawl.turn.auth.StaticUsers;
import org.bradawl.turn.server.Recorder.Action;

/**
 * One machine on a workbench: a recorder as its shell, a clock that tests turn, clients' voices.
 */
class Bench {

  static final String REALM = "example.org";
  static final EphemeralCredentials EPHEMERAL = new EphemeralCredentials("north");
  static final TransportAddress SERVER = address("192.0.2.1:3478");
  static final IpAddress RELAY_V4 = IpAddress.parse("192.0.2.1");
  static final IpAddress RELAY_V6 = IpAddress.parse("2001:db8::1");
  static final FiveTuple ALICE =
      new FiveTuple(FiveTuple.Transport.UDP, SERVER, address("198.51.100.7:40000"));
  static final FiveTuple BOB =
      new FiveTuple(FiveTuple.Transport.UDP, SERVER, address("198.51.100.8:40001"));
  static final FiveTuple CAROL_TCP =
      new FiveTuple(FiveTuple.Transport.TCP, SERVER, address("198.51.100.9:40002"));

  /** A global address, which the default rules let pass. */
  static final TransportAddress PEER = address("8.8.4.4:5000");

  static final long SECOND = 1_000_000_000L;

  private static final Map<String, String> PASSWORDS =
      Map.of("alice", "wonderland", "bob", "builder");

  final Recorder shell = new Recorder();
  final Random random = new Random(42);
  final TurnSettings settings;
  final SharedState shared;
  final StunTurnServer server;

  /** Far from zero, and soon to overflow if compared without subtraction. */
  long now = Long.MAX_VALUE - 100 * SECOND;

  Instant calendar = Instant.parse("2026-01-01T00:00:00Z");
  private long lastId;
  private RelayId lastRelay = new RelayId(0);

  Bench() {
    this(settings());
  }

  Bench(TurnSettings settings) {
    this(settings, SharedState.of(settings, new Random(7)));
  }

  Bench(TurnSettings settings, SharedState shared) {
    this(settings, shared, false);
  }

  /** A machine whose shell can set the DF bit, or not. */
  Bench(TurnSettings settings, SharedState shared, boolean forbidsFragments) {
    if (forbidsFragments) {
      shell.forbidFragments();
    }
    this.settings = settings;
    this.shared = shared;
    CredentialSource credentials =
        new ChainedCredentials(
            List.of(StaticUsers.ofPasswords(REALM, PASSWORDS, random), EPHEMERAL));
    this.server =
        new StunTurnServer(
            settings,
            shared,
            credentials,
            new NonceIssuer(new byte[] {1, 2, 3}, Duration.ofMinutes(10), () -> calendar),
            () -> calendar,
            random,
            shell);
    shell.worker(work -> work.run(server, now));
  }

  /** The relay of the last allocation. */
  RelayId lastRelay() {
    return lastRelay;
  }

  static TurnSettings settings() {
    return settings(PeerRules.defaults(), TurnSettings.Quotas.DEFAULT, 50_000, 50_099);
  }

  static TurnSettings settings(
      PeerRules peers, TurnSettings.Quotas quotas, int minPort, int maxPort) {
    return new TurnSettings(
        REALM,
        "",
        List.of(RelayAddress.plain(RELAY_V4), RelayAddress.plain(RELAY_V6)),
        minPort,
        maxPort,
        List.of(new AlternateAddress(SERVER.address(), IpAddress.parse("192.0.2.2"), 3478, 3479)),
        Set.of(SERVER.address()),
        Set.of(SERVER, address("0.0.0.0:8080")),
        peers,
        TurnSettings.LONGEST_LIFETIME,
        TurnSettings.DEFAULT_NONCE_LIFETIME,
        quotas);
  }

  static TransportAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, colon).replace("[", "").replace("]", "");
    return new TransportAddress(IpAddress.parse(host), Integer.parseInt(text.substring(colon + 1)));
  }

  void pass(long seconds) {
    now += seconds * SECOND;
    calendar = calendar.plusSeconds(seconds);
  }

  /** Lets time pass, and the machine do what is due then. */
  List<Action> passAndAdvance(long seconds) {
    pass(seconds);
    server.advance(now);
    return shell.take();
  }

  List<Action> fromClient(FiveTuple path, ByteBuffer message) {
    server.fromClient(path, message, now);
    return shell.take();
  }

  List<Action> fromPeer(RelayId relay, TransportAddress peer, String data) {
    server.fromPeer(relay, peer, Recorder.bytes(data), now);
    return shell.take();
  }

  TransactionId freshId() {
    return TransactionId.of(77, ++lastId);
  }

  /** A request of {@code user}, signed with a nonce that the server just issued for this path. */
  ByteBuffer signed(FiveTuple path, String user, Method method, Attribute... attributes) {
    return signed(path, user, PASSWORDS.getOrDefault(user, "?"), nonce(path), method, attributes);
  }

  ByteBuffer signed(
      FiveTuple path,
      String user,
      String password,
      Nonce nonce,
      Method method,
      Attribute... attributes) {
    StunMessage message =
        StunMessage.request(method, freshId())
            .addAll(List.of(attributes))
            .add(new Username(user))
            .add(new Realm(REALM))
            .add(nonce)
            .build();
    return signer(user, password).encode(message);
  }

  static Encoder signer(String user, String password) {
    return Encoder.PLAIN.signed(
        IntegrityAlgorithm.SHA1, IntegrityKey.longTerm(PasswordHash.MD5, user, REALM, password));
  }

  /** The nonce of a fresh challenge. */
  Nonce nonce(FiveTuple path) {
    StunMessage probe = StunMessage.request(Method.Known.REFRESH, freshId()).build();
    StunMessage challenge = response(fromClient(path, Encoder.PLAIN.encode(probe)));
    return challenge.first(Nonce.class).orElseThrow();
  }

  List<Action> request(FiveTuple path, String user, Method method, Attribute... attributes) {
    return fromClient(path, signed(path, user, method, attributes));
  }

  /** The one response among {@code actions}. */
  static StunMessage response(List<Action> actions) {
    List<StunMessage> messages =
        actions.stream()
            .filter(Action.ToClient.class::isInstance)
            .map(action -> ((Action.ToClient) action).message())
            .toList();
    assertThat(messages).hasSize(1);
    return messages.getFirst();
  }

  /** The error code of the one response, or 0 for success. */
  static int code(List<Action> actions) {
    StunMessage response = response(actions);
    if (response.messageClass() == MessageClass.SUCCESS_RESPONSE) {
      return 0;
    }
    return response.first(ErrorCode.class).orElseThrow().code();
  }

  /** The relay whose opening the machine asked for. */
  static Action.Open open(List<Action> actions) {
    return actions.stream()
        .filter(Action.Open.class::isInstance)
        .map(Action.Open.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no relay was asked for: " + actions));
  }

  /** An Allocate request up to the opened socket; the answer. */
  List<Action> allocate(FiveTuple path, String user, Attribute... attributes) {
    Attribute[] all = new Attribute[attributes.length + 1];
    all[0] = new RequestedTransport(RequestedTransport.UDP);
    System.arraycopy(attributes, 0, all, 1, attributes.length);
    RelayId relay = open(request(path, user, Method.Known.ALLOCATE, all)).relay();
    lastRelay = relay;
    server.relayOpened(relay, now);
    return shell.take();
  }

  /** An allocation; its relay. */
  RelayId allocated(FiveTuple path, String user, Attribute... attributes) {
    Attribute[] all = new Attribute[attributes.length + 1];
    all[0] = new RequestedTransport(RequestedTransport.UDP);
    System.arraycopy(attributes, 0, all, 1, attributes.length);
    RelayId relay = open(request(path, user, Method.Known.ALLOCATE, all)).relay();
    lastRelay = relay;
    server.relayOpened(relay, now);
    assertThat(code(shell.take())).isZero();
    return relay;
  }

  TransportAddress relayed(FiveTuple path) {
    return server.allocations().stream()
        .map(AllocationView::info)
        .filter(info -> info.client().equals(path))
        .map(AllocationInfo::relayed)
        .findFirst()
        .orElseThrow();
  }

  int permit(FiveTuple path, String user, TransportAddress... peers) {
    Attribute[] attributes = new Attribute[peers.length];
    for (int i = 0; i < peers.length; i++) {
      attributes[i] = new XorPeerAddress(peers[i]);
    }
    return code(request(path, user, Method.Known.CREATE_PERMISSION, attributes));
  }

  int bind(FiveTuple path, String user, int channel, TransportAddress peer) {
    return code(
        request(
            path,
            user,
            Method.Known.CHANNEL_BIND,
            new ChannelNumber(channel),
            new XorPeerAddress(peer)));
  }

  static ByteBuffer channelData(int channel, String data) {
    byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(4 + bytes.length)
        .putShort((short) channel)
        .putShort((short) bytes.length)
        .put(bytes)
        .flip();
  }

  ByteBuffer send(TransportAddress peer, String data) {
    return Encoder.PLAIN.encode(
        StunMessage.indication(Method.Known.SEND, freshId())
            .add(new XorPeerAddress(peer))
            .add(
                new org.bradawl.stun.attribute.Data(
                    org.bradawl.stun.Bytes.copyOf(Recorder.bytes(data))))
            .build());
  }

  long count(TurnCounters.Event event) {
    return server.counters().count(event);
  }
}
