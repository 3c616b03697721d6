package org.bradawl.agent.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What must not end a loop that others live on. */
class EventLoopTest {

  private final EventLoop loop = new EventLoop("tested");

  @AfterEach
  void stop() {
    loop.close();
  }

  @Test
  void aTaskThatFailsEndsNothingButItself() throws Exception {
    CompletableFuture<Throwable> reported = new CompletableFuture<>();
    loop.execute(() ->
        Thread.currentThread().setUncaughtExceptionHandler((_, why) -> reported.complete(why)));
    loop.execute(() -> {
      throw new NoClassDefFoundError("not/On/The/Path");
    });
    assertThat(loop.ask(() -> "still there").get(10, TimeUnit.SECONDS)).isEqualTo("still there");
    assertThat(reported.get(10, TimeUnit.SECONDS)).hasMessage("not/On/The/Path");
  }

  /** As machines do that are put together before their first task. */
  @Test
  void alarmsMayBeMadeWhileTheLoopTurns() throws Exception {
    List<EventLoop.Alarm> alarms = new ArrayList<>();
    CompletableFuture<Boolean> rung = new CompletableFuture<>();
    for (int i = 0; i < 2_000; i++) {
      loop.execute(() -> {});
      alarms.add(loop.alarm(() -> rung.complete(true)));
    }
    loop.execute(() -> alarms.getLast().in(1));
    assertThat(rung.get(10, TimeUnit.SECONDS)).isTrue();
  }
}
