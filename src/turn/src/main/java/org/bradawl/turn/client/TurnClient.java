package org.bradawl.turn.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.bradawl.stun.ChannelData;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.Malformed;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;

/**
 * One UDP allocation over UDP, with a channel for each peer. A channel permits its peer too (RFC
 * 8656 §12.1), so nothing else is asked for; what a peer sends before its channel is bound comes as
 * an indication and is handed on all the same.
 */
public final class TurnClient {

  /** RFC 8489 §6.2.1's 500 ms suits any network; nobody relays over one that takes half of it. */
  private static final long FIRST_WAIT_NANOS = 250_000_000L;

  /** RFC 8489 §6.2.1: Rc; the last wait ends after half a minute. */
  private static final int TRIES = 7;

  /** A permission lives for 300 s (RFC 8656 §9); renewed a minute before. */
  private static final long BIND_AGAIN_NANOS = 240_000_000_000L;

  /** An allocation that has a minute left is renewed. */
  private static final long MARGIN_SECONDS = 60;

  private static final long NANOS = 1_000_000_000L;

  private static final class Transaction {
    final Method method;
    final List<Attribute> attributes;
    final Optional<TransportAddress> peer;
    final ByteBuffer bytes;

    /** What answers are signed with too; empty where the request is not signed. */
    final Optional<IntegrityKey> key;

    int tries;
    int challenges;
    boolean unproven;
    long waitNanos = FIRST_WAIT_NANOS;
    long nextNanos;

    Transaction(
        Method method,
        List<Attribute> attributes,
        Optional<TransportAddress> peer,
        ByteBuffer bytes,
        Optional<IntegrityKey> key) {
      this.method = method;
      this.attributes = attributes;
      this.peer = peer;
      this.bytes = bytes;
      this.key = key;
    }

    /**
     * RFC 8489 §9.2.5: who was asked with a signature answers with one, but for a challenge, which
     * knows no key yet or no nonce any more.
     */
    boolean believes(StunMessage answer) {
      int code = answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
      boolean challenge =
          answer.messageClass() == MessageClass.ERROR_RESPONSE && (code == 401 || code == 438);
      return challenge
          || key.isEmpty()
          || answer.check(IntegrityAlgorithm.SHA1, key.get()) == IntegrityCheck.RIGHT;
    }
  }

  private final String username;
  private final String password;
  private final RandomGenerator random;
  private final RelayActions actions;
  private final Map<TransactionId, Transaction> open = new HashMap<>();
  private final Map<TransportAddress, Integer> numbers = new HashMap<>();
  private final Map<TransportAddress, Long> renewals = new HashMap<>();
  private final Map<TransportAddress, Integer> channels = new ConcurrentHashMap<>();
  private Optional<Realm> realm = Optional.empty();
  private Optional<Nonce> nonce = Optional.empty();
  private Optional<TransportAddress> relayed = Optional.empty();
  private OptionalLong refreshNanos = OptionalLong.empty();
  private boolean over;

  /** A client that has asked for nothing yet. */
  public TurnClient(
      String username, String password, RandomGenerator random, RelayActions actions) {
    this.username = username;
    this.password = password;
    this.random = random;
    this.actions = actions;
  }

  /** Asks for an allocation. */
  public void start(long now) {
    ask(
        Method.Known.ALLOCATE,
        List.of(new RequestedTransport(RequestedTransport.UDP)),
        Optional.empty(),
        now);
  }

  /** The address that peers write to, once there is one. */
  public Optional<TransportAddress> relayed() {
    return relayed;
  }

  /** Lets a peer in and binds a channel to it; {@link RelayActions#bound} when that is done. */
  public void bind(TransportAddress peer, long now) {
    int number = numbers.computeIfAbsent(peer, _ -> ChannelData.MIN_CHANNEL + numbers.size());
    renewals.put(peer, now + BIND_AGAIN_NANOS);
    ask(
        Method.Known.CHANNEL_BIND,
        List.of(new ChannelNumber(number), new XorPeerAddress(peer)),
        Optional.of(peer),
        now);
  }

  /** Gives the allocation back; what the server answers is of no interest. */
  public void release(long now) {
    if (relayed.isPresent() && !over) {
      over = true;
      actions.toServer(encode(Method.Known.REFRESH, List.of(new Lifetime(0)), random()));
    }
  }

  /**
   * The datagram that carries a payload to a peer, if its channel is bound. May be called from any
   * thread.
   */
  public Optional<ByteBuffer> frame(TransportAddress peer, ByteBuffer payload) {
    Integer channel = channels.get(peer);
    if (channel == null) {
      return Optional.empty();
    }
    ByteBuffer framed = ByteBuffer.allocate(4 + payload.remaining());
    framed.putShort(channel.shortValue()).putShort((short) payload.remaining()).put(payload);
    return Optional.of(framed.flip());
  }

  /** A datagram has come from the server. */
  public void received(ByteBuffer datagram, long now) {
    switch (Decoder.decode(datagram)) {
      case ChannelData data -> fromChannel(data);
      case StunMessage message -> received(message, now);
      case Malformed _ -> {}
    }
  }

  private void fromChannel(ChannelData data) {
    for (Map.Entry<TransportAddress, Integer> channel : numbers.entrySet()) {
      if (channel.getValue() == data.channel()) {
        actions.fromPeer(channel.getKey(), data.data());
        return;
      }
    }
  }

  private void received(StunMessage message, long now) {
    if (message.is(MessageClass.INDICATION, Method.Known.DATA)) {
      Optional<TransportAddress> peer =
          message.first(XorPeerAddress.class).map(XorPeerAddress::address);
      Optional<Data> data = message.first(Data.class);
      if (peer.isPresent() && data.isPresent()) {
        actions.fromPeer(peer.get(), data.get().value().asBuffer());
      }
      return;
    }
    Transaction asked = open.get(message.transactionId());
    if (asked == null || over || !message.method().equals(asked.method)) {
      return;
    }
    if (!asked.believes(message)) {
      // As if it had never come: the request is sent again until the right answer is there.
      asked.unproven = true;
      return;
    }
    open.remove(message.transactionId());
    switch (message.messageClass()) {
      case SUCCESS_RESPONSE -> succeeded(asked, message, now);
      case ERROR_RESPONSE -> refused(asked, message, now);
      case REQUEST, INDICATION -> {}
    }
  }

  private void succeeded(Transaction asked, StunMessage message, long now) {
    message
        .first(Lifetime.class)
        .ifPresent(lifetime -> {
          long left = Math.max(lifetime.seconds() - MARGIN_SECONDS, lifetime.seconds() / 2);
          refreshNanos = OptionalLong.of(now + left * NANOS);
        });
    if (asked.method == Method.Known.ALLOCATE) {
      relayed = message.first(XorRelayedAddress.class).map(XorRelayedAddress::address);
      relayed.ifPresentOrElse(actions::allocated, () -> fail("the relay named no address"));
    } else if (asked.peer.isPresent()) {
      TransportAddress peer = asked.peer.get();
      Integer number = numbers.get(peer);
      if (number != null) {
        channels.put(peer, number);
        actions.bound(peer);
      }
    }
  }

  private void refused(Transaction asked, StunMessage message, long now) {
    int code = message.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
    boolean challenged = code == 401 || code == 438;
    // RFC 8489 §9.2.5: a second 401 means that the credentials are wrong; a nonce may go stale.
    if (challenged && asked.challenges < 2 && message.has(Nonce.class)) {
      boolean wrong = code == 401 && nonce.isPresent();
      realm = message.first(Realm.class).or(() -> realm);
      nonce = message.first(Nonce.class);
      if (!wrong) {
        Transaction again = ask(asked.method, asked.attributes, asked.peer, now);
        again.challenges = asked.challenges + 1;
        return;
      }
    }
    String reason =
        message.first(ErrorCode.class).map(error -> code + " " + error.reason()).orElse("an error");
    if (asked.peer.isEmpty()) {
      fail("the relay refuses: " + reason);
    } else {
      renewals.remove(asked.peer.get());
      channels.remove(asked.peer.get());
    }
  }

  private void fail(String why) {
    over = true;
    open.clear();
    channels.clear();
    actions.failed(why);
  }

  private Transaction ask(
      Method method, List<Attribute> attributes, Optional<TransportAddress> peer, long now) {
    TransactionId id = random();
    ByteBuffer bytes = encode(method, attributes, id);
    Transaction asked = new Transaction(method, attributes, peer, bytes, key());
    open.put(id, asked);
    transmit(asked, now);
    return asked;
  }

  private TransactionId random() {
    return TransactionId.random(random);
  }

  private ByteBuffer encode(Method method, List<Attribute> attributes, TransactionId id) {
    StunMessage.Builder request = StunMessage.request(method, id).addAll(attributes);
    Optional<IntegrityKey> key = key();
    if (key.isEmpty()) {
      return Encoder.PLAIN.encode(request.build());
    }
    request.add(new Username(username)).add(realm.orElseThrow()).add(nonce.orElseThrow());
    return Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, key.get()).encode(request.build());
  }

  private Optional<IntegrityKey> key() {
    return realm
        .filter(_ -> nonce.isPresent())
        .map(known -> IntegrityKey.longTerm(PasswordHash.MD5, username, known.realm(), password));
  }

  private void transmit(Transaction asked, long now) {
    asked.tries++;
    asked.nextNanos = now + asked.waitNanos;
    asked.waitNanos *= 2;
    actions.toServer(asked.bytes.duplicate());
  }

  /** When {@link #advance} wants to be called next. */
  public OptionalLong deadlineNanos() {
    List<Long> times = new ArrayList<>(renewals.values());
    open.values().forEach(asked -> times.add(asked.nextNanos));
    refreshNanos.ifPresent(times::add);
    return over || times.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(times.stream().reduce((a, b) -> a - b < 0 ? a : b).orElseThrow());
  }

  /** Does what is due. */
  public void advance(long now) {
    if (over) {
      return;
    }
    if (refreshNanos.isPresent() && now - refreshNanos.getAsLong() >= 0) {
      refreshNanos = OptionalLong.empty();
      ask(Method.Known.REFRESH, List.of(), Optional.empty(), now);
    }
    for (Map.Entry<TransportAddress, Long> renewal : List.copyOf(renewals.entrySet())) {
      if (now - renewal.getValue() >= 0) {
        bind(renewal.getKey(), now);
      }
    }
    for (Map.Entry<TransactionId, Transaction> asked : List.copyOf(open.entrySet())) {
      if (now - asked.getValue().nextNanos >= 0) {
        repeat(asked.getKey(), asked.getValue(), now);
      }
    }
  }

  private void repeat(TransactionId id, Transaction asked, long now) {
    if (asked.tries < TRIES) {
      transmit(asked, now);
      return;
    }
    open.remove(id);
    if (asked.peer.isEmpty()) {
      fail(
          asked.unproven
              ? "the relay's answers do not prove that it knows the password"
              : "the relay does not answer");
    }
  }
}
