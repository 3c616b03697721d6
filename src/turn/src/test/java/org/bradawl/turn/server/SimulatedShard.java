package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.NonceIssuer;

/** A shard's shell over the modelled network. */
final class SimulatedShard implements ServerActions {

  final StunTurnServer server;
  final Map<RelayId, TransportAddress> open = new HashMap<>();
  final SimulatedStreams streams;
  private final Simulation simulation;
  private int opening;
  private boolean hearsClient;
  private long armed = StunTurnServer.NO_DEADLINE;

  SimulatedShard(Simulation simulation) {
    this.simulation = simulation;
    this.streams = new SimulatedStreams(simulation, this);
    this.server =
        new StunTurnServer(
            simulation.settings,
            simulation.shared,
            simulation.credentials(),
            new NonceIssuer(new byte[] {7}, Duration.ofMinutes(10), simulation::calendar),
            simulation::calendar,
            simulation.random,
            this);
  }

  /** How many Allocate requests wait for a socket. */
  int opening() {
    return opening + streams.opening();
  }

  /** As a shell's loop does: wakes up at the machine's deadline, or a little late. */
  void arm() {
    long deadline = server.deadlineNanos();
    if (deadline == StunTurnServer.NO_DEADLINE || deadline == armed) {
      return;
    }
    armed = deadline;
    long late = simulation.chance(3) ? simulation.random.nextInt(50) * Simulation.MILLI : 0;
    simulation.after(Math.max(0, deadline - simulation.now()) + late, this::advance);
  }

  private void advance() {
    server.advance(simulation.now());
    simulation.oracle.advanced(this);
  }

  /** What a client sent has arrived. */
  void fromClient(FiveTuple path, ByteBuffer message) {
    hearsClient = true;
    try {
      server.fromClient(path, message, simulation.now());
    } finally {
      hearsClient = false;
    }
  }

  /** A client's connection is gone. */
  void clientGone(FiveTuple path) {
    hearsClient = true;
    try {
      server.clientGone(path, simulation.now());
    } finally {
      hearsClient = false;
    }
  }

  /**
   * What a client sent to the wrong shard takes a while to get to the right one. What the right one
   * says to that comes back within the same event, so that the oracle, which listens where messages
   * leave, knows what the machine has done.
   */
  @Override
  public boolean submit(Work work) {
    if (simulation.anyHearsClient()) {
      simulation.oracle.see("handed over");
      simulation.after(2 * Simulation.MILLI, () -> work.run(server, simulation.now()));
    } else {
      simulation.atOnce(() -> work.run(server, simulation.now()));
    }
    return true;
  }

  boolean hearsClient() {
    return hearsClient;
  }

  @Override
  public void sendToClient(FiveTuple path, ByteBuffer message) {
    ByteBuffer copy = Simulation.copy(message);
    simulation.oracle.leaves(path, copy.duplicate());
    simulation.toClient(path, copy);
  }

  @Override
  public void sendChannelData(FiveTuple path, int channel, ByteBuffer data) {
    simulation.oracle.channelDataLeaves(path, channel);
    ByteBuffer framed =
        ByteBuffer.allocate(4 + data.remaining())
            .putShort((short) channel)
            .putShort((short) data.remaining())
            .put(data.duplicate());
    simulation.toClient(path, framed.flip());
  }

  @Override
  public void sendToPeer(RelayId relay, TransportAddress peer, ByteBuffer data) {
    simulation.oracle.reachesPeer(this, relay, peer, data.duplicate());
    TransportAddress source = open.get(relay);
    if (source == null) {
      throw new AssertionError("data from a socket that is not open");
    }
    simulation.toPeer(source, peer, data);
  }

  void fromNet(TransportAddress local, TransportAddress source, ByteBuffer data) {
    open.forEach((relay, address) -> {
      if (address.equals(local)) {
        server.fromPeer(relay, source, data.duplicate(), simulation.now());
      }
    });
  }

  @Override
  public void openRelay(RelayId relay, TransportAddress local) {
    opening++;
    long soon = 5 * Simulation.MILLI;
    switch (simulation.random.nextInt(20)) {
      case 0 -> simulation.after(soon, () -> refuse(relay, RefusalReason.UNAVAILABLE));
      case 1, 2, 3 -> simulation.after(soon, () -> refuse(relay, RefusalReason.PORT_TAKEN));
      case 4, 5, 6, 7 ->
          simulation.after(
              simulation.random.nextInt(3000) * Simulation.MILLI, () -> opened(relay, local));
      default -> opened(relay, local); // from within the call, as a simple shell does
    }
  }

  private void refuse(RelayId relay, RefusalReason reason) {
    opening--;
    server.relayRefused(relay, reason, simulation.now());
  }

  private void opened(RelayId relay, TransportAddress local) {
    opening--;
    simulation.opened(local, this);
    open.put(relay, local);
    server.relayOpened(relay, simulation.now());
  }

  @Override
  public void closeRelay(RelayId relay) {
    if (streams.close(relay)) {
      return;
    }
    TransportAddress local = open.remove(relay);
    if (local == null) {
      throw new AssertionError("a socket closed twice: " + relay);
    }
    simulation.closed(local);
  }

  @Override
  public StreamActions streams() {
    return streams;
  }

  @Override
  public void closeClient(FiveTuple path) {
    simulation.hangUp(path);
  }

  @Override
  public void allocationStarted(AllocationView allocation) {
    simulation.oracle.started(this, allocation);
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
    simulation.oracle.ended(allocation);
  }
}
