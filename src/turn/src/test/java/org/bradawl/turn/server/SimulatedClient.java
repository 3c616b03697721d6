package org.bradawl.turn.server;

import static org.bradawl.turn.server.Bench.SECOND;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Decoded;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;

/**
 * A client that does what clients do, and some things they should not: it retransmits as RFC 8489
 * §6.2.1 says, follows challenges, and otherwise acts on a whim.
 */
final class SimulatedClient {

  /** What clients tell each other about, as signaling would. */
  static final class Rumours {

    final List<TransportAddress> relayed = new ArrayList<>();
    final List<ReservationToken> tokens = new ArrayList<>();
  }

  private static final List<TransportAddress> PEERS =
      List.of(
          Bench.address("8.8.4.4:5000"),
          Bench.address("8.8.4.4:5001"),
          Bench.address("1.1.1.1:53"),
          Bench.address("9.9.9.9:9"),
          Bench.address("10.0.0.1:80"),
          Bench.SERVER);

  /** RTO 500 ms, doubled six times; the last wait makes 39.5 s. */
  private static final int MOST_TRANSMISSIONS = 7;

  private record Transaction(Method method, List<Attribute> attributes, ByteBuffer bytes) {}

  private final Simulation simulation;
  private final Random random;
  private final Rumours rumours;
  private final String name;
  private final boolean ephemeral;
  private FiveTuple path;
  private Nonce nonce = new Nonce("none");
  private boolean challenged;
  private boolean allocated;
  private Minted minted = Bench.EPHEMERAL.mint("nobody", java.time.Instant.EPOCH);
  private final List<TransportAddress> permitted = new ArrayList<>();
  private final Map<Integer, TransportAddress> channels = new HashMap<>();
  private final Map<TransactionId, Transaction> waiting = new HashMap<>();

  SimulatedClient(Simulation simulation, FiveTuple path, String name, Rumours rumours) {
    this.simulation = simulation;
    this.random = simulation.random;
    this.path = path;
    this.name = name;
    this.rumours = rumours;
    this.ephemeral = !name.equals("alice") && !name.equals("bob");
    simulation.add(this);
    live();
  }

  FiveTuple path() {
    return path;
  }

  /** Acts now and then; sleeps for longer once in a while, so that things expire. */
  private void live() {
    long pause = random.nextInt(25) == 0 ? random.nextInt(900) : random.nextInt(9);
    simulation.after(
        pause * SECOND + random.nextInt(1_000_000),
        () -> {
          act();
          live();
        });
  }

  private void act() {
    if (!allocated) {
      allocate();
      return;
    }
    switch (random.nextInt(40)) {
      case 0 -> request(Method.Known.REFRESH, new Lifetime(0));
      case 1, 2 -> request(Method.Known.REFRESH, new Lifetime(random.nextInt(4000)));
      case 3 -> allocate();
      case 4, 5, 6, 7 -> permit();
      case 8, 9, 10 -> bind();
      case 11 -> leave();
      case 12 -> request(Method.Known.BINDING);
      case 13 ->
          request(
              Method.Known.REFRESH, new UnknownAttribute(0x7000 + random.nextInt(9), Bytes.EMPTY));
      default -> data();
    }
  }

  private void allocate() {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(new RequestedTransport(RequestedTransport.UDP));
    switch (random.nextInt(4)) {
      case 0 -> attributes.add(new EvenPort(random.nextBoolean()));
      case 1 -> {
        if (!rumours.tokens.isEmpty()) {
          attributes.add(rumours.tokens.get(random.nextInt(rumours.tokens.size())));
        }
      }
      default -> attributes.add(new Lifetime(random.nextInt(2000)));
    }
    request(Method.Known.ALLOCATE, attributes.toArray(Attribute[]::new));
  }

  private TransportAddress somebody() {
    return rumours.relayed.isEmpty() || random.nextBoolean()
        ? PEERS.get(random.nextInt(PEERS.size()))
        : rumours.relayed.get(random.nextInt(rumours.relayed.size()));
  }

  private void permit() {
    Attribute[] peers = new Attribute[1 + random.nextInt(3)];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = new XorPeerAddress(somebody());
    }
    request(Method.Known.CREATE_PERMISSION, peers);
  }

  private void bind() {
    request(
        Method.Known.CHANNEL_BIND,
        new ChannelNumber(0x3fff + random.nextInt(8)),
        new XorPeerAddress(somebody()));
  }

  private void data() {
    if (!channels.isEmpty() && random.nextBoolean()) {
      List<Integer> numbers = List.copyOf(channels.keySet());
      int number = numbers.get(random.nextInt(numbers.size()));
      simulation.toServer(path, Bench.channelData(number, "data"));
      return;
    }
    TransportAddress peer =
        permitted.isEmpty() || random.nextInt(5) == 0
            ? somebody()
            : permitted.get(random.nextInt(permitted.size()));
    StunMessage indication =
        StunMessage.indication(Method.Known.SEND, TransactionId.random(random))
            .add(new XorPeerAddress(peer))
            .add(new Data(Bytes.copyOf(Recorder.bytes("datagram"))))
            .build();
    simulation.toServer(path, Encoder.PLAIN.encode(indication));
  }

  /** A stream client hangs up and comes back on another connection; a UDP one crashes. */
  private void leave() {
    forget();
    switch (path.transport()) {
      case UDP, DTLS -> {} // the server learns of it when the allocation expires
      case TCP, TLS -> {
        simulation.disconnect(path);
        reconnect();
      }
    }
  }

  void hungUp() {
    forget();
    reconnect();
  }

  private void reconnect() {
    int port = 1024 + random.nextInt(60_000);
    path =
        new FiveTuple(
            path.transport(), path.server(), new TransportAddress(path.client().address(), port));
    simulation.add(this);
  }

  private void forget() {
    allocated = false;
    permitted.clear();
    channels.clear();
    waiting.clear();
  }

  private void request(Method method, Attribute... attributes) {
    TransactionId id = TransactionId.random(random);
    StunMessage.Builder builder = StunMessage.request(method, id).addAll(List.of(attributes));
    Encoder encoder = Encoder.PLAIN;
    if (challenged) {
      builder.add(new Username(username())).add(new Realm(Bench.REALM)).add(nonce);
      encoder = Bench.signer(username(), password());
    }
    Transaction transaction =
        new Transaction(method, List.of(attributes), encoder.encode(builder.build()));
    waiting.put(id, transaction);
    transmit(id, transaction, 1, SECOND / 2);
  }

  private void transmit(TransactionId id, Transaction transaction, int count, long wait) {
    if (!transaction.equals(waiting.get(id))) {
      return;
    }
    simulation.toServer(path, transaction.bytes);
    switch (path.transport()) {
      case UDP, DTLS -> {
        if (count < MOST_TRANSMISSIONS) {
          simulation.after(wait, () -> transmit(id, transaction, count + 1, 2 * wait));
        }
      }
      case TCP, TLS -> {}
    }
  }

  private String username() {
    if (!ephemeral) {
      return name;
    }
    if (!minted.expires().isAfter(simulation.calendar()) && random.nextInt(3) > 0) {
      minted = Bench.EPHEMERAL.mint(name, simulation.calendar().plusSeconds(900));
    }
    return minted.username();
  }

  private String password() {
    return ephemeral ? minted.password() : name.substring(0, 1);
  }

  void receive(ByteBuffer bytes) {
    Decoded decoded = Decoder.decode(bytes);
    if (decoded instanceof StunMessage message && message.messageClass().isResponse()) {
      Transaction transaction = waiting.remove(message.transactionId());
      if (transaction != null) {
        answered(transaction, message);
      }
    }
  }

  private void answered(Transaction transaction, StunMessage answer) {
    if (answer.messageClass() == MessageClass.SUCCESS_RESPONSE) {
      succeeded(transaction, answer);
      return;
    }
    int code = answer.first(ErrorCode.class).orElseThrow().code();
    if (code == 401 || code == 438) {
      nonce = answer.first(Nonce.class).orElseThrow();
      challenged = true;
      if (random.nextInt(8) > 0) {
        request(transaction.method, transaction.attributes.toArray(Attribute[]::new));
      }
    } else if (code == 437 && transaction.method != Method.Known.ALLOCATE) {
      forget();
    }
  }

  private void succeeded(Transaction transaction, StunMessage answer) {
    if (transaction.method == Method.Known.ALLOCATE) {
      allocated = true;
      rumours.relayed.add(answer.first(XorRelayedAddress.class).orElseThrow().address());
      answer.first(ReservationToken.class).ifPresent(rumours.tokens::add);
      if (rumours.relayed.size() > 8) {
        rumours.relayed.removeFirst();
      }
      if (rumours.tokens.size() > 3) {
        rumours.tokens.removeFirst();
      }
    } else if (transaction.method == Method.Known.BINDING) {
      simulation.oracle.see("mapped");
    } else if (transaction.method == Method.Known.REFRESH) {
      if (answer.first(Lifetime.class).orElseThrow().seconds() == 0) {
        forget();
      }
    } else {
      for (Attribute attribute : transaction.attributes) {
        if (attribute instanceof XorPeerAddress peer) {
          permitted.add(peer.address());
          remember(transaction, peer.address());
        }
      }
    }
  }

  private void remember(Transaction transaction, TransportAddress peer) {
    for (Attribute attribute : transaction.attributes) {
      if (attribute instanceof ChannelNumber number) {
        channels.put(number.number(), peer);
      }
    }
  }
}
