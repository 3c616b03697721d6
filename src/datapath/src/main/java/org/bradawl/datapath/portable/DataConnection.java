package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.bradawl.turn.server.DataConnectionId;
import org.bradawl.turn.server.StunTurnServer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection with a peer and, once a client has bound one, the client's (RFC 6062 §3). Until
 * then nothing is read: what the peer sends waits in the kernel's buffer, and beyond that at the
 * peer.
 */
final class DataConnection implements Selected {

  private final DataConnectionId id;
  private final SocketChannel peer;
  private final StreamWire peerWire;
  private final SelectionKey peerKey;
  private final StreamRelays owner;
  private @Nullable Joined joined;
  private long lastMove;
  private boolean upFirst;
  private boolean held;

  /** The client's half. */
  private record Joined(StreamWire wire, SelectionKey key, Pipe up, Pipe down) {}

  DataConnection(
      DataConnectionId id, SocketChannel peer, SelectionKey peerKey, StreamRelays owner) {
    this.id = id;
    this.peer = peer;
    this.peerWire = new PlainWire(peer);
    this.peerKey = peerKey;
    this.owner = owner;
  }

  DataConnectionId id() {
    return id;
  }

  @Override
  public void ready(StunTurnServer machine, long now) throws IOException {
    if (joined != null) {
      move(machine, now);
    } else if (peerKey.isConnectable() && peer.finishConnect()) {
      peerKey.interestOps(0);
      machine.connectSucceeded(id, now);
    }
  }

  @Override
  public void failed(StunTurnServer machine, long now) {
    owner.ended(this, machine, now);
  }

  /** Whether the peer has yet to answer. */
  boolean isConnecting() {
    return !peer.isConnected();
  }

  /** Joins the client's half to it; bytes move from now on. */
  void join(BoundClient client, SelectionKey key, StunTurnServer machine, long now)
      throws IOException {
    StreamWire wire = client.wire();
    Pipe up = new Pipe(wire, peerWire, client.behind(), owner.chunks());
    Pipe down = new Pipe(peerWire, wire, client.unsent(), owner.chunks());
    joined = new Joined(wire, key, up, down);
    machine.relayedUp(id, client.behind().remaining());
    key.attach(new ClientHalf(this));
    wire.unframed();
    wire.resumeWith(this::resume);
    move(machine, now);
  }

  /** What the client's key stands for. */
  private record ClientHalf(DataConnection connection) implements Selected {
    @Override
    public void ready(StunTurnServer machine, long now) throws IOException {
      connection.move(machine, now);
    }

    @Override
    public void failed(StunTurnServer machine, long now) {
      connection.failed(machine, now);
    }
  }

  /** Goes on after a step of the client's wire that was taken on another thread. */
  private void resume(StunTurnServer machine, long now) {
    try {
      move(machine, now);
    } catch (IOException e) {
      failed(machine, now);
    }
  }

  void move(StunTurnServer machine, long now) throws IOException {
    Joined both = joined;
    if (both == null) {
      return;
    }
    held = false;
    // In turns, because both directions share the rates.
    upFirst = !upFirst;
    boolean moved = upFirst ? moveUp(both, machine, now) : moveDown(both, machine, now);
    moved |= upFirst ? moveDown(both, machine, now) : moveUp(both, machine, now);
    if (moved || lastMove == 0) {
      lastMove = now;
    }
    if (both.up.closed() && both.down.closed()) {
      owner.ended(this, machine, now);
      return;
    }
    boolean upWanted = both.up.wantsInput();
    boolean downWanted = both.down.wantsInput();
    if (held) {
      owner.moveAfter(this, machine.readableInNanos(id, now), now);
    } else if (both.up.moreAtOnce() || both.down.moreAtOnce()) {
      owner.moveLater(this);
    }
    wait(both.key, both.wire.interest(upWanted && !held, both.down.wantsOutput()));
    wait(peerKey, peerWire.interest(downWanted && !held, both.up.wantsOutput()));
  }

  private boolean moveUp(Joined both, StunTurnServer machine, long now) throws IOException {
    int bytes = both.up.move(owner.scratch(), readable(both.up, machine, now));
    if (bytes > 0) {
      owner.counters().received(bytes);
      machine.relayedUp(id, bytes);
    }
    return bytes > 0;
  }

  private boolean moveDown(Joined both, StunTurnServer machine, long now) throws IOException {
    int bytes = both.down.move(owner.scratch(), readable(both.down, machine, now));
    if (bytes > 0) {
      owner.counters().sent(bytes);
      machine.relayedDown(id, bytes);
    }
    return bytes > 0;
  }

  /** How much the rates let be read; nothing for a while is remembered. */
  private int readable(Pipe pipe, StunTurnServer machine, long now) {
    if (pipe.closed()) {
      return 0;
    }
    int bytes = machine.readable(id, Pipe.MOST, now);
    held |= bytes == 0;
    return bytes;
  }

  /** Whether it waits for {@link StreamRelays#moveAfter}. */
  boolean isHeld() {
    return held;
  }

  private static void wait(SelectionKey key, int interest) {
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }

  /** Whether one side has ended its half, and the other has said nothing for this long. */
  boolean isForsaken(long now, long patience) {
    Joined both = joined;
    return both != null && (both.up.closed() || both.down.closed()) && now - lastMove > patience;
  }

  void close() {
    close(peer);
    if (joined != null) {
      joined.up.discard();
      joined.down.discard();
      close(joined.wire);
    }
  }

  private void close(AutoCloseable half) {
    try {
      half.close();
    } catch (Exception e) {
      owner.counters().fault();
    }
  }
}
