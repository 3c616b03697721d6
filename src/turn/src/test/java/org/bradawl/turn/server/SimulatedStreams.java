package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** A shard's relayed TCP in the modelled network (RFC 6062). */
final class SimulatedStreams implements StreamActions {

  /** A connection with a peer, and perhaps with a client. */
  static final class Conn {

    final DataConnectionId id;
    final RelayId relay;
    final TransportAddress peer;
    boolean connecting;
    long since;
    @Nullable FiveTuple data;

    Conn(DataConnectionId id, RelayId relay, TransportAddress peer, boolean connecting, long now) {
      this.id = id;
      this.relay = relay;
      this.peer = peer;
      this.connecting = connecting;
      this.since = now;
    }
  }

  final Map<RelayId, TransportAddress> listening = new HashMap<>();
  final Map<DataConnectionId, Conn> conns = new HashMap<>();
  private final Simulation simulation;
  private final SimulatedShard shard;
  private int opening;

  SimulatedStreams(Simulation simulation, SimulatedShard shard) {
    this.simulation = simulation;
    this.shard = shard;
  }

  int opening() {
    return opening;
  }

  private void soon(Runnable what) {
    simulation.after((1 + simulation.random.nextInt(200)) * Simulation.MILLI, what);
  }

  @Override
  public void listen(RelayId relay, TransportAddress local) {
    opening++;
    soon(() -> {
      opening--;
      if (simulation.chance(10)) {
        shard.server.relayRefused(relay, RefusalReason.PORT_TAKEN, simulation.now());
      } else {
        listening.put(relay, local);
        shard.server.relayOpened(relay, simulation.now());
      }
    });
  }

  /** Whether {@code relay} listened, and does no more. */
  boolean close(RelayId relay) {
    return listening.remove(relay) != null;
  }

  @Override
  public void connect(DataConnectionId id, RelayId relay, TransportAddress peer) {
    Conn conn = new Conn(id, relay, peer, true, simulation.now());
    conns.put(id, conn);
    TransportAddress from = listening.get(relay);
    assertThat(from).as("a connection from an address that does not listen").isNotNull();
    if (from == null || simulation.chance(8)) {
      return; // never answered
    }
    soon(() -> {
      if (conns.get(id) != conn) {
        return;
      }
      if (simulation.chance(5)) {
        conns.remove(id);
        shard.server.connectFailed(id, simulation.now());
        return;
      }
      conn.connecting = false;
      conn.since = simulation.now();
      shard.server.connectSucceeded(id, simulation.now());
      if (simulation.isRelayOfTcp(peer) && !simulation.knock(from, peer)) {
        soon(() -> end(conn)); // accepted by the kernel, and closed by the relay
      }
    });
  }

  /** A peer connects to a relayed address of this shard; whether it may. */
  boolean knock(TransportAddress source, RelayId relay) {
    boolean expected = simulation.oracle.admits(shard, relay, source);
    DataConnectionId id = shard.server.peerConnected(relay, source, simulation.now());
    assertThat(id != null).as("a peer that connects, %s", source).isEqualTo(expected);
    simulation.oracle.see(expected ? "peer admitted" : "peer turned away");
    if (id != null) {
      conns.put(id, new Conn(id, relay, source, false, simulation.now()));
    }
    return expected;
  }

  @Override
  public void close(DataConnectionId id) {
    Conn conn = conns.remove(id);
    assertThat(conn).as("a connection closed twice").isNotNull();
    if (conn != null && conn.data != null) {
      simulation.hangUp(conn.data);
    }
  }

  @Override
  public void bind(FiveTuple client, DataConnectionId id) {
    soon(() -> {
      for (SimulatedShard owner : simulation.shards) {
        Conn conn = owner.streams.conns.get(id);
        if (conn != null) {
          assertThat(conn.data).as("joined twice").isNull();
          assertThat(owner.server.clientBound(id)).isTrue();
          conn.data = client;
          simulation.oracle.see("joined");
          owner.streams.flow(conn);
          return;
        }
      }
      simulation.shards.forEach(any -> assertThat(any.server.clientBound(id)).as("late").isFalse());
      simulation.oracle.see("joined too late");
      simulation.hangUp(client);
    });
  }

  /** Bytes pass now and then, as many as the rates let; once in a while that is the end. */
  private void flow(Conn conn) {
    simulation.after(
        (1 + simulation.random.nextInt(20)) * Bench.SECOND,
        () -> {
          if (conns.get(conn.id) != conn) {
            return;
          }
          int up =
              shard.server.readable(
                  conn.id, 1 + simulation.random.nextInt(9_000), simulation.now());
          shard.server.relayedUp(conn.id, up);
          shard.server.relayedDown(
              conn.id,
              shard.server.readable(
                  conn.id, 1 + simulation.random.nextInt(9_000), simulation.now()));
          simulation.oracle.see(up == 0 ? "stream held back" : "stream data");
          if (simulation.chance(10)) {
            end(conn);
          } else {
            flow(conn);
          }
        });
  }

  /** One of both sides ends it. */
  private void end(Conn conn) {
    if (conns.remove(conn.id, conn)) {
      shard.server.peerConnectionGone(conn.id);
      if (conn.data != null) {
        simulation.hangUp(conn.data);
      }
    }
  }

  /** The relayed addresses of this shard that listen. */
  List<RelayId> relays() {
    return new ArrayList<>(listening.keySet());
  }
}
