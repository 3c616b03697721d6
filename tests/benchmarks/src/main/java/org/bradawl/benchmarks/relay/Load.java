package org.bradawl.benchmarks.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.bradawl.benchmarks.ProcessFigures;
import org.bradawl.datapath.linux.DatagramLoop;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * One run: sockets, packets, and the count of what came back. Clients are sockets 0 to n - 1, the
 * peer is the one after.
 */
abstract class Load implements DatagramLoop.Receiver, AutoCloseable {

  /** More than a window, or a burst of a paced run, ever fills. */
  private static final int CLIENT_BUFFER = 1 << 20;

  private static final int PEER_BUFFER = 4 << 20;

  /** What has not come back by then does not come. */
  private static final long LOST_NANOS = 250_000_000;

  private static final long SWEEP_NANOS = 20_000_000;

  final DatagramLoop loop;
  final Target target;
  final int clients;
  final int window;
  final int peer;
  final Histogram histogram = new Histogram();
  private final int[] underWay;
  private final long[] heard;
  private long sent;
  private long arrived;
  private long now;

  Load(Target target, int clients, int window, boolean bulk) throws IOException {
    this.loop = new DatagramLoop(bulk);
    this.target = target;
    this.clients = clients;
    this.window = window;
    this.underWay = new int[clients];
    this.heard = new long[clients];
    IpAddress local = target.address().address();
    for (int client = 0; client < clients; client++) {
      ClientSockets.open(loop, local, bulk ? PEER_BUFFER : CLIENT_BUFFER);
    }
    this.peer = loop.open(new TransportAddress(local, 0), PEER_BUFFER);
  }

  TransportAddress peerAddress() {
    return loop.localAddress(peer);
  }

  /** Sends one packet on behalf of a client. */
  abstract void send(int client, long timeNanos);

  /** How often a packet that arrives has crossed the server. */
  abstract int crossings();

  /** A packet of this client came to its end. */
  final void arrived(int client, long sentNanos) {
    arrived++;
    underWay[client]--;
    heard[client] = now;
    histogram.add(System.nanoTime() - sentNanos);
  }

  private void start(int client) {
    underWay[client]++;
    sent++;
    send(client, System.nanoTime());
  }

  /** Runs for a while; counts and times are those of the measured part, losses those of all. */
  final Measurement run(double warmupSeconds, double seconds, int rate) {
    long begin = System.nanoTime();
    drive(begin + (long) (warmupSeconds * 1e9), rate);
    histogram.clear();
    long arrivedBefore = arrived;
    double cpu = ProcessFigures.cpuSeconds(target.process());
    double own = ProcessFigures.cpuSeconds(ProcessHandle.current());
    long from = System.nanoTime();
    drive(from + (long) (seconds * 1e9), rate);
    double elapsed = (System.nanoTime() - from) / 1e9;
    cpu = ProcessFigures.cpuSeconds(target.process()) - cpu;
    own = ProcessFigures.cpuSeconds(ProcessHandle.current()) - own;
    double packets = (double) (arrived - arrivedBefore) * crossings();
    double p50 = histogram.micros(0.5);
    double p99 = histogram.micros(0.99);
    drain();
    return new Measurement(
        packets / elapsed,
        cpu * 1e6 / packets,
        cpu / elapsed,
        sent == 0 ? 0 : Math.max(0, sent - arrived) / (double) sent,
        p50,
        p99,
        Double.NaN,
        own / elapsed);
  }

  private void drive(long until, int rate) {
    now = System.nanoTime();
    if (rate > 0) {
      pace(until, rate);
    } else {
      fill(until);
    }
  }

  private void fill(long until) {
    long sweepAt = now;
    while (until - now > 0) {
      if (sweepAt - now <= 0) {
        sweepAt = now + SWEEP_NANOS;
        sweep();
      }
      refill();
      loop.turn(20, this);
      now = System.nanoTime();
    }
  }

  private void refill() {
    for (int client = 0; client < clients; client++) {
      while (underWay[client] < window) {
        start(client);
      }
    }
  }

  /** Writes off what does not come back. */
  private void sweep() {
    for (int client = 0; client < clients; client++) {
      if (underWay[client] > 0 && now - heard[client] > LOST_NANOS) {
        if (heard[client] != 0) {
          underWay[client] = 0;
        }
        heard[client] = now;
      }
    }
  }

  /** One packet after the other, each at its time; what was missed is not caught up with. */
  private void pace(long until, int rate) {
    long interval = 1_000_000_000L / rate;
    long due = now;
    int client = 0;
    while (until - now > 0) {
      if (now - due > LOST_NANOS) {
        due = now;
      }
      while (due - now <= 0) {
        start(client);
        client = client + 1 == clients ? 0 : client + 1;
        due += interval;
      }
      loop.turn(0, this);
      now = System.nanoTime();
    }
  }

  private void drain() {
    long until = System.nanoTime() + LOST_NANOS;
    while (arrived < sent && until - System.nanoTime() > 0) {
      loop.turn(20, this);
    }
  }

  /** What the kernel did not take from us, which is our fault and no loss of the server's. */
  final long refused() {
    return loop.refused();
  }

  static ByteBuffer packet(int bytes) {
    return ByteBuffer.allocateDirect(bytes);
  }

  @Override
  public void close() throws IOException {
    loop.close();
  }
}
