package org.bradawl.agent.ice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.path.RelayClient;
import org.bradawl.stun.TransportAddress;

/** An endpoint at a TURN server. */
final class RelayEnd implements End {

  /** Peers that are let in; a description with more candidates than this is not honest. */
  private static final int MOST_BOUND = 64;

  private final RelayClient client;
  private final Set<TransportAddress> asked = new HashSet<>();
  private final Set<TransportAddress> bound = new HashSet<>();

  RelayEnd(EventLoop loop, RandomGenerator random, RelayClient.Access access, Inlet inlet)
      throws IOException {
    this.client =
        new RelayClient(
            loop, random, access, incoming -> inlet.received(incoming.from(), incoming.payload()));
  }

  void whenAllocated(Consumer<TransportAddress> told) {
    client.whenAllocated(told);
  }

  void whenOver(Runnable told) {
    client.whenOver(told);
  }

  @Override
  public void send(TransportAddress to, ByteBuffer datagram) {
    if (bound.contains(to)) {
      client.send(to, datagram);
    } else if (asked.size() < MOST_BOUND && asked.add(to)) {
      ByteBuffer first = ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate()).flip();
      client.bind(
          to,
          () -> {
            bound.add(to);
            client.send(to, first);
          });
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
