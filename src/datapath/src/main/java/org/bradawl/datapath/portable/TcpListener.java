package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.bradawl.datapath.Spoken;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.StunTurnServer;

/** A local TCP address that clients connect to. */
final class TcpListener implements Selected {

  /** A flood of connections must not keep datagrams waiting. */
  private static final int PER_TURN = 32;

  /** When descriptors have run out, asking again at once would only spin. */
  private static final long PAUSE = Duration.ofSeconds(1).toNanos();

  private final TransportAddress local;
  private final ServerSocketChannel channel;
  private final Spoken spoken;
  private final SelectionKey key;
  private final Connections connections;
  private boolean paused;
  private long resumeAt;

  TcpListener(
      TransportAddress local,
      ServerSocketChannel channel,
      Spoken spoken,
      SelectionKey key,
      Connections connections) {
    this.local = local;
    this.channel = channel;
    this.spoken = spoken;
    this.key = key;
    this.connections = connections;
  }

  @Override
  public void ready(StunTurnServer machine, long now) {
    try {
      for (int i = 0; i < PER_TURN; i++) {
        SocketChannel accepted = channel.accept();
        if (accepted == null) {
          return;
        }
        admit(accepted, machine, now);
      }
    } catch (IOException e) {
      pause(now);
    }
  }

  private void admit(SocketChannel accepted, StunTurnServer machine, long now) throws IOException {
    try {
      accepted.configureBlocking(false);
      accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connections.accepted(accepted, local, spoken, machine, now);
    } catch (IOException e) {
      // The client went away between connecting and being accepted.
      accepted.close();
    }
  }

  @Override
  public void failed(StunTurnServer machine, long now) {
    pause(now);
  }

  private void pause(long now) {
    paused = true;
    resumeAt = now + PAUSE;
    key.interestOps(0);
  }

  boolean paused() {
    return paused;
  }

  long resumeAt() {
    return resumeAt;
  }

  void resumeIfDue(long now) {
    if (paused && resumeAt - now <= 0) {
      paused = false;
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
  }
}
