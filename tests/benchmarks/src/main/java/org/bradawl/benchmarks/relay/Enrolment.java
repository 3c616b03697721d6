package org.bradawl.benchmarks.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.bradawl.datapath.linux.DatagramLoop;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;

/**
 * Gets every client an allocation with a permission and a channel, many at a time: Allocate, the
 * challenge, Allocate with credentials, CreatePermission, ChannelBind.
 */
final class Enrolment implements DatagramLoop.Receiver {

  /** Every client's channel; they have five-tuples of their own. */
  static final int CHANNEL = 0x4000;

  /** Requests on their way at a time. */
  private static final int AT_ONCE = 32;

  /** RFC 8489 §6.2.1 begins with 500 ms; on loopback nothing takes long but a full buffer. */
  private static final long REPEAT_NANOS = 250_000_000;

  /** Thirty repetitions: longer than a cold server on half a core takes for all. */
  private static final long GIVE_UP_NANOS = 30_000_000_000L;

  /** Enrolments so far. Ports come again, and a server keeps answers for who repeats a request. */
  private static int enrolments = new Random().nextInt() >>> 1;

  private enum Step {
    ASK(0),
    ALLOCATE(1),
    PERMIT(2),
    BIND(3),
    READY(4),
    RELEASE(5),
    GONE(6);

    private final int code;

    Step(int code) {
      this.code = code;
    }

    /** They name the transaction, so that a repetition is one and a late answer is seen. */
    TransactionId transaction(int enrolment, int client) {
      return TransactionId.of(code, (long) enrolment << 32 | client);
    }
  }

  private final DatagramLoop loop;
  private final Target target;
  private final TransportAddress peer;
  private final int clients;
  private final int number = enrolments++;
  private final Step[] steps;
  private final long[] asked;
  private final List<Optional<Nonce>> nonces;
  private final TransportAddress[] relayed;
  private Optional<Realm> realm = Optional.empty();
  private Encoder signing = Encoder.PLAIN;
  private int waiting;
  private int begun;
  private int done;

  /**
   * Sockets 0 to {@code clients} - 1 of the loop are the clients'.
   *
   * @param peer to whom channels are bound
   */
  Enrolment(DatagramLoop loop, Target target, TransportAddress peer, int clients) {
    this.loop = loop;
    this.target = target;
    this.peer = peer;
    this.clients = clients;
    this.steps = new Step[clients];
    this.asked = new long[clients];
    this.nonces = new ArrayList<>(Collections.nCopies(clients, Optional.empty()));
    this.relayed = new TransportAddress[clients];
    Arrays.fill(steps, Step.ASK);
    Arrays.fill(relayed, peer); // nobody's yet
  }

  /** The relayed address of a client that is ready. */
  TransportAddress relayed(int client) {
    return relayed[client];
  }

  /** Makes all allocations. */
  void enrol() throws IOException {
    runTo(Step.ASK);
  }

  /** Gives all of them back. */
  void release() throws IOException {
    runTo(Step.RELEASE);
  }

  private void runTo(Step first) throws IOException {
    begun = 0;
    done = 0;
    waiting = 0;
    long giveUp = System.nanoTime() + GIVE_UP_NANOS;
    long repeatAt = System.nanoTime() + REPEAT_NANOS;
    while (done < clients) {
      while (waiting < AT_ONCE && begun < clients) {
        steps[begun] = first;
        waiting++;
        ask(begun++);
      }
      loop.turn(20, this);
      long now = System.nanoTime();
      if (now - repeatAt > 0) {
        repeatAt = now + REPEAT_NANOS;
        repeat(now);
      }
      if (now - giveUp > 0) {
        throw new IOException(
            "the server at %s served %d of %d; the others wait: %s"
                .formatted(target.address(), done, clients, waitingSteps()));
      }
    }
  }

  /** How many clients wait in which step. */
  private Map<Step, Integer> waitingSteps() {
    Map<Step, Integer> counts = new EnumMap<>(Step.class);
    for (int client = 0; client < begun; client++) {
      counts.merge(steps[client], 1, Integer::sum);
    }
    return counts;
  }

  private void repeat(long now) {
    for (int client = 0; client < begun; client++) {
      boolean waits = steps[client] != Step.READY && steps[client] != Step.GONE;
      if (waits && now - asked[client] > REPEAT_NANOS) {
        ask(client);
      }
    }
  }

  private void ask(int client) {
    asked[client] = System.nanoTime();
    switch (steps[client]) {
      case ASK, ALLOCATE ->
          send(client, Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP));
      case PERMIT -> send(client, Method.Known.CREATE_PERMISSION, new XorPeerAddress(peer));
      case BIND ->
          send(
              client,
              Method.Known.CHANNEL_BIND,
              new ChannelNumber(CHANNEL),
              new XorPeerAddress(peer));
      case RELEASE -> send(client, Method.Known.REFRESH, new Lifetime(0));
      case READY, GONE -> {}
    }
  }

  private void send(int client, Method method, Attribute... attributes) {
    TransactionId id = steps[client].transaction(number, client);
    StunMessage.Builder request = StunMessage.request(method, id);
    for (Attribute attribute : attributes) {
      request.add(attribute);
    }
    Optional<Nonce> nonce = nonces.get(client);
    Encoder encoder = Encoder.PLAIN;
    if (nonce.isPresent() && realm.isPresent()) {
      request.add(new Username(target.user())).add(realm.get()).add(nonce.get());
      encoder = signing;
    }
    loop.send(client, target.address(), encoder.encode(request.build()));
  }

  @Override
  public void received(int socket, TransportAddress source, ByteBuffer datagram) {
    if (socket < clients && Decoder.decode(datagram) instanceof StunMessage answer) {
      TransactionId expected = steps[socket].transaction(number, socket);
      if (answer.transactionId().equals(expected)) {
        take(socket, answer);
      }
    }
  }

  private void take(int client, StunMessage answer) {
    boolean success = answer.messageClass() == MessageClass.SUCCESS_RESPONSE;
    int error = answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
    Step step = steps[client];
    if (step == Step.ASK && error == 401) {
      challenge(client, answer);
      next(client, Step.ALLOCATE);
    } else if (error == 438) {
      challenge(client, answer);
      next(client, step);
    } else if (!success && step != Step.RELEASE) {
      throw new IllegalStateException(
          "the server at " + target.address() + " answers " + step + " with error " + error);
    } else {
      advance(client, step, answer);
    }
  }

  private void challenge(int client, StunMessage answer) {
    nonces.set(client, answer.first(Nonce.class));
    if (realm.isEmpty()) {
      realm = answer.first(Realm.class);
      String name = realm.orElseThrow().realm();
      signing =
          Encoder.PLAIN.signed(
              IntegrityAlgorithm.SHA1,
              IntegrityKey.longTerm(PasswordHash.MD5, target.user(), name, target.password()));
    }
  }

  private void advance(int client, Step step, StunMessage answer) {
    switch (step) {
      case ASK, ALLOCATE -> {
        relayed[client] = answer.first(XorRelayedAddress.class).orElseThrow().address();
        next(client, Step.PERMIT);
      }
      case PERMIT -> next(client, Step.BIND);
      case BIND -> finish(client, Step.READY);
      case RELEASE -> finish(client, Step.GONE);
      case READY, GONE -> {}
    }
  }

  private void next(int client, Step step) {
    steps[client] = step;
    ask(client);
  }

  private void finish(int client, Step step) {
    steps[client] = step;
    waiting--;
    done++;
  }
}
