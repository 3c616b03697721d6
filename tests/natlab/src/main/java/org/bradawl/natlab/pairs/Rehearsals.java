package org.bradawl.natlab.pairs;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.bradawl.agent.Event;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.path.Rehearsal;

/** Makes a Java that has just begun one that has connected before. */
public final class Rehearsals {

  /** An agent that has served somebody before has what a tunnel needs compiled. */
  private static final int REHEARSALS = 4;

  /** They take 2 s on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Rehearsals() {}

  /** Goes through a few tunnels in memory; {@code told} is told if that does not work. */
  public static void run(Consumer<Event> told) throws InterruptedException {
    Thread.ofPlatform().daemon().start(() -> rehearse(told)).join(LIMIT);
  }

  private static void rehearse(Consumer<Event> told) {
    try (EventLoop loop = new EventLoop("rehearsal")) {
      for (int i = 0; i < REHEARSALS; i++) {
        new Rehearsal(loop).run();
      }
    } catch (IOException e) {
      told.accept(Event.of("not-rehearsed").with("why", String.valueOf(e.getMessage())));
    }
  }
}
