package org.bradawl.datapath.linux;

import java.nio.ByteBuffer;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.PeerDenial;
import org.bradawl.turn.server.RefusalReason;
import org.bradawl.turn.server.RelayId;
import org.bradawl.turn.server.ServerActions;

/** Carries out, on a shard's sockets, what its machine asks for. */
final class LinuxActions implements ServerActions {

  private final LinuxShard shard;
  private final ShardCounters counters;
  private final RelayObserver observer;

  LinuxActions(LinuxShard shard, ShardCounters counters, RelayObserver observer) {
    this.shard = shard;
    this.counters = counters;
    this.observer = observer;
  }

  @Override
  public void sendToClient(FiveTuple path, ByteBuffer message) {
    UdpSocket.Listener listener = shard.listenerAt(path.server());
    if (listener == null) {
      counters.dropped(Drop.NO_SUCH_LISTENER);
    } else {
      shard.queueFor(message.remaining()).add(listener.number(), path.client(), message);
    }
  }

  @Override
  public void sendChannelData(FiveTuple path, int channel, ByteBuffer data) {
    UdpSocket.Listener listener = shard.listenerAt(path.server());
    if (listener == null) {
      counters.dropped(Drop.NO_SUCH_LISTENER);
    } else {
      int header = channel << 16 | data.remaining();
      shard.queueFor(data.remaining()).add(listener.number(), path.client(), header, data);
    }
  }

  @Override
  public void sendToPeer(RelayId relay, TransportAddress peer, ByteBuffer data) {
    UdpSocket.Relay socket = shard.relay(relay);
    if (socket != null) {
      shard.queueFor(data.remaining()).add(socket.number(), peer, data);
    }
  }

  @Override
  public boolean canForbidFragments() {
    return true;
  }

  @Override
  public void sendUnfragmented(RelayId relay, TransportAddress peer, ByteBuffer data) {
    UdpSocket.Relay socket = shard.relay(relay);
    if (socket != null) {
      shard.sendUnfragmented(socket, peer, data);
    }
  }

  @Override
  public void openRelay(RelayId relay, TransportAddress local) {
    int result = shard.openRelay(relay, local);
    if (result == 0) {
      shard.machine().relayOpened(relay, shard.now());
    } else {
      RefusalReason reason =
          result == -Abi.EADDRINUSE ? RefusalReason.PORT_TAKEN : RefusalReason.UNAVAILABLE;
      shard.machine().relayRefused(relay, reason, shard.now());
    }
  }

  @Override
  public void closeRelay(RelayId relay) {
    shard.closeRelay(relay);
  }

  /** Datagram clients have no connection. */
  @Override
  public void closeClient(FiveTuple client) {}

  @Override
  public void clientSeen(FiveTuple path, String name) {
    tell(() -> observer.clientSeen(path, name));
  }

  @Override
  public boolean submit(Work work) {
    return shard.submit(work::run);
  }

  @Override
  public void allocationStarted(AllocationView allocation) {
    tell(() -> observer.allocationStarted(allocation));
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
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
