package org.bradawl.benchmarks.churn;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.Username;

/** One client with one socket, which loses a share of what it sends and of what it gets. */
final class ChurningClient implements AutoCloseable {

  /** Seven transmissions, as RFC 8489 §6.2.1 has, in a time that fits a short life. */
  private static final int MOST_TRANSMISSIONS = 7;

  private static final int PATIENCE_MILLIS = 300;

  private final DatagramSocket socket;
  private final InetSocketAddress server;
  private final String user;
  private final String password;
  private final double lost;
  private final SplittableRandom random;
  private final byte[] buffer = new byte[2048];
  private List<Attribute> proof = List.of();
  private Encoder encoder = Encoder.PLAIN;
  private long echoes;

  ChurningClient(
      TransportAddress server, String user, String password, double lost, SplittableRandom random)
      throws IOException {
    this.lost = lost;
    this.socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    this.server = server.toSocketAddress();
    this.user = user;
    this.password = password;
    this.random = random;
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /** How much of what was sent on its channel came back. */
  long echoes() {
    return echoes;
  }

  /** A request up to its answer; the error's code, 0 for success, -1 for no answer. */
  int request(Method method, Attribute... attributes) throws IOException {
    Optional<StunMessage> answer = once(method, attributes);
    int code = code(answer);
    if (code == 438 || (code == 401 && proof.isEmpty())) {
      challenged(answer.orElseThrow());
      code = code(once(method, attributes));
    }
    return code;
  }

  private static int code(Optional<StunMessage> answer) {
    return answer
        .map(message -> message.first(ErrorCode.class).map(ErrorCode::code).orElse(0))
        .orElse(-1);
  }

  private void challenged(StunMessage challenge) {
    Realm realm = challenge.first(Realm.class).orElseThrow();
    Nonce nonce = challenge.first(Nonce.class).orElseThrow();
    proof = List.of(new Username(user), realm, nonce);
    encoder =
        Encoder.PLAIN.signed(
            IntegrityAlgorithm.SHA1,
            IntegrityKey.longTerm(PasswordHash.MD5, user, realm.realm(), password));
  }

  private Optional<StunMessage> once(Method method, Attribute... attributes) throws IOException {
    StunMessage request =
        StunMessage.request(method, TransactionId.random(random))
            .addAll(List.of(attributes))
            .addAll(proof)
            .build();
    ByteBuffer bytes = encoder.encode(request);
    byte[] message = new byte[bytes.remaining()];
    bytes.get(message);
    for (int i = 0; i < MOST_TRANSMISSIONS; i++) {
      send(message);
      Optional<StunMessage> answer = answer(request.transactionId());
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private void send(byte[] message) throws IOException {
    if (random.nextDouble() >= lost) {
      socket.send(new DatagramPacket(message, message.length, server));
    }
  }

  private Optional<StunMessage> answer(TransactionId id) throws IOException {
    for (Optional<byte[]> got = receive(); got.isPresent(); got = receive()) {
      if (Decoder.decode(ByteBuffer.wrap(got.get())) instanceof StunMessage message
          && message.transactionId().equals(id)) {
        return Optional.of(message);
      }
    }
    return Optional.empty();
  }

  private Optional<byte[]> receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    try {
      do {
        socket.receive(packet);
      } while (random.nextDouble() < lost);
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
    byte[] got = Arrays.copyOf(packet.getData(), packet.getLength());
    if ((got[0] & 0xc0) == 0x40) {
      echoes++;
    }
    return Optional.of(got);
  }

  /** Sends on a channel and takes what has come back. */
  void chat(int channel) throws IOException {
    byte[] message = new byte[204];
    ByteBuffer.wrap(message).putShort((short) channel).putShort((short) 200);
    send(message);
    receive();
  }

  @Override
  public void close() {
    socket.close();
  }
}
