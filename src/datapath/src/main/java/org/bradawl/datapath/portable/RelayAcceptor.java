package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.DataConnectionId;
import org.bradawl.turn.server.RelayId;
import org.bradawl.turn.server.StunTurnServer;

/** The listening socket of a relayed transport address over TCP. */
final class RelayAcceptor implements Selected {

  /** A flood of connections must not keep others waiting. */
  private static final int PER_TURN = 16;

  private final RelayId id;
  private final TransportAddress local;
  private final ServerSocketChannel channel;
  private final SelectionKey key;
  private final StreamRelays owner;

  RelayAcceptor(
      RelayId id,
      TransportAddress local,
      ServerSocketChannel channel,
      SelectionKey key,
      StreamRelays owner) {
    this.id = id;
    this.local = local;
    this.channel = channel;
    this.key = key;
    this.owner = owner;
  }

  TransportAddress local() {
    return local;
  }

  @Override
  public void ready(StunTurnServer machine, long now) {
    try {
      for (int i = 0; i < PER_TURN && channel.isOpen(); i++) {
        SocketChannel accepted = channel.accept();
        if (accepted == null) {
          return;
        }
        admit(accepted, machine, now);
      }
    } catch (IOException e) {
      failed(machine, now);
    }
  }

  private void admit(SocketChannel accepted, StunTurnServer machine, long now) throws IOException {
    boolean kept = false;
    try {
      accepted.configureBlocking(false);
      accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
      TransportAddress peer = TransportAddress.of((InetSocketAddress) accepted.getRemoteAddress());
      DataConnectionId connection = owner.hasRoom() ? machine.peerConnected(id, peer, now) : null;
      if (connection != null) {
        owner.accepted(connection, accepted);
        kept = true;
      }
    } catch (IOException e) {
      // The peer went away between connecting and being accepted.
    } finally {
      if (!kept) {
        accepted.close();
      }
    }
  }

  /** Descriptors have run out: asking again at once would only spin. */
  @Override
  public void failed(StunTurnServer machine, long now) {
    if (key.isValid()) {
      key.interestOps(0);
      owner.resumeLater(this);
    }
  }

  void resume() {
    if (key.isValid()) {
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      owner.counters().fault();
    }
  }
}
