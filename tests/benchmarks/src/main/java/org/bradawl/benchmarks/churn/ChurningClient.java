package org.bradawl.benchmarks.churn;

import java.io.IOException;
import java.nio.ByteBuffer;
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
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.Username;

/** One client: requests up to their answers, and data on a channel. */
final class ChurningClient implements AutoCloseable {

  /** Seven transmissions, as RFC 8489 §6.2.1 has, in a time that fits a short life. */
  private static final int MOST_TRANSMISSIONS = 7;

  private static final int PATIENCE_MILLIS = 300;

  private final Wire wire;
  private final String user;
  private final String password;
  private final SplittableRandom random;
  private List<Attribute> proof = List.of();
  private Encoder encoder = Encoder.PLAIN;
  private long echoes;

  ChurningClient(Wire wire, String user, String password, SplittableRandom random) {
    this.wire = wire;
    this.user = user;
    this.password = password;
    this.random = random;
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
      if (i == 0 || !wire.reliable()) {
        wire.send(message);
      }
      Optional<StunMessage> answer = answer(request.transactionId());
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
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
    Optional<byte[]> got = wire.receive(PATIENCE_MILLIS);
    if (got.isPresent() && (got.get()[0] & 0xc0) == 0x40) {
      echoes++;
    }
    return got;
  }

  /** Sends on a channel and takes what has come back. */
  void chat(int channel) throws IOException {
    byte[] message = new byte[204];
    ByteBuffer.wrap(message).putShort((short) channel).putShort((short) 200);
    wire.send(message);
    receive();
  }

  @Override
  public void close() {
    wire.close();
  }
}
