package org.bradawl.server.signaling.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bradawl.server.signaling.control.SendFailures;
import org.bradawl.signaling.Closing;
import org.bradawl.signaling.Limits;
import org.junit.jupiter.api.Test;

/** The outlet against a container that finishes sends at once, later, or not. */
class SocketOutletTest {

  private final List<String> calls = new ArrayList<>();
  private final ArrayDeque<SendHandler> underWay = new ArrayDeque<>();
  private final ArrayDeque<Runnable> later = new ArrayDeque<>();
  private final SendFailures failures = new SendFailures();
  private boolean atOnce;
  private boolean refusing;
  private boolean open = true;

  private final SocketOutlet outlet =
      new SocketOutlet(session(), Limits.DEFAULT, later::add, failures);

  private Session session() {
    RemoteEndpoint.Async remote =
        (RemoteEndpoint.Async)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RemoteEndpoint.Async.class},
                (_, method, arguments) -> {
                  assertThat(method.getName()).isEqualTo("sendText");
                  send((String) arguments[0], (SendHandler) arguments[1]);
                  return null;
                });
    return (Session)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Session.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "getAsyncRemote" -> remote;
                  case "isOpen" -> open;
                  case "close" -> calls.add(Integer.toString(code((CloseReason) arguments[0])));
                  default -> throw new AssertionError(method);
                });
  }

  private static int code(CloseReason reason) {
    return reason.getCloseCode().getCode();
  }

  private void send(String frame, SendHandler handler) {
    if (refusing) {
      throw new IllegalStateException("the remote endpoint was in state [TEXT_FULL_WRITING]");
    }
    calls.add(frame);
    if (atOnce) {
      handler.onResult(new SendResult());
    } else {
      underWay.add(handler);
    }
  }

  private void say(String... frames) {
    for (String frame : frames) {
      outlet.send(frame);
    }
    outlet.flush();
  }

  private void runLater() {
    while (!later.isEmpty()) {
      later.remove().run();
    }
  }

  @Test
  void oneFrameIsUnderWayAtATime() {
    say("a", "b", "c");
    assertThat(calls).containsExactly("a");
    underWay.remove().onResult(new SendResult());
    runLater();
    assertThat(calls).containsExactly("a", "b");
    say("d");
    assertThat(calls).containsExactly("a", "b");
    atOnce = true;
    underWay.remove().onResult(new SendResult());
    runLater();
    assertThat(calls).containsExactly("a", "b", "c", "d");
  }

  /** It may report with its own locks held. */
  @Test
  void theContainerIsNotCalledWhileItReports() {
    say("a", "b");
    underWay.remove().onResult(new SendResult());
    assertThat(calls).containsExactly("a");
    runLater();
    underWay.remove().onResult(new SendResult(new IOException("gone")));
    assertThat(calls).containsExactly("a", "b");
    runLater();
    assertThat(calls).containsExactly("a", "b", "1011");
  }

  @Test
  void manyFramesTakenAtOnceTakeNoStack() {
    atOnce = true;
    String[] frames = new String[500];
    Arrays.setAll(frames, Integer::toString);
    say(frames);
    assertThat(calls).containsExactly(frames);
    assertThat(later).isEmpty();
  }

  @Test
  void aStandingSocketThatTakesNoFrameIsClosedOnceAndCounted() {
    refusing = true;
    say("a", "b");
    assertThat(calls).containsExactly("1011");
    assertThat(failures.count()).isEqualTo(1);
    say("c");
    assertThat(calls).containsExactly("1011");
  }

  @Test
  void aSocketThatIsClosedAlreadyIsNoFailure() {
    open = false;
    refusing = true;
    say("a");
    assertThat(failures.count()).isZero();
  }

  @Test
  void aLastWordGoesOutBeforeTheSocketCloses() {
    say("a", "farewell");
    outlet.close(Closing.SHUTDOWN);
    outlet.flush();
    assertThat(calls).containsExactly("a");
    underWay.remove().onResult(new SendResult());
    runLater();
    underWay.remove().onResult(new SendResult());
    runLater();
    assertThat(calls).containsExactly("a", "farewell", Integer.toString(Closing.SHUTDOWN.code()));
  }
}
