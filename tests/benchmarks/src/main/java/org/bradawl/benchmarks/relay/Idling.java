package org.bradawl.benchmarks.relay;

import java.io.IOException;
import org.bradawl.benchmarks.ProcessFigures;
import org.bradawl.datapath.linux.DatagramLoop;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** Allocations that are made and then left alone: how fast they come, and what they cost. */
final class Idling implements AutoCloseable {

  /** They receive answers to requests and nothing else. */
  private static final int BUFFER = 1 << 16;

  /** Twice as long as any of the servers waits before it does something about an end. */
  private static final long LOOK_MILLIS = 400;

  /** Two of the ticks in which Linux counts. */
  private static final double IDLE_SECONDS = 0.025;

  private static final long MOST_NANOS = 5_000_000_000L;

  private final DatagramLoop loop = new DatagramLoop(false);
  private final Target target;
  private final int allocations;
  private final Enrolment enrolment;

  Idling(Target target, int allocations) throws IOException {
    this.target = target;
    this.allocations = allocations;
    IpAddress local = target.address().address();
    for (int client = 0; client < allocations; client++) {
      ClientSockets.open(loop, local, BUFFER);
    }
    int peer = loop.open(new TransportAddress(local, 0), BUFFER);
    this.enrolment = new Enrolment(loop, target, loop.localAddress(peer), allocations);
  }

  /** Makes them all, with permission and channel. */
  void setUp() throws IOException {
    enrolment.enrol();
  }

  /**
   * Makes them all and gives them back. What a server does about it later, as closing sockets and
   * writing down who was there, counts.
   */
  Measurement live() throws IOException, InterruptedException {
    double cpu = ProcessFigures.cpuSeconds(target.process());
    double own = ProcessFigures.cpuSeconds(ProcessHandle.current());
    long from = System.nanoTime();
    enrolment.enrol();
    enrolment.release();
    double elapsed = (System.nanoTime() - from) / 1e9;
    double busy = ProcessFigures.cpuSeconds(target.process()) - cpu;
    own = ProcessFigures.cpuSeconds(ProcessHandle.current()) - own;
    awaitQuiet();
    cpu = ProcessFigures.cpuSeconds(target.process()) - cpu;
    return new Measurement(
        allocations / elapsed,
        cpu * 1e6 / allocations,
        busy / elapsed,
        0,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        own / elapsed);
  }

  /** Until the server uses next to no CPU: a timer of its container is not about allocations. */
  private void awaitQuiet() throws InterruptedException {
    long giveUp = System.nanoTime() + MOST_NANOS;
    double before;
    double now = ProcessFigures.cpuSeconds(target.process());
    do {
      before = now;
      Thread.sleep(LOOK_MILLIS);
      now = ProcessFigures.cpuSeconds(target.process());
    } while (now - before > IDLE_SECONDS && System.nanoTime() - giveUp < 0);
  }

  /** Gives them back. */
  void release() throws IOException {
    enrolment.release();
  }

  @Override
  public void close() {
    loop.close();
  }
}
