package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.AdditionalAddressFamily;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.MobilityTicket;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;

/**
 * A client that does what clients do, and some things they should not: it allocates one family or
 * both, moves to other addresses, and otherwise acts on a whim. All that it sends to peers says
 * from which of its paths it was sent.
 */
final class SimulatedClient extends SimulatedCaller {

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
          Bench.address("[2606:4700:4700::1111]:53"),
          Bench.address("[2001:4860:4860::8888]:53"),
          Bench.address("10.0.0.1:80"),
          Bench.SERVER);

  private final Rumours rumours;
  private Optional<MobilityTicket> ticket = Optional.empty();
  private Optional<MobilityTicket> oldTicket = Optional.empty();
  private Optional<FiveTuple> moving = Optional.empty();
  private final List<TransportAddress> permitted = new ArrayList<>();
  private final Map<Integer, TransportAddress> channels = new HashMap<>();

  SimulatedClient(Simulation simulation, FiveTuple path, String name, Rumours rumours) {
    super(simulation, path, name);
    this.rumours = rumours;
    live();
  }

  @Override
  void act() {
    if (!allocated) {
      allocate();
      return;
    }
    switch (random.nextInt(44)) {
      case 0 -> ask(Method.Known.REFRESH, new Lifetime(0));
      case 1, 2 -> ask(Method.Known.REFRESH, new Lifetime(random.nextInt(4000)));
      case 3 -> allocate();
      case 4, 5, 6, 7 -> permit();
      case 8, 9, 10 -> bind();
      case 11 -> leave();
      case 12 -> ask(Method.Known.BINDING);
      case 13 ->
          ask(Method.Known.REFRESH, new UnknownAttribute(0x7000 + random.nextInt(9), Bytes.EMPTY));
      case 14, 15 -> refreshOneFamily();
      case 16, 17 -> move();
      default -> data();
    }
  }

  private void ask(Method method, Attribute... attributes) {
    request(path, method, List.of(attributes));
  }

  private void allocate() {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(new RequestedTransport(RequestedTransport.UDP));
    switch (random.nextInt(6)) {
      case 0 -> attributes.add(new EvenPort(random.nextBoolean()));
      case 1 -> {
        if (!rumours.tokens.isEmpty()) {
          attributes.add(rumours.tokens.get(random.nextInt(rumours.tokens.size())));
        }
      }
      case 2, 3 -> attributes.add(new AdditionalAddressFamily(Family.IPV6));
      case 4 -> attributes.add(new RequestedAddressFamily(Family.IPV6));
      default -> attributes.add(new Lifetime(random.nextInt(2000)));
    }
    if (random.nextBoolean()) {
      attributes.add(new MobilityTicket(Bytes.EMPTY));
    }
    request(path, Method.Known.ALLOCATE, attributes);
  }

  private void refreshOneFamily() {
    Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
    long seconds = random.nextInt(4) == 0 ? 0 : 600 + random.nextInt(2000);
    ask(Method.Known.REFRESH, new RequestedAddressFamily(family), new Lifetime(seconds));
  }

  /** RFC 8016: shows the ticket from another address, and speaks from the old one meanwhile. */
  private void move() {
    if (ticket.isEmpty()) {
      return;
    }
    FiveTuple next = enterElsewhere();
    moving = Optional.of(next);
    boolean cheats = oldTicket.isPresent() && random.nextInt(4) == 0;
    List<Attribute> attributes = new ArrayList<>(List.of((cheats ? oldTicket : ticket).get()));
    attributes.add(new Lifetime(random.nextInt(15) == 0 ? 0 : 900));
    request(next, Method.Known.REFRESH, attributes);
  }

  /** The server serves the new address; what was not answered on the old one never is. */
  private void moved(FiveTuple next) {
    FiveTuple old = path;
    path = next;
    moving = Optional.empty();
    waiting.values().removeIf(transaction -> transaction.path().equals(old));
    switch (old.transport()) {
      case UDP, DTLS -> {}
      case TCP, TLS -> {
        if (random.nextBoolean()) {
          simulation.disconnect(old);
        }
      }
    }
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
    ask(Method.Known.CREATE_PERMISSION, peers);
  }

  private void bind() {
    ask(
        Method.Known.CHANNEL_BIND,
        new ChannelNumber(0x3fff + random.nextInt(8)),
        new XorPeerAddress(somebody()));
  }

  private void data() {
    String text = Integer.toString(path.client().port());
    if (!channels.isEmpty() && random.nextBoolean()) {
      List<Integer> numbers = List.copyOf(channels.keySet());
      int number = numbers.get(random.nextInt(numbers.size()));
      simulation.toServer(path, Bench.channelData(number, text));
      return;
    }
    TransportAddress peer =
        permitted.isEmpty() || random.nextInt(5) == 0
            ? somebody()
            : permitted.get(random.nextInt(permitted.size()));
    StunMessage indication =
        StunMessage.indication(Method.Known.SEND, TransactionId.random(random))
            .add(new XorPeerAddress(peer))
            .add(new Data(Bytes.copyOf(ByteBuffer.wrap(text.getBytes(Oracle.CHARSET)))))
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
        path = enterElsewhere();
      }
    }
  }

  @Override
  public void hungUp(FiveTuple closed) {
    if (closed.equals(path)) {
      forget();
      path = enterElsewhere();
    }
  }

  private void forget() {
    allocated = false;
    ticket = Optional.empty();
    oldTicket = Optional.empty();
    moving = Optional.empty();
    permitted.clear();
    channels.clear();
    waiting.clear();
  }

  @Override
  void failed(Transaction transaction, int code) {
    if (code == 437 && transaction.method() != Method.Known.ALLOCATE) {
      if (transaction.path().equals(path)) {
        forget();
      }
    }
  }

  @Override
  void succeeded(Transaction transaction, StunMessage answer) {
    if (transaction.method() == Method.Known.ALLOCATE) {
      allocated(answer);
    } else if (transaction.method() == Method.Known.BINDING) {
      simulation.oracle.see("mapped");
    } else if (transaction.method() == Method.Known.REFRESH) {
      refreshed(transaction, answer);
    } else {
      for (Attribute attribute : transaction.attributes()) {
        if (attribute instanceof XorPeerAddress peer) {
          permitted.add(peer.address());
          remember(transaction, peer.address());
        }
      }
    }
  }

  private void allocated(StunMessage answer) {
    allocated = true;
    ticket = answer.first(MobilityTicket.class);
    List<XorRelayedAddress> both = answer.all(XorRelayedAddress.class);
    assertThat(both).isNotEmpty();
    both.forEach(relayed -> rumours.relayed.add(relayed.address()));
    answer.first(ReservationToken.class).ifPresent(rumours.tokens::add);
    while (rumours.relayed.size() > 8) {
      rumours.relayed.removeFirst();
    }
    if (rumours.tokens.size() > 3) {
      rumours.tokens.removeFirst();
    }
  }

  private void refreshed(Transaction transaction, StunMessage answer) {
    boolean oneFamily =
        transaction.attributes().stream().anyMatch(RequestedAddressFamily.class::isInstance);
    if (answer.first(Lifetime.class).orElseThrow().seconds() == 0 && !oneFamily) {
      forget();
      return;
    }
    answer
        .first(MobilityTicket.class)
        .ifPresent(fresh -> {
          oldTicket = ticket;
          ticket = Optional.of(fresh);
        });
    if (moving.filter(transaction.path()::equals).isPresent()) {
      moved(transaction.path());
    }
  }

  private void remember(Transaction transaction, TransportAddress peer) {
    for (Attribute attribute : transaction.attributes()) {
      if (attribute instanceof ChannelNumber number) {
        channels.put(number.number(), peer);
      }
    }
  }
}
