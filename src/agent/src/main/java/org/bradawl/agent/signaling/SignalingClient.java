package org.bradawl.agent.signaling;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.server.NoAnswer;
import org.bradawl.agent.server.RestClient;
import org.bradawl.agent.server.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * A peer's session at {@code /signal/v1}. Frames may be sent from any thread; everything else
 * happens on the loop's.
 */
public final class SignalingClient implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** The first attempt after a loss is made nearly at once, the later ones ever more rarely. */
  private static final long FIRST_PAUSE_NANOS = 250_000_000L;

  private static final long LONGEST_PAUSE_NANOS = 15_000_000_000L;

  private static final long USUAL_HEARTBEAT_SECONDS = 25;

  /** A server that does not answer a ping by then is not there, or not on this way any more. */
  private static final long SILENCE_NANOS = 10_000_000_000L;

  /** The same where there is reason to believe so. */
  private static final long DOUBTED_SILENCE_NANOS = 3_000_000_000L;

  /**
   * The welcome is sent as soon as the handshake is over: a connection without one by then carries
   * nothing.
   */
  private static final long WELCOME_NANOS = 3_000_000_000L;

  /** A handshake across the world and a frame; who waits longer is waited for in vain. */
  private static final Duration GOODBYE = Duration.ofMillis(1_500);

  private final EventLoop loop;
  private final HttpClient http;
  private final ServerAddress.Web server;
  private final String token;
  private final String peer;
  private final SignalingListener listener;
  private final EventLoop.Alarm heartbeat;
  private final EventLoop.Alarm retry;
  private final EventLoop.Alarm silence;
  private @Nullable WebSocket socket;
  private boolean welcome;
  private boolean opening;
  private boolean leaving;
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
  private Optional<String> resume = Optional.empty();
  private long received;
  private long heartbeatNanos = Duration.ofSeconds(USUAL_HEARTBEAT_SECONDS).toNanos();
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private OptionalLong answerDue = OptionalLong.empty();
  private int connections;
  private final CompletableFuture<Boolean> gone = new CompletableFuture<>();
  private boolean everWelcome;
  private boolean over;

  /** A session that has not begun; made on the loop's thread. */
  public SignalingClient(
      EventLoop loop,
      HttpClient http,
      ServerAddress.Web server,
      String token,
      String peer,
      SignalingListener listener) {
    this.loop = loop;
    this.http = http;
    this.server = server;
    this.token = token;
    this.peer = peer;
    this.listener = listener;
    this.heartbeat = loop.alarm(() -> ping(SILENCE_NANOS));
    this.retry = loop.alarm(this::connect);
    this.silence = loop.alarm(this::silent);
  }

  private void ping(long patienceNanos) {
    send(Map.of("type", "ping"));
    long latest = loop.nanos() + patienceNanos;
    // Who asks again does not wait longer for the first answer.
    if (answerDue.isEmpty() || latest - answerDue.getAsLong() < 0) {
      await(OptionalLong.of(latest));
    }
  }

  private void await(OptionalLong newAnswerDue) {
    answerDue = newAnswerDue;
    silence.set(newAnswerDue);
  }

  /** Finds out soon whether the server is still there, and connects again if it is not. */
  public void doubt() {
    if (welcome && !over) {
      ping(DOUBTED_SILENCE_NANOS);
    }
  }

  /**
   * As {@link #doubt} unless an answer is awaited already: for what somebody waits for, which must
   * not be lost in a connection that stands and carries nothing until the next heartbeat.
   */
  public void expectAnswer() {
    if (answerDue.isEmpty()) {
      doubt();
    }
  }

  private void silent() {
    WebSocket mute = socket;
    if (welcome || mute == null) {
      reconnect("no answer");
    } else {
      // With a pause that grows: a server that is slow to welcome has too much to do already.
      connections++;
      opening = false;
      mute.abort();
      again("no welcome");
    }
  }

  /** Gives up the connection for a new one: the network that it went through is not there. */
  public void reconnect(String why) {
    WebSocket old = socket;
    if (over || !everWelcome) {
      return;
    }
    if (old != null) {
      old.abort();
      listener.lost(why);
    }
    socket = null;
    welcome = false;
    pauseNanos = FIRST_PAUSE_NANOS;
    heartbeat.set(OptionalLong.empty());
    await(OptionalLong.empty());
    retry.set(OptionalLong.empty());
    connect();
  }

  /** Begins. */
  public void connect() {
    if (over) {
      return;
    }
    int number = ++connections;
    opening = true;
    String query =
        "?peer="
            + RestClient.encoded(peer)
            + resume.map(secret -> "&resume=" + secret + "&received=" + received).orElse("");
    var _ =
        http.newWebSocketBuilder()
            .subprotocols("bradawl.v1")
            .connectTimeout(CONNECT)
            .header("Authorization", "Bearer " + token)
            .header("User-Agent", "bradawl-agent")
            .buildAsync(server.webSocketAt("/signal/v1" + query), new Ear(number))
            .whenComplete(
                (opened, failure) -> loop.execute(() -> connected(number, opened, failure)));
  }

  private void connected(int number, @Nullable WebSocket opened, @Nullable Throwable failure) {
    if (number == connections) {
      opening = false;
    }
    if (number == connections && leaving) {
      sayGoodbye(opened);
    } else if (number != connections || over) {
      if (opened != null) {
        opened.abort();
      }
    } else if (failure != null) {
      Throwable cause = failure.getCause();
      notConnected(failure instanceof CompletionException && cause != null ? cause : failure);
    }
  }

  /** Before anything that comes through it, and before its loss. */
  private void opened(WebSocket now) {
    socket = now;
    sending = CompletableFuture.completedFuture(null);
    await(OptionalLong.of(loop.nanos() + WELCOME_NANOS));
  }

  private void notConnected(Throwable failure) {
    if (everWelcome) {
      again(NoAnswer.reason(failure));
      return;
    }
    if (failure instanceof WebSocketHandshakeException refused) {
      int status = refused.getResponse().statusCode();
      Kind kind = status == 401 || status == 403 ? Kind.REFUSED : Kind.FAILED;
      end(new AgentException(kind, server.base() + " refuses the connection: " + status, failure));
    } else {
      String why = server.base() + " does not answer: " + NoAnswer.reason(failure);
      end(new AgentException(Kind.UNREACHABLE, why, failure));
    }
  }

  private void again(String why) {
    if (!over) {
      socket = null;
      welcome = false;
      heartbeat.set(OptionalLong.empty());
      await(OptionalLong.empty());
      listener.lost(why);
      retry.in(pauseNanos);
      pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }
  }

  private void end(AgentException why) {
    if (!over) {
      stop();
      listener.over(why);
    }
  }

  private void stop() {
    over = true;
    heartbeat.remove();
    silence.remove();
    retry.remove();
  }

  /**
   * Sends a frame; lost when there is no connection, which the listener has been told, and before
   * its welcome, after which the listener says again what matters.
   */
  public void send(Map<String, ?> frame) {
    String text = Json.of(frame).toString();
    loop.execute(() -> transmit(text));
  }

  private void transmit(String text) {
    WebSocket to = socket;
    if (to != null && welcome && !over) {
      // A WebSocket takes one text at a time.
      sending = sending.thenCompose(_ -> to.sendText(text, true)).exceptionally(_ -> to);
      heartbeat.in(heartbeatNanos);
    }
  }

  private void received(String text) {
    await(OptionalLong.empty());
    Json frame;
    try {
      frame = Json.parse(text);
    } catch (IllegalArgumentException e) {
      // Not of this protocol; a newer server may know why.
      return;
    }
    switch (frame.get("type").textOrEmpty()) {
      case "welcome" -> welcomed(frame);
      case "closing" -> closing(frame);
      case "pong" -> {}
      default -> {
        acknowledge(frame);
        listener.received(frame);
      }
    }
  }

  private void welcomed(Json frame) {
    boolean resumed = frame.get("resumed").isTrue();
    welcome = true;
    everWelcome = true;
    received = resumed ? received : 0;
    pauseNanos = FIRST_PAUSE_NANOS;
    resume = frame.get("resume").text();
    long seconds = frame.get("heartbeat").number().orElse(USUAL_HEARTBEAT_SECONDS);
    // A little earlier than asked for, for the way.
    heartbeatNanos = Duration.ofSeconds(seconds).toNanos() * 4 / 5;
    heartbeat.in(heartbeatNanos);
    listener.welcomed(frame, resumed);
  }

  private void closing(Json frame) {
    String reason = frame.get("reason").textOrEmpty();
    frame.get("retryAfter").number().ifPresent(seconds -> pauseNanos = seconds * 1_000_000_000L);
    boolean forGood =
        switch (reason) {
          case "unauthorized", "unsupported", "replaced", "resumed-elsewhere", "too-many-peers" ->
              true;
          default -> false;
        };
    if (forGood) {
      Kind kind = reason.equals("unauthorized") ? Kind.REFUSED : Kind.FAILED;
      end(
          new AgentException(
              kind, "the server ends the session: " + frame.get("message").textOrEmpty()));
    }
  }

  /** What other peers send is kept by the server until it is acknowledged. */
  private void acknowledge(Json frame) {
    OptionalLong seq =
        frame.get("from").isPresent() ? frame.get("seq").number() : frame.get("ack").number();
    seq.ifPresent(place -> {
      received = place;
      send(Map.of("type", "ack", "seq", place));
    });
  }

  /**
   * Leaves for good; waits a moment for what was said last to leave. A connection that is being
   * made is made first: the server lets its peer in before we come to know of it.
   */
  @Override
  public void close() {
    loop.execute(() -> {
      leaving = true;
      boolean tryingAgain = everWelcome && socket == null && !opening && !over;
      if (tryingAgain) {
        connect();
      } else if (!opening) {
        sayGoodbye(over ? null : socket);
      }
      stop();
    });
    try {
      gone.get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Then the server finds out by itself.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sayGoodbye(@Nullable WebSocket to) {
    if (to == null) {
      gone.complete(true);
    } else {
      sending =
          sending
              .thenCompose(_ -> to.sendText("{\"type\":\"bye\"}", true))
              .whenComplete((_, _) -> gone.complete(true));
    }
  }

  private void gone(WebSocket from, String why) {
    if (!from.equals(socket)) {
      return;
    }
    if (everWelcome) {
      again(why);
    } else {
      end(new AgentException(Kind.UNREACHABLE, "the server hangs up: " + why));
    }
  }

  private final class Ear implements WebSocket.Listener {

    private final StringBuilder partial = new StringBuilder();
    private final int number;

    Ear(int number) {
      this.number = number;
    }

    /** What an older connection has to say comes too late. */
    private void whileItLasts(Runnable task) {
      loop.execute(() -> {
        if (number == connections) {
          task.run();
        }
      });
    }

    /** Called first, whereas the future of the connection may complete after the first frames. */
    @Override
    public void onOpen(WebSocket now) {
      whileItLasts(() -> opened(now));
      now.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        String text = partial.toString();
        partial.setLength(0);
        whileItLasts(() -> SignalingClient.this.received(text));
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      whileItLasts(() -> gone(from, "closed with " + code + " " + reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      whileItLasts(() -> gone(from, NoAnswer.reason(failure)));
    }
  }
}
