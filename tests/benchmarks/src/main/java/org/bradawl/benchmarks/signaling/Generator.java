package org.bradawl.benchmarks.signaling;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The peers and their load, all on the calling thread. Peers are paired, 0 with 1, 2 with 3 and so
 * on, and send to each other in turn at a paced rate whatever comes back: a server that falls
 * behind is seen to.
 */
final class Generator implements Peer.Listener, AutoCloseable {

  /** Messages that may be sent between two looks at the sockets. */
  private static final int BATCH = 16;

  private static final long HEARTBEAT_NANOS = 20_000_000_000L;
  private static final byte[] MARK = Protocol.MARK.getBytes(StandardCharsets.US_ASCII);

  private final InetSocketAddress server;
  private final Protocol protocol;
  private final Selector selector;
  private final Peer[] peers;
  private final byte[] shared = new byte[1 << 18];
  private int registered;
  private int closed;
  private int nextHeartbeat;
  private long heartbeatNanos = System.nanoTime();

  private long received;
  private long disordered;
  private long confirmed;
  private long windowStartMicros = Long.MAX_VALUE;
  private long windowEndMicros;
  private long receivedInWindow;
  private int[] latencies = new int[0];
  private int measured;

  Generator(InetSocketAddress server, Protocol protocol, int peers) throws IOException {
    this.server = server;
    this.protocol = protocol;
    this.selector = Selector.open();
    this.peers = new Peer[peers];
  }

  /** Connects everybody, so many at a time, and waits until all are registered. */
  void connect(int atOnce) throws IOException {
    long deadline = System.nanoTime() + 120_000_000_000L;
    for (int i = 0; i < peers.length; ) {
      if (i - registered < atOnce) {
        peers[i] = new Peer(i, server, protocol, selector);
        i++;
      }
      turn(0);
    }
    while (registered < peers.length) {
      turn(10);
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("only " + registered + " of " + peers.length + " peers registered");
      }
    }
    String sdp = Offer.sdp();
    for (Peer peer : peers) {
      peer.prepare(protocol, peer.number ^ 1, sdp);
    }
  }

  int messageLength() {
    return peers[0].offerLength();
  }

  /** Lets the connections be for a while. */
  void idle(long millis) throws IOException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() - deadline < 0) {
      turn(10);
    }
  }

  /** What one run at one rate gave. Latencies in milliseconds, from when a message was due. */
  record Load(
      int rate,
      double sentPerSecond,
      double receivedPerSecond,
      long sent,
      long lost,
      long unconfirmed,
      long disordered,
      int closed,
      boolean overloaded,
      double p50,
      double p99,
      double max,
      long receivedInWindow) {}

  /** Called when the measured part of a run begins and when it ends. */
  interface Window {
    void begins();

    void ends();
  }

  /** Sends at a rate, some time to warm up and some to be measured. */
  Load run(int rate, int warmupSeconds, int seconds, Window window) throws IOException {
    reset(rate, seconds);
    long start = micros() + 20_000;
    windowStartMicros = start + warmupSeconds * 1_000_000L;
    windowEndMicros = windowStartMicros + seconds * 1_000_000L;
    long sent = 0;
    long sentInWindow = 0;
    boolean begun = false;
    boolean overloaded = false;
    int next = 0;
    for (long now = micros(); now < windowEndMicros && !overloaded; now = micros()) {
      if (!begun && now >= windowStartMicros) {
        begun = true;
        window.begins();
      }
      long due = Math.max(0, (now - start) * rate / 1_000_000) - sent;
      for (long n = Math.min(due, BATCH); n > 0; n--) {
        long dueAt = start + sent * 1_000_000 / rate;
        if (!peers[next].dead) {
          peers[next].sendOffer(dueAt);
        }
        next = next + 1 == peers.length ? 0 : next + 1;
        sent++;
        sentInWindow += dueAt >= windowStartMicros ? 1 : 0;
      }
      turn(due > BATCH ? 0 : 1);
      overloaded = sent - received > 2L * rate;
    }
    window.ends();
    drain(sent);
    return load(rate, seconds, sent, sentInWindow, overloaded);
  }

  private void reset(int rate, int seconds) {
    received = 0;
    confirmed = 0;
    disordered = 0;
    receivedInWindow = 0;
    measured = 0;
    int most = Math.toIntExact((long) rate * (seconds + 2));
    latencies = latencies.length >= most ? latencies : new int[most];
  }

  private void drain(long sent) throws IOException {
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (received < sent && System.nanoTime() - deadline < 0) {
      turn(5);
    }
    for (Peer peer : peers) {
      acknowledge(peer);
    }
    while ((received < sent || confirmations() < sent) && System.nanoTime() - deadline < 0) {
      turn(5);
    }
  }

  /** As many as were received where the protocol confirms nothing. */
  private long confirmations() {
    return protocol.sequenceDigits() == 0 ? received : confirmed;
  }

  private Load load(int rate, int seconds, long sent, long sentInWindow, boolean overloaded) {
    int[] sorted = Arrays.copyOf(latencies, measured);
    Arrays.sort(sorted);
    return new Load(
        rate,
        (double) sentInWindow / seconds,
        (double) receivedInWindow / seconds,
        sent,
        sent - received,
        sent - confirmations(),
        disordered,
        closed,
        overloaded,
        quantile(sorted, 0.5),
        quantile(sorted, 0.99),
        quantile(sorted, 1),
        receivedInWindow);
  }

  private static double quantile(int[] sorted, double quantile) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(sorted.length - 1, (int) (sorted.length * quantile))] / 1_000.0;
  }

  private void turn(long waitMillis) throws IOException {
    if (waitMillis == 0) {
      selector.selectNow(this::handle);
    } else {
      selector.select(this::handle, waitMillis);
    }
    if (System.nanoTime() - heartbeatNanos >= HEARTBEAT_NANOS / peers.length) {
      heartbeatNanos = System.nanoTime();
      Peer peer = peers[nextHeartbeat];
      nextHeartbeat = nextHeartbeat + 1 == peers.length ? 0 : nextHeartbeat + 1;
      if (peer != null && peer.registered && !peer.dead) {
        peer.send(protocol.heartbeat());
      }
    }
  }

  private void handle(SelectionKey key) {
    Peer peer = (Peer) key.attachment();
    try {
      if (key.isReadable()) {
        peer.readable(shared, this);
      }
      if (!peer.dead && key.isWritable()) {
        peer.writable();
      }
    } catch (IOException e) {
      peer.close();
      closed(peer, e.toString());
    }
  }

  @Override
  public void frame(Peer peer, byte[] bytes, int from, int to) {
    if (!peer.registered) {
      if (protocol.registered(bytes, from, to)) {
        peer.registered = true;
        registered++;
      }
      return;
    }
    int mark = Protocol.find(bytes, from, to, MARK);
    if (mark >= 0) {
      offer(peer, bytes, from, to, mark + MARK.length);
      return;
    }
    long upTo = protocol.confirmed(bytes, from, to);
    if (upTo > peer.confirmed) {
      confirmed += upTo - peer.confirmed;
      peer.confirmed = upTo;
    }
  }

  private void offer(Peer peer, byte[] bytes, int from, int to, int digits) {
    long now = micros();
    long due = Protocol.digits(bytes, digits);
    received++;
    if (Protocol.digits(bytes, digits + Protocol.DIGITS + 1) != peer.expected) {
      disordered++;
    }
    peer.expected = Protocol.digits(bytes, digits + Protocol.DIGITS + 1) + 1;
    if (now >= windowStartMicros && now < windowEndMicros) {
      receivedInWindow++;
    }
    if (due >= windowStartMicros && due < windowEndMicros && measured < latencies.length) {
      latencies[measured++] = (int) Math.min(Integer.MAX_VALUE, now - due);
    }
    peer.had = Math.max(peer.had, protocol.numberOf(bytes, from, to));
    if (!protocol.acknowledgesWithNext()) {
      acknowledge(peer);
    }
  }

  private void acknowledge(Peer peer) {
    if (peer.had > peer.acknowledged && !peer.dead) {
      peer.acknowledged = peer.had;
      try {
        peer.send(protocol.acknowledgement(peer.had));
      } catch (IOException e) {
        peer.close();
        closed(peer, e.toString());
      }
    }
  }

  @Override
  public void closed(Peer peer, String why) {
    closed++;
    if (closed <= 3) {
      System.err.println("peer " + peer.number + " lost its connection: " + why);
    }
  }

  private static long micros() {
    return System.nanoTime() / 1_000;
  }

  @Override
  public void close() throws IOException {
    for (Peer peer : peers) {
      if (peer != null && !peer.dead) {
        peer.close();
      }
    }
    selector.close();
  }
}
