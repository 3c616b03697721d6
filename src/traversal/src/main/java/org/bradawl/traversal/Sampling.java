package org.bradawl.traversal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.nat.PortModel;
import org.bradawl.nat.PortPredictor;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.XorMappedAddress;

/**
 * Asks the server's endpoints where one socket is seen, to learn which port a counter gave out
 * last. The NAT's model is known from discovery; only its place is taken here, so one answer is
 * enough and more make it surer.
 */
final class Sampling {

  /** Asked again after this; a server is seldom farther. */
  static final long AGAIN_NANOS = 150_000_000L;

  /** After that many rounds the answers at hand must do. */
  private static final int ROUNDS = 3;

  private final int socket;
  private final TransportAddress local;
  private final List<TransportAddress> servers;
  private final Map<TransactionId, TransportAddress> asked = new HashMap<>();
  private final Map<TransportAddress, TransportAddress> seen = new HashMap<>();
  private long nextNanos;
  private int rounds;

  Sampling(int socket, TransportAddress local, List<TransportAddress> servers, long now) {
    this.socket = socket;
    this.local = local;
    this.servers = servers;
    this.nextNanos = now;
  }

  int socket() {
    return socket;
  }

  long nextNanos() {
    return nextNanos;
  }

  /** The requests to send now: to every endpoint that has not answered, in the same order. */
  List<Request> due(long now, RandomGenerator random) {
    List<Request> requests = new ArrayList<>();
    if (now - nextNanos >= 0 && !isOver(now)) {
      nextNanos = now + AGAIN_NANOS;
      rounds++;
      for (TransportAddress server : servers) {
        if (!seen.containsKey(server)) {
          TransactionId id = TransactionId.random(random);
          asked.put(id, server);
          requests.add(new Request(server, StunMessage.request(Method.Known.BINDING, id).build()));
        }
      }
    }
    return requests;
  }

  record Request(TransportAddress to, StunMessage message) {}

  boolean take(TransportAddress from, StunMessage message) {
    TransportAddress server = asked.get(message.transactionId());
    if (server == null || !server.equals(from)) {
      return false;
    }
    message
        .first(XorMappedAddress.class)
        .ifPresent(mapped -> seen.putIfAbsent(server, mapped.address()));
    return true;
  }

  boolean isOver(long now) {
    return seen.size() == servers.size() || (rounds >= ROUNDS && now - nextNanos >= 0);
  }

  /** The endpoints that the next mapping may get, the likeliest first. */
  List<TransportAddress> predicted(PortModel model, int count) {
    Optional<TransportAddress> last =
        seen.values().stream().reduce((a, b) -> isLater(model, a, b) ? b : a);
    if (last.isEmpty()) {
      return List.of();
    }
    TransportAddress place = last.get();
    return switch (PortPredictor.next(model, local.port(), place.port(), count)) {
      case PortPredictor.Likely likely ->
          likely.ports().stream().map(port -> new TransportAddress(place.address(), port)).toList();
      case PortPredictor.Somewhere _ -> List.of();
    };
  }

  /** Whether a counter gave out {@code b} after {@code a}: it is less than half a round further. */
  private static boolean isLater(PortModel model, TransportAddress a, TransportAddress b) {
    int step = model instanceof PortModel.Contiguous contiguous ? contiguous.step() : 1;
    int ahead = Math.floorMod((b.port() - a.port()) * Integer.signum(step), PortModel.PORTS);
    return ahead > 0 && ahead < PortModel.PORTS / 2;
  }
}
