package org.bradawl.turn.server;

import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;

/** A client that has TCP relayed (RFC 6062), to peers and to others like it. */
final class SimulatedStreamClient extends SimulatedCaller {

  private static final List<TransportAddress> PEERS =
      List.of(
          Bench.address("8.8.4.4:80"),
          Bench.address("8.8.4.4:81"),
          Bench.address("1.1.1.1:80"),
          Bench.address("10.0.0.1:80"));

  /** What clients know of each other: where they are relayed, and ids of their connections. */
  static final class Rumours {

    final List<TransportAddress> relayed = new ArrayList<>();
    final List<Integer> ids = new ArrayList<>();
  }

  private final Rumours rumours;

  SimulatedStreamClient(Simulation simulation, FiveTuple path, String name, Rumours rumours) {
    super(simulation, path, name);
    this.rumours = rumours;
    live();
  }

  @Override
  void act() {
    if (!allocated) {
      request(
          path,
          Method.Known.ALLOCATE,
          List.of(new RequestedTransport(RequestedTransport.TCP), new Lifetime(1200)));
      return;
    }
    switch (random.nextInt(24)) {
      case 0 -> request(path, Method.Known.REFRESH, List.of(new Lifetime(0)));
      case 1, 2 -> request(path, Method.Known.REFRESH, List.of(new Lifetime(random.nextInt(4000))));
      case 3 -> leave();
      case 4 -> bind(random.nextInt(), path);
      case 5, 6 -> bindAnybodys();
      case 7, 8, 9, 10 ->
          request(path, Method.Known.CREATE_PERMISSION, List.of(new XorPeerAddress(somebody())));
      case 11, 12, 13, 14, 15, 16 ->
          request(path, Method.Known.CONNECT, List.of(new XorPeerAddress(somebody())));
      default -> simulation.knock(stranger());
    }
  }

  private TransportAddress somebody() {
    return rumours.relayed.isEmpty() || random.nextBoolean()
        ? PEERS.get(random.nextInt(PEERS.size()))
        : rumours.relayed.get(random.nextInt(rumours.relayed.size()));
  }

  private TransportAddress stranger() {
    return new TransportAddress(
        PEERS.get(random.nextInt(PEERS.size())).address(), 1 + random.nextInt(90));
  }

  private void bind(int id, FiveTuple data) {
    request(data, Method.Known.CONNECTION_BIND, List.of(new ConnectionId(id)));
  }

  /** Tries an id that may be another's, or was bound before. */
  private void bindAnybodys() {
    if (!rumours.ids.isEmpty()) {
      bind(rumours.ids.get(random.nextInt(rumours.ids.size())), enterElsewhere());
    }
  }

  /** Opens a data connection, mostly at once, sometimes too late. */
  private void bindSoon(StunMessage named) {
    int id = named.first(ConnectionId.class).orElseThrow().id();
    rumours.ids.add(id);
    if (rumours.ids.size() > 3) {
      rumours.ids.removeFirst();
    }
    if (random.nextInt(10) > 0) {
      long wait = random.nextInt(6) == 0 ? 25 + random.nextInt(10) : 0;
      simulation.after(wait * Bench.SECOND, () -> bind(id, enterElsewhere()));
    }
  }

  private void leave() {
    simulation.disconnect(path);
    allocated = false;
    waiting.clear();
    path = enterElsewhere();
  }

  @Override
  public void hungUp(FiveTuple closed) {
    if (closed.equals(path)) {
      allocated = false;
      waiting.clear();
      path = enterElsewhere();
    }
  }

  @Override
  void indicated(FiveTuple on, StunMessage indication) {
    if (indication.method() == Method.Known.CONNECTION_ATTEMPT) {
      bindSoon(indication);
    }
  }

  @Override
  void succeeded(Transaction transaction, StunMessage answer) {
    if (transaction.method() == Method.Known.ALLOCATE) {
      allocated = true;
      rumours.relayed.add(answer.first(XorRelayedAddress.class).orElseThrow().address());
      if (rumours.relayed.size() > 6) {
        rumours.relayed.removeFirst();
      }
    } else if (transaction.method() == Method.Known.CONNECT) {
      bindSoon(answer);
    } else if (transaction.method() == Method.Known.REFRESH) {
      allocated = answer.first(Lifetime.class).orElseThrow().seconds() != 0;
    }
  }

  @Override
  void failed(Transaction transaction, int code) {
    if (code == 437 && transaction.method() != Method.Known.ALLOCATE) {
      allocated = false;
    }
  }
}
