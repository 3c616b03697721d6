package org.bradawl.agent.tunnel;

import java.util.concurrent.CompletableFuture;

/** What tells the peer when it ends, and waits until the peer has heard it. */
interface Leaving extends AutoCloseable {

  /**
   * Says goodbye, and waits: for half a minute, if the peer has gone. Not for a thread that others
   * need.
   */
  @Override
  void close();

  /**
   * Says goodbye, and returns at once.
   *
   * @return done when nothing is under way any more
   */
  default CompletableFuture<Void> leave() {
    return CompletableFuture.runAsync(
        this::close, closing -> Thread.ofVirtual().name("tunnel closing").start(closing));
  }
}
