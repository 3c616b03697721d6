package org.bradawl.simulation;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.bradawl.simulation.Packet.Segment;
import org.bradawl.simulation.Packet.Segment.Flag;
import org.bradawl.stun.TransportAddress;

/** One TCP connection of a {@link TcpStack}. */
public final class TcpConnection {

  /** What a connection's owner hears. */
  public interface Listener {
    /** Both sides agree that it stands. */
    default void established() {}

    /** It was refused, timed out or was reset. */
    default void failed() {}

    /** What one write at the other end wrote. */
    default void received(ByteBuffer payload) {}
  }

  private enum State {
    SYN_SENT,
    SYN_RECEIVED,
    ESTABLISHED,
    CLOSED
  }

  /** RFC 6298 §2: the first retransmission of a SYN comes after a second, then it doubles. */
  private static final Duration SYN_RETRANSMISSION = Duration.ofSeconds(1);

  /** Linux's minimum; data of an established connection is sent again at this interval. */
  private static final Duration DATA_RETRANSMISSION = Duration.ofMillis(200);

  private final TcpStack stack;
  private final TcpStack.Pair pair;
  private final Consumer<TcpConnection> accepted;
  private final SortedMap<Integer, ByteBuffer> unacknowledged = new TreeMap<>();
  private final SortedMap<Integer, ByteBuffer> early = new TreeMap<>();
  private Listener listener = new Listener() {};
  private State state = State.SYN_RECEIVED;
  private int written;
  private int arrived;

  TcpConnection(TcpStack stack, TcpStack.Pair pair, Consumer<TcpConnection> accepted) {
    this.stack = stack;
    this.pair = pair;
    this.accepted = accepted;
  }

  /** Where it is bound. */
  public TransportAddress local() {
    return pair.local();
  }

  /** The other end as this end sees it. */
  public TransportAddress remote() {
    return pair.remote();
  }

  /** Whether it stands. */
  public boolean isEstablished() {
    return state == State.ESTABLISHED;
  }

  /** Has {@code newListener} hear what happens from now on. */
  public void listener(Listener newListener) {
    listener = newListener;
  }

  /** Writes once; it arrives as one piece. */
  public void send(ByteBuffer payload) {
    int index = written++;
    unacknowledged.put(index, payload.duplicate().asReadOnlyBuffer());
    transmitData(index);
  }

  /** Ends it; the other end sees a reset. */
  public void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      transmit(Flag.RST);
      stack.forget(pair, this);
    }
  }

  void open(Duration limit, int ttl) {
    state = State.SYN_SENT;
    sendSyn(SYN_RETRANSMISSION, ttl);
    stack
        .time()
        .after(
            limit,
            () -> {
              if (state == State.SYN_SENT || state == State.SYN_RECEIVED) {
                fail();
              }
            });
  }

  void receive(Segment segment) {
    switch (segment.flag()) {
      case SYN -> synReceived();
      case SYN_ACK -> {
        if (state != State.CLOSED) {
          transmit(Flag.ACK);
          establish();
        }
      }
      case ACK -> {
        establish();
        unacknowledged.headMap(segment.index()).clear();
      }
      case DATA -> {
        establish();
        dataReceived(segment);
      }
      case RST -> {
        if (state != State.CLOSED) {
          fail();
        }
      }
    }
  }

  private void synReceived() {
    switch (state) {
      // RFC 9293 §3.5, figure 7: both sent a SYN, so each answers the other's.
      case SYN_SENT, SYN_RECEIVED -> {
        state = State.SYN_RECEIVED;
        transmit(Flag.SYN_ACK);
      }
      case ESTABLISHED -> acknowledge();
      case CLOSED -> {}
    }
  }

  private void establish() {
    if (state == State.SYN_SENT || state == State.SYN_RECEIVED) {
      state = State.ESTABLISHED;
      accepted.accept(this);
      listener.established();
    }
  }

  private void dataReceived(Segment segment) {
    if (segment.index() >= arrived) {
      early.put(segment.index(), segment.payload());
    }
    for (var next = early.remove(arrived); next != null; next = early.remove(arrived)) {
      arrived++;
      listener.received(next.duplicate());
    }
    acknowledge();
  }

  private void acknowledge() {
    stack.transmit(pair, new Segment(Flag.ACK, arrived, ByteBuffer.allocate(0)));
  }

  private void sendSyn(Duration again, int ttl) {
    Flag flag = state == State.SYN_SENT ? Flag.SYN : Flag.SYN_ACK;
    stack.transmit(pair, Segment.of(flag), ttl);
    stack
        .time()
        .after(
            again,
            () -> {
              if (state == State.SYN_SENT || state == State.SYN_RECEIVED) {
                sendSyn(again.multipliedBy(2), Packet.USUAL_TTL);
              }
            });
  }

  private void transmitData(int index) {
    ByteBuffer payload = unacknowledged.get(index);
    if (payload == null || state == State.CLOSED) {
      return;
    }
    if (state == State.ESTABLISHED) {
      stack.transmit(pair, new Segment(Flag.DATA, index, payload));
    }
    stack.time().after(DATA_RETRANSMISSION, () -> transmitData(index));
  }

  private void transmit(Flag flag) {
    stack.transmit(pair, Segment.of(flag));
  }

  private void fail() {
    state = State.CLOSED;
    stack.forget(pair, this);
    listener.failed();
  }
}
