package org.bradawl.datapath.portable;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.datapath.ShardDesk;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.PeerDenial;
import org.bradawl.turn.server.RelayId;
import org.bradawl.turn.server.ServerActions;
import org.bradawl.turn.server.StreamActions;
import org.jspecify.annotations.Nullable;

/** Carries out, on a shard's sockets, what its machine asks for. */
final class ShardActions implements ServerActions {

  private final Map<TransportAddress, UdpListener> listeners = new HashMap<>();
  private final Connections connections;
  private final Optional<DtlsSessions> dtls;
  private final RelaySockets relays;
  private final StreamRelays streams;
  private final ReceiveBuffer buffer;
  private final ShardCounters counters;
  private final RelayObserver observer;
  private @Nullable ShardDesk desk;

  ShardActions(
      Connections connections,
      Optional<DtlsSessions> dtls,
      RelaySockets relays,
      StreamRelays streams,
      ReceiveBuffer buffer,
      ShardCounters counters,
      RelayObserver observer) {
    this.connections = connections;
    this.dtls = dtls;
    this.relays = relays;
    this.streams = streams;
    this.buffer = buffer;
    this.counters = counters;
    this.observer = observer;
  }

  /** Where other shards leave what they have for this one. */
  void desk(ShardDesk desk) {
    this.desk = desk;
  }

  @Override
  public boolean submit(Work work) {
    return desk != null && desk.submit(work::run);
  }

  @Override
  public void clientHeld(FiveTuple client, boolean held, long nowNanos) {
    connections.allocated(client, held, nowNanos);
  }

  void listener(UdpListener listener) {
    listeners.put(listener.local(), listener);
  }

  @Override
  public void sendToClient(FiveTuple path, ByteBuffer message) {
    switch (path.transport()) {
      case UDP -> sendUdp(path, message);
      case DTLS -> sendDtls(path, message);
      case TCP, TLS -> {
        StreamClient client = connected(path);
        if (client != null && isIndication(message)) {
          client.sendData(message);
        } else if (client != null) {
          client.sendAnswer(message);
        }
      }
    }
  }

  @Override
  public void sendChannelData(FiveTuple path, int channel, ByteBuffer data) {
    ByteBuffer message = buffer.withChannelHeader(channel, data);
    switch (path.transport()) {
      case UDP -> sendUdp(path, message);
      case DTLS -> sendDtls(path, message);
      case TCP, TLS -> {
        StreamClient client = connected(path);
        if (client != null) {
          client.sendChannelData(message);
        }
      }
    }
  }

  private void sendDtls(FiveTuple path, ByteBuffer message) {
    dtls.ifPresentOrElse(
        sessions -> sessions.send(path, message), () -> counters.dropped(Drop.CONNECTION_GONE));
  }

  private void sendUdp(FiveTuple path, ByteBuffer message) {
    UdpListener listener = listeners.get(path.server());
    if (listener == null) {
      counters.dropped(Drop.NO_SUCH_LISTENER);
    } else {
      listener.send(message, path.client());
    }
  }

  private @Nullable StreamClient connected(FiveTuple path) {
    StreamClient client = connections.find(path);
    if (client == null) {
      counters.dropped(Drop.CONNECTION_GONE);
    }
    return client;
  }

  /** RFC 8489 §5: the class is in bits 4 and 8 of the type; 01 is an indication. */
  private static boolean isIndication(ByteBuffer message) {
    return (message.getShort(message.position()) & 0x0110) == 0x0010;
  }

  @Override
  public void sendToPeer(RelayId relay, TransportAddress peer, ByteBuffer data) {
    relays.send(relay, data, peer);
  }

  @Override
  public boolean canForbidFragments() {
    return Sockets.canForbidFragments();
  }

  @Override
  public void sendUnfragmented(RelayId relay, TransportAddress peer, ByteBuffer data) {
    relays.sendUnfragmented(relay, data, peer);
  }

  @Override
  public void openRelay(RelayId relay, TransportAddress local) {
    relays.open(relay, local);
  }

  @Override
  public StreamActions streams() {
    return streams;
  }

  @Override
  public void closeRelay(RelayId relay) {
    streams.close(relay);
    relays.close(relay);
  }

  @Override
  public void closeClient(FiveTuple path) {
    StreamClient client = connections.find(path);
    if (client != null) {
      connections.closeLater(client);
    }
  }

  private void allocated(FiveTuple client, boolean holds, long now) {
    connections.allocated(client, holds, now);
    dtls.ifPresent(sessions -> sessions.allocated(client, holds, now));
  }

  @Override
  public void clientSeen(FiveTuple path, String name) {
    tell(() -> observer.clientSeen(path, name));
  }

  @Override
  public void allocationStarted(AllocationView allocation) {
    allocated(allocation.info().client(), true, allocation.info().startedNanos());
    tell(() -> observer.allocationStarted(allocation));
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
    allocated(allocation.info().client(), false, allocation.endedNanos());
    tell(() -> observer.allocationEnded(allocation));
  }

  @Override
  public void peerDenied(PeerDenial denial) {
    tell(() -> observer.peerDenied(denial));
  }

  /** What an observer throws is its own fault and must not become the client's. */
  private void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      counters.fault();
    }
  }
}
