package org.bradawl.turn.server;

import static org.bradawl.turn.server.Bench.SECOND;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bradawl.stun.Decoded;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;

/** A client's requests: retransmitted as RFC 8489 §6.2.1 says, repeated after a challenge. */
abstract class SimulatedCaller implements SimulatedParty {

  /** RTO 500 ms, doubled six times; the last wait makes 39.5 s. */
  private static final int MOST_TRANSMISSIONS = 7;

  /** A request that waits for its answer. */
  record Transaction(
      FiveTuple path,
      Method method,
      List<Attribute> attributes,
      ByteBuffer bytes,
      IntegrityKey key) {}

  final Simulation simulation;
  final Random random;
  final SimulatedVoice voice;
  final Map<TransactionId, Transaction> waiting = new HashMap<>();

  /** Where it speaks from now. */
  FiveTuple path;

  boolean allocated;

  SimulatedCaller(Simulation simulation, FiveTuple path, String name) {
    this.simulation = simulation;
    this.random = simulation.random;
    this.voice = new SimulatedVoice(simulation, name);
    this.path = path;
    enter(path);
  }

  /** Acts now and then; sleeps for longer once in a while, so that things expire. */
  final void live() {
    long pause = random.nextInt(25) == 0 ? random.nextInt(900) : random.nextInt(9);
    simulation.after(
        pause * SECOND + random.nextInt(1_000_000),
        () -> {
          act();
          live();
        });
  }

  abstract void act();

  abstract void succeeded(Transaction transaction, StunMessage answer);

  abstract void failed(Transaction transaction, int code);

  void indicated(FiveTuple path, StunMessage indication) {}

  /** Listens and speaks on a path. */
  final void enter(FiveTuple path) {
    simulation.add(path, this);
    simulation.oracle.speaks(path, voice.name());
  }

  /** Listens and speaks on one more path, which differs from this one by its port. */
  final FiveTuple enterElsewhere() {
    FiveTuple next =
        new FiveTuple(
            path.transport(),
            path.server(),
            new TransportAddress(path.client().address(), simulation.freshPort()));
    enter(next);
    return next;
  }

  final void request(FiveTuple path, Method method, List<Attribute> attributes) {
    TransactionId id = TransactionId.random(random);
    StunMessage.Builder builder = StunMessage.request(method, id).addAll(attributes);
    Encoder encoder = voice.sign(builder);
    Transaction transaction =
        new Transaction(
            path, method, attributes, encoder.encode(builder.build()), voice.signedWith());
    waiting.put(id, transaction);
    transmit(id, transaction, 1, SECOND / 2);
  }

  private void transmit(TransactionId id, Transaction transaction, int count, long wait) {
    if (!transaction.equals(waiting.get(id))) {
      return;
    }
    simulation.toServer(transaction.path, transaction.bytes);
    switch (transaction.path.transport()) {
      case UDP, DTLS -> {
        if (count < MOST_TRANSMISSIONS) {
          simulation.after(wait, () -> transmit(id, transaction, count + 1, 2 * wait));
        }
      }
      case TCP, TLS -> {}
    }
  }

  @Override
  public final void receive(FiveTuple path, ByteBuffer bytes) {
    Decoded decoded = Decoder.decode(bytes);
    if (!(decoded instanceof StunMessage message)) {
      return;
    }
    if (!message.messageClass().isResponse()) {
      indicated(path, message);
      return;
    }
    Transaction transaction = waiting.remove(message.transactionId());
    if (transaction != null) {
      voice.check(message, transaction.key);
      answered(transaction, message);
    }
  }

  private void answered(Transaction transaction, StunMessage answer) {
    if (answer.messageClass() == MessageClass.SUCCESS_RESPONSE) {
      succeeded(transaction, answer);
      return;
    }
    int code = answer.first(ErrorCode.class).orElseThrow().code();
    if (code == 401 || code == 438) {
      voice.challenged(answer);
      if (random.nextInt(8) > 0) {
        request(transaction.path, transaction.method, transaction.attributes);
      }
    } else {
      failed(transaction, code);
    }
  }
}
