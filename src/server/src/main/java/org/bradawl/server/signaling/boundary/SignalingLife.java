package org.bradawl.server.signaling.boundary;

import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bradawl.server.platform.control.ServerStopping;
import org.bradawl.server.signaling.control.Halls;
import org.bradawl.server.traversals.control.Brokerage;

/** Lets time pass for signaling, and tells the clients when the server stops. */
@ApplicationScoped
public class SignalingLife {

  private static final System.Logger LOG = System.getLogger(SignalingLife.class.getName());

  /** Everything that signaling waits for is counted in many seconds. */
  private static final long BEAT_MILLIS = 1_000;

  /** Longer than any radio sleeps: who has not taken a frame off TCP by then is not reading. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** How long the stop waits for the last frames to be written. */
  private static final long FAREWELL_MILLIS = 500;

  @Resource private ManagedThreadFactory threads;
  @Inject private Halls halls;
  @Inject private SignalingEndpoint endpoint;
  @Inject private Brokerage brokerage;

  private final CountDownLatch stopped = new CountDownLatch(1);

  void start(
      @Observes
          @Priority(Interceptor.Priority.APPLICATION + 100)
          @Initialized(ApplicationScoped.class)
          Object event) {
    threads.newThread(this::beat).start();
    threads.newThread(brokerage::lookUp).start();
    threads.newThread(brokerage::watch).start();
  }

  private void beat() {
    try {
      while (!stopped.await(BEAT_MILLIS, TimeUnit.MILLISECONDS)) {
        beatOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beatOnce() {
    try {
      halls.advance();
      brokerage.advance();
      endpoint.dropTheStuck(System.nanoTime(), PATIENCE_NANOS);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a beat of signaling failed; going on", e);
    }
  }

  void stop(@Observes ServerStopping event) {
    stopped.countDown();
    brokerage.stop();
    halls.shutDown();
    endpoint.awaitFarewell(FAREWELL_MILLIS);
  }
}
