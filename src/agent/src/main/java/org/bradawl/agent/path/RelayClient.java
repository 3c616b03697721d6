package org.bradawl.agent.path;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.net.UdpSocket;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.client.RelayActions;
import org.bradawl.turn.client.TurnClient;

/** The socket of a {@link TurnClient}: one allocation for all ways that need one. */
public final class RelayClient implements AutoCloseable {

  /**
   * What it takes to relay.
   *
   * @param server where TURN listens on UDP
   */
  public record Access(TransportAddress server, String username, String password) {

    /** Never the password. */
    @Override
    public String toString() {
      return "Access[" + server + "]";
    }
  }

  private final EventLoop loop;
  private final Access access;
  private final UdpSocket socket;
  private final TurnClient client;
  private final EventLoop.Alarm alarm;
  private final Consumer<Incoming> incoming;
  private final List<Consumer<TransportAddress>> waiting = new ArrayList<>();
  private final List<Runnable> mourning = new ArrayList<>();
  private final Map<TransportAddress, Runnable> binding = new HashMap<>();
  private Optional<String> failure = Optional.empty();

  /** A payload of a peer's, with the relay as the end it came in at. */
  public record Incoming(RelayClient end, TransportAddress from, ByteBuffer payload) {}

  /** Asks for an allocation; on the loop's thread. */
  public RelayClient(
      EventLoop loop, RandomGenerator random, Access access, Consumer<Incoming> incoming)
      throws IOException {
    this.loop = loop;
    this.access = access;
    this.incoming = incoming;
    IpAddress from =
        LocalAddresses.towards(access.server())
            .orElseThrow(() -> new IOException("no route leads to " + access.server()));
    this.socket = UdpSocket.open(loop, new TransportAddress(from, 0), this::received);
    this.client = new TurnClient(access.username(), access.password(), random, new Actions());
    this.alarm = loop.alarm(this::advance);
    client.start(loop.nanos());
    rearm();
  }

  private void advance() {
    client.advance(loop.nanos());
    rearm();
  }

  private void rearm() {
    alarm.set(client.deadlineNanos());
  }

  private void received(TransportAddress from, ByteBuffer datagram) {
    if (from.equals(access.server())) {
      client.received(datagram, loop.nanos());
      rearm();
    }
  }

  /** The address of this host that it speaks to the server from. */
  public IpAddress base() {
    return socket.local().address();
  }

  /** Whether there is no relay, or not any more. */
  public boolean isOver() {
    return failure.isPresent();
  }

  /** Tells the relayed endpoint once there is one. */
  public void whenAllocated(Consumer<TransportAddress> told) {
    client.relayed().ifPresentOrElse(told, () -> waiting.add(told));
  }

  /** Calls once it is clear that there is no relay, or not any more. */
  public void whenOver(Runnable told) {
    if (isOver()) {
      told.run();
    } else {
      mourning.add(told);
    }
  }

  /** Lets a peer in; {@code done} is called once packets go both ways. */
  public void bind(TransportAddress peer, Runnable done) {
    binding.put(peer, done);
    client.bind(peer, loop.nanos());
    rearm();
  }

  /** Sends a payload to a peer that was let in; from any thread. */
  public void send(TransportAddress peer, ByteBuffer payload) {
    client.frame(peer, payload).ifPresent(framed -> socket.send(access.server(), framed));
  }

  @Override
  public void close() {
    client.release(loop.nanos());
    alarm.remove();
    socket.close();
  }

  private final class Actions implements RelayActions {

    @Override
    public void toServer(ByteBuffer datagram) {
      socket.send(access.server(), datagram);
    }

    @Override
    public void allocated(TransportAddress relayed) {
      waiting.forEach(told -> told.accept(relayed));
      waiting.clear();
    }

    @Override
    public void bound(TransportAddress peer) {
      Runnable done = binding.remove(peer);
      if (done != null) {
        done.run();
      }
    }

    @Override
    public void fromPeer(TransportAddress peer, ByteBuffer payload) {
      incoming.accept(new Incoming(RelayClient.this, peer, payload));
    }

    @Override
    public void failed(String why) {
      failure = Optional.of(why);
      waiting.clear();
      mourning.forEach(Runnable::run);
      mourning.clear();
    }
  }
}
