package org.bradawl.tests.interop;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.bradawl.stun.ChannelData;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.Malformed;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.AttributeTable;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.UnknownAttributes;
import org.bradawl.stun.attribute.Username;

/**
 * One client's talk with one server over UDP. What is answered comes back in words without what
 * must differ: addresses, nonces, ids.
 */
final class Talk implements AutoCloseable {

  /** A loopback loses nothing in this time, and a marker that was overtaken is asked again. */
  private static final int PATIENCE_MILLIS = 250;

  /**
   * Looking a key up in memory takes coturn well below a millisecond, on a machine that is idle.
   */
  static final int SHORT_SILENCE_MILLIS = 100;

  /** Where an answer must come, and where silence makes a difference: on a busy machine, too. */
  static final int LONG_SILENCE_MILLIS = 2000;

  private static final int TRIES = 20;

  private final DatagramSocket socket;
  private final Random random;
  private int silenceMillis = LONG_SILENCE_MILLIS;
  private final List<TransactionId> markers = new ArrayList<>();
  private Nonce nonce = new Nonce("none");
  private Realm realm = new Realm("none");

  /**
   * A client of its own port.
   *
   * @param seed of its transaction ids, so that both servers get the same
   */
  Talk(int port, long seed) throws IOException {
    this.socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    this.random = new Random(seed);
    socket.connect(InetAddress.ofLiteral("127.0.0.1"), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    challenge();
  }

  /** How long nothing must come for it to be silence. */
  void silence(int millis) {
    silenceMillis = millis;
  }

  TransactionId id() {
    return TransactionId.random(random);
  }

  Nonce nonce() {
    return nonce;
  }

  Realm realm() {
    return realm;
  }

  /** The key of the user in the server's realm. */
  IntegrityKey key(String user, String password) {
    return IntegrityKey.longTerm(PasswordHash.MD5, user, realm.realm(), password);
  }

  /** A request as the user whom both servers know makes it. */
  byte[] signed(Method method, Attribute... attributes) {
    StunMessage.Builder request =
        StunMessage.request(method, id())
            .addAll(List.of(attributes))
            .add(new Username(RelayProcess.USER))
            .add(realm)
            .add(nonce);
    IntegrityKey key = key(RelayProcess.USER, RelayProcess.PASSWORD);
    return bytes(Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, key).encode(request.build()));
  }

  /** An allocation, made. */
  void allocate() throws IOException {
    List<String> answers =
        say(signed(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP)));
    if (answers.size() != 1 || !answers.getFirst().startsWith("success")) {
      throw new IOException("no allocation: " + answers);
    }
  }

  private void challenge() throws IOException {
    byte[] request =
        bytes(Encoder.PLAIN.encode(StunMessage.request(Method.Known.ALLOCATE, id()).build()));
    for (byte[] answer : exchange(request)) {
      if (Decoder.decode(ByteBuffer.wrap(answer)) instanceof StunMessage message) {
        nonce = message.first(Nonce.class).orElse(nonce);
        realm = message.first(Realm.class).orElse(realm);
      }
    }
  }

  /** Sends a datagram; what was answered to it, in words. */
  List<String> say(byte[] datagram) throws IOException {
    return exchange(datagram).stream().map(Talk::inWords).toList();
  }

  /**
   * A Binding request sent behind marks the end of what there is to answer. coturn looks
   * credentials up in another thread, though, and answers the marker first: so silence is waited
   * for a little.
   */
  private List<byte[]> exchange(byte[] datagram) throws IOException {
    List<byte[]> answers = new ArrayList<>();
    send(datagram);
    for (int i = 0; i < TRIES; i++) {
      TransactionId marker = TransactionId.random(new Random());
      markers.add(marker);
      send(bytes(Encoder.PLAIN.encode(StunMessage.request(Method.Known.BINDING, marker).build())));
      Optional<byte[]> answer = receive();
      while (answer.isPresent()) {
        if (is(answer.get(), marker)) {
          return answers.isEmpty() ? latecomers() : answers;
        }
        if (!isMarker(answer.get())) {
          answers.add(answer.get());
        }
        answer = receive();
      }
    }
    throw new IOException("the server is silent");
  }

  private List<byte[]> latecomers() throws IOException {
    List<byte[]> answers = new ArrayList<>();
    socket.setSoTimeout(silenceMillis);
    for (Optional<byte[]> late = receive(); late.isPresent(); late = receive()) {
      if (!isMarker(late.get())) {
        answers.add(late.get());
        break;
      }
    }
    socket.setSoTimeout(PATIENCE_MILLIS);
    return answers;
  }

  private static boolean is(byte[] answer, TransactionId marker) {
    return Decoder.decode(ByteBuffer.wrap(answer)) instanceof StunMessage message
        && message.transactionId().equals(marker);
  }

  private boolean isMarker(byte[] answer) {
    return Decoder.decode(ByteBuffer.wrap(answer)) instanceof StunMessage message
        && markers.contains(message.transactionId());
  }

  private void send(byte[] datagram) throws IOException {
    socket.send(new DatagramPacket(datagram, datagram.length));
  }

  private Optional<byte[]> receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    try {
      socket.receive(packet);
      return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  /** Class and code, what it carries, and the values that must not differ. */
  private static String inWords(byte[] answer) {
    return switch (Decoder.decode(ByteBuffer.wrap(answer))) {
      case Malformed malformed -> "malformed " + malformed.reason();
      case ChannelData data -> "channel data " + data.data().remaining();
      case StunMessage message -> inWords(message);
    };
  }

  private static String inWords(StunMessage message) {
    TreeSet<String> words = new TreeSet<>();
    for (Attribute attribute : message.attributes()) {
      words.add(
          switch (attribute) {
            case Lifetime lifetime -> "LIFETIME=" + lifetime.seconds();
            case UnknownAttributes unknown ->
                "UNKNOWN="
                    + new TreeSet<>(unknown.types()).stream().map(Integer::toHexString).toList();
            default -> AttributeTable.name(attribute.type());
          });
    }
    words.remove("ERROR-CODE");
    words.remove("SOFTWARE"); // each says who it is, and one can be told not to
    String code =
        message
            .first(ErrorCode.class)
            .map(error -> Integer.toString(error.code()))
            .orElseGet(
                () -> message.messageClass() == MessageClass.INDICATION ? "indication" : "success");
    return (code + " " + String.join(" ", words)).strip();
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    socket.close();
  }
}
