package org.bradawl.datapath;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.ChannelData;
import org.bradawl.stun.Decoded;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.Malformed;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Icmp;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;

/** A TURN client for tests: blocking, one request at a time, over any wire. */
final class TurnClient implements AutoCloseable {

  /** Long enough for a machine that builds seven things at once. */
  static final Duration ANSWER = Duration.ofSeconds(5);

  private final ClientWire wire;
  private final Credentials credentials;
  private final SecureRandom random = new SecureRandom();
  private final Queue<String> data = new ArrayDeque<>();
  private final Queue<StunMessage> errors = new ArrayDeque<>();
  private final Queue<StunMessage> attempts = new ArrayDeque<>();
  private Optional<StunMessage> challenge = Optional.empty();

  /** A client of RFC 5389, which knows MD5 alone. */
  TurnClient(ClientWire wire, String user, String password) {
    this(wire, Credentials.classic(user, password));
  }

  TurnClient(ClientWire wire, Credentials credentials) {
    this.wire = wire;
    this.credentials = credentials;
  }

  /** The realm that the server named. */
  String realm() {
    return challenge.flatMap(message -> message.first(Realm.class)).orElseThrow().realm();
  }

  ClientWire wire() {
    return wire;
  }

  /** Allocates a relayed address for TCP, or fails the test with the error. */
  TransportAddress allocateTcp() throws IOException {
    return relayed(request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.TCP)));
  }

  /** The id of a connection to this peer, or fails the test with the error. */
  ConnectionId connect(TransportAddress peer) throws IOException {
    StunMessage answer = request(Method.Known.CONNECT, new XorPeerAddress(peer));
    return answer
        .first(ConnectionId.class)
        .orElseThrow(() -> new AssertionError("not connected: " + answer));
  }

  /** The next Data indication that tells of an ICMP error. */
  Optional<StunMessage> peerError(Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (errors.isEmpty() && deadline - System.nanoTime() > 0) {
      Optional<byte[]> message = wire.receive(Duration.ofNanos(deadline - System.nanoTime()));
      if (message.isEmpty()) {
        break;
      }
      take(message.get());
    }
    return Optional.ofNullable(errors.poll());
  }

  /** The next ConnectionAttempt. */
  StunMessage attempt() throws IOException {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (attempts.isEmpty() && deadline - System.nanoTime() > 0) {
      wire.receive(Duration.ofNanos(deadline - System.nanoTime())).ifPresent(this::take);
    }
    return attempts.remove();
  }

  /** Allocates, or fails the test with the error. */
  TransportAddress allocate() throws IOException {
    return relayed(request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP)));
  }

  TransportAddress allocate(Family family) throws IOException {
    return relayed(
        request(
            Method.Known.ALLOCATE,
            new RequestedTransport(RequestedTransport.UDP),
            new RequestedAddressFamily(family)));
  }

  /** The answer to an Allocate that asks for this, too. */
  StunMessage allocate(Attribute wish) throws IOException {
    return request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP), wish);
  }

  private static TransportAddress relayed(StunMessage answer) {
    return answer
        .first(XorRelayedAddress.class)
        .orElseThrow(() -> new AssertionError("not allocated: " + answer))
        .address();
  }

  /** The code of the error that an Allocate gets, or 0. */
  int allocateError() throws IOException {
    return error(request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP)));
  }

  int permit(TransportAddress peer) throws IOException {
    return error(request(Method.Known.CREATE_PERMISSION, new XorPeerAddress(peer)));
  }

  int bind(int channel, TransportAddress peer) throws IOException {
    return error(
        request(Method.Known.CHANNEL_BIND, new ChannelNumber(channel), new XorPeerAddress(peer)));
  }

  int refresh(long seconds) throws IOException {
    return error(request(Method.Known.REFRESH, new Lifetime(seconds)));
  }

  static int error(StunMessage answer) {
    return answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }

  /** Sends in a Send indication. */
  void send(TransportAddress peer, String text) throws IOException {
    StunMessage indication =
        StunMessage.indication(Method.Known.SEND, TransactionId.random(random))
            .add(new XorPeerAddress(peer))
            .add(new Data(Bytes.copyOf(bytes(text))))
            .build();
    wire.send(array(Encoder.PLAIN.encode(indication)));
  }

  /** The same with DONT-FRAGMENT. */
  void sendUnfragmented(TransportAddress peer, String text) throws IOException {
    StunMessage indication =
        StunMessage.indication(Method.Known.SEND, TransactionId.random(random))
            .add(new XorPeerAddress(peer))
            .add(new DontFragment())
            .add(new Data(Bytes.copyOf(bytes(text))))
            .build();
    wire.send(array(Encoder.PLAIN.encode(indication)));
  }

  /** Sends on a channel, padded as a stream needs it and a datagram may. */
  void send(int channel, byte[] content) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(4 + (content.length + 3) / 4 * 4);
    message.putShort((short) channel).putShort((short) content.length).put(content);
    wire.send(message.array());
  }

  void send(int channel, String text) throws IOException {
    send(channel, array(bytes(text)));
  }

  /** The next data relayed to this client, by either way. */
  Optional<String> receive(Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (data.isEmpty() && deadline - System.nanoTime() > 0) {
      Optional<byte[]> message = wire.receive(Duration.ofNanos(deadline - System.nanoTime()));
      if (message.isEmpty()) {
        break;
      }
      take(message.get());
    }
    return Optional.ofNullable(data.poll());
  }

  /** One request with its answer; a challenge is answered and the request repeated. */
  StunMessage request(Method method, Attribute... attributes) throws IOException {
    StunMessage answer = once(method, attributes);
    int code = error(answer);
    if ((code == 401 && challenge.isEmpty()) || code == 438) {
      challenge = Optional.of(answer);
      answer = once(method, attributes);
    }
    return answer;
  }

  private StunMessage once(Method method, Attribute... attributes) throws IOException {
    StunMessage.Builder request = StunMessage.request(method, TransactionId.random(random));
    for (Attribute attribute : attributes) {
      request.add(attribute);
    }
    Encoder encoder = challenge.map(to -> credentials.sign(request, to)).orElse(Encoder.PLAIN);
    StunMessage message = request.build();
    byte[] bytes = array(encoder.encode(message));
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (deadline - System.nanoTime() > 0) {
      wire.send(bytes);
      Optional<StunMessage> answer = answer(message, wire.patience(deadline - System.nanoTime()));
      if (answer.isPresent()) {
        challenge.ifPresent(to -> credentials.check(answer.get(), to));
        return answer.get();
      }
    }
    throw new AssertionError("no answer to " + message);
  }

  private Optional<StunMessage> answer(StunMessage request, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (deadline - System.nanoTime() > 0) {
      Optional<byte[]> bytes = wire.receive(Duration.ofNanos(deadline - System.nanoTime()));
      if (bytes.isEmpty()) {
        break;
      }
      Optional<StunMessage> message = take(bytes.get());
      if (message.isPresent() && message.get().transactionId().equals(request.transactionId())) {
        return message;
      }
    }
    return Optional.empty();
  }

  /** Keeps relayed data, and returns any other message. */
  private Optional<StunMessage> take(byte[] bytes) {
    Decoded decoded = Decoder.decode(ByteBuffer.wrap(bytes));
    return switch (decoded) {
      case ChannelData onChannel -> {
        data.add(StandardCharsets.UTF_8.decode(onChannel.data()).toString());
        yield Optional.empty();
      }
      case StunMessage message -> {
        if (message.is(MessageClass.INDICATION, Method.Known.CONNECTION_ATTEMPT)) {
          attempts.add(message);
        }
        message.first(Icmp.class).ifPresent(error -> errors.add(message));
        message.first(Data.class).ifPresent(content -> data.add(text(content.value())));
        yield Optional.of(message);
      }
      case Malformed malformed -> throw new AssertionError("the server sent " + malformed);
    };
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    wire.close();
  }
}
