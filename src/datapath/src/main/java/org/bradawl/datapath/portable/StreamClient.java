package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.Optional;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.StreamDecoder;
import org.bradawl.stun.StreamDecoder.Framed;
import org.bradawl.turn.server.DataConnectionId;
import org.bradawl.turn.server.StunTurnServer;
import org.jspecify.annotations.Nullable;

/** One connection of a client, plain or secured. */
final class StreamClient implements Selected {

  /** The longest ChannelData: a header of four bytes and 65,535 of data. */
  private static final int LONGEST_MESSAGE = 65_539;

  /**
   * A client that has no allocation has nothing to relay, and no request comes near this size. So a
   * flood of connections with unfinished messages costs 8 kB each, not 64.
   */
  private static final int LONGEST_UNFINISHED = 8 * 1024;

  /** How often a busy connection is read in one turn before the others get theirs. */
  private static final int READS = 4;

  private final StreamWire wire;
  private final SelectionKey key;
  private final FiveTuple path;
  private final Connections connections;
  private final StreamDecoder decoder = new StreamDecoder(LONGEST_MESSAGE);
  private final OutputQueue output;
  private long lastMessage;
  private long lastProgress;
  private boolean spoken;
  private boolean secured;
  private boolean allocated;
  private boolean closing;
  private boolean flushDue;
  private @Nullable DataConnectionId boundTo;

  StreamClient(
      StreamWire wire, SelectionKey key, FiveTuple path, Connections connections, long now) {
    this.wire = wire;
    this.key = key;
    this.path = path;
    this.connections = connections;
    this.output = new OutputQueue(connections.chunks());
    this.lastMessage = now;
    this.lastProgress = now;
    wire.resumeWith(this::resume);
  }

  FiveTuple path() {
    return path;
  }

  /** The name of the server that the client asked for, if it did. */
  Optional<String> serverName() {
    return wire.serverName();
  }

  boolean allocated() {
    return allocated;
  }

  void allocated(boolean holds, long now) {
    allocated = holds;
    lastMessage = now;
  }

  @Override
  public void ready(StunTurnServer machine, long now) throws IOException {
    if (key.isWritable()) {
      flush(now);
    }
    if (key.isValid() && key.isReadable()) {
      read(machine, now);
    }
  }

  /** Goes on after a step of the wire that was taken on another thread. */
  private void resume(StunTurnServer machine, long now) {
    try {
      read(machine, now);
      if (wire.isOpen()) {
        flush(now);
      }
    } catch (IOException | CancelledKeyException e) {
      failed(machine, now);
    }
  }

  @Override
  public void failed(StunTurnServer machine, long now) {
    connections.gone(this, machine, now);
  }

  private void read(StunTurnServer machine, long now) throws IOException {
    ByteBuffer input = connections.input();
    for (int i = 0; i < READS; i++) {
      int length = wire.read(input.clear());
      if (length < 0) {
        flush(now);
        failed(machine, now);
        return;
      }
      if (!secured && !wire.handshaking()) {
        secured = true;
        connections.secured(this);
      }
      if (length == 0) {
        watch();
        return;
      }
      take(input.flip(), machine, now);
      if (boundTo != null && !closing) {
        leave(boundTo, input, now);
        return;
      }
      if (closing || !wire.isOpen()) {
        return;
      }
    }
  }

  private void take(ByteBuffer input, StunTurnServer machine, long now) {
    while (!closing && boundTo == null && wire.isOpen()) {
      switch (decoder.next(input)) {
        case Framed.Message message -> {
          if (!wire.permits(message.bytes())) {
            connections.drop(this, Drop.NOT_STUN, machine, now);
            return;
          }
          spoken = true;
          lastMessage = now;
          connections.counters().received(message.bytes().remaining());
          machine.fromClient(path, message.bytes(), now);
        }
        case Framed.Incomplete incomplete -> {
          if (!allocated && decoder.buffered() > LONGEST_UNFINISHED) {
            connections.drop(this, Drop.NOT_STUN, machine, now);
          }
          return;
        }
        case Framed.Broken broken -> {
          connections.drop(this, Drop.NOT_STUN, machine, now);
          return;
        }
      }
    }
  }

  /** The message being read is the last one: what follows it belongs to a data connection. */
  void bindTo(DataConnectionId id) {
    boundTo = id;
  }

  private void leave(DataConnectionId id, ByteBuffer rest, long now) throws IOException {
    flush(now);
    ByteBuffer behind = ByteBuffer.allocate(rest.remaining()).put(rest).flip();
    connections.released(this);
    key.attach(null);
    key.cancel();
    connections.leave(new BoundClient(id, key.channel(), wire, output.takeAll(), behind));
  }

  /** Queues an answer; without room even for that the connection is closed. */
  void sendAnswer(ByteBuffer message) {
    int length = message.remaining();
    if (!output.fitsAnswer(length)) {
      connections.counters().dropped(Drop.SLOW_READER);
      connections.closeLater(this);
      return;
    }
    output.add(message);
    queued(length);
  }

  /** Queues relayed data in a STUN message, or drops it. */
  void sendData(ByteBuffer message) {
    int length = message.remaining();
    if (!output.fitsData(length)) {
      connections.counters().dropped(Drop.SLOW_READER);
      return;
    }
    output.add(message);
    queued(length);
  }

  /** Queues ChannelData that has its header, padded (RFC 8656 §12.5), or drops it. */
  void sendChannelData(ByteBuffer message) {
    int length = message.remaining();
    int padding = -length & 3;
    if (!output.fitsData(length + padding)) {
      connections.counters().dropped(Drop.SLOW_READER);
      return;
    }
    output.add(message);
    output.pad(padding);
    queued(length);
  }

  private void queued(int length) {
    connections.counters().sent(length);
    if (!flushDue) {
      flushDue = true;
      connections.flushLater(this);
    }
  }

  /** Writes what waits, and asks to be told when there is room for the rest. */
  void flush(long now) throws IOException {
    flushDue = false;
    if (wire.push() + output.flush(wire) > 0 || output.isEmpty()) {
      lastProgress = now;
    }
    watch();
  }

  private void watch() {
    int interest = wire.interest(!output.isEmpty());
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }

  /** No more input is taken; the connection goes when the output is written. */
  void closeAfterOutput() {
    closing = true;
  }

  boolean finished() {
    return closing && output.isEmpty() && !wire.unsent();
  }

  /** Since when nothing has been written although something waits; now, if nothing waits. */
  long stalledSince(long now) {
    return output.isEmpty() && !wire.unsent() ? now : lastProgress;
  }

  long lastMessage() {
    return lastMessage;
  }

  boolean spoken() {
    return spoken;
  }

  void close() {
    output.discard();
    try {
      wire.close();
    } catch (IOException e) {
      connections.counters().fault();
    }
  }
}
