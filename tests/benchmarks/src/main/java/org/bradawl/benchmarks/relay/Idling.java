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
  Measurement setUp() throws IOException {
    double cpu = ProcessFigures.cpuSeconds(target.process());
    double own = ProcessFigures.cpuSeconds(ProcessHandle.current());
    long from = System.nanoTime();
    enrolment.enrol();
    double elapsed = (System.nanoTime() - from) / 1e9;
    cpu = ProcessFigures.cpuSeconds(target.process()) - cpu;
    own = ProcessFigures.cpuSeconds(ProcessHandle.current()) - own;
    return new Measurement(
        allocations / elapsed,
        cpu * 1e6 / allocations,
        cpu / elapsed,
        0,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        own / elapsed);
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
