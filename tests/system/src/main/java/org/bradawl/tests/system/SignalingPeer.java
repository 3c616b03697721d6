package org.bradawl.tests.system;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A peer at {@code /signal/v1} that says what it is told to and keeps what it hears. */
public final class SignalingPeer implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  private SignalingPeer(URI address, String credential) {
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .subprotocols("bradawl.v1")
            .header("Authorization", "Bearer " + credential)
            .header("User-Agent", "system tests")
            .buildAsync(address, new Ear())
            .join();
  }

  /** Comes in as this peer and waits for the welcome. */
  public static SignalingPeer enter(String credential, String peer) {
    URI http = RunningServer.get().address();
    SignalingPeer entered =
        new SignalingPeer(
            URI.create("ws://" + http.getAuthority() + "/signal/v1?peer=" + peer), credential);
    entered.hear("welcome");
    return entered;
  }

  /** Sends a frame. */
  public void say(String frame) {
    socket.sendText(frame, true).join();
  }

  /** The next frame of this type; others before it are passed over. */
  public String hear(String type) {
    try {
      String frame = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      while (frame != null && !frame.contains("\"type\":\"" + type + "\"")) {
        frame = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      if (frame == null) {
        throw new AssertionError("heard no " + type);
      }
      return frame;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Leaves for good. */
  @Override
  public void close() {
    say("{\"type\":\"bye\"}");
    socket.abort();
  }

  private final class Ear implements WebSocket.Listener {

    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        heard.add(partial.toString());
        partial.setLength(0);
      }
      webSocket.request(1);
      return null;
    }
  }
}
