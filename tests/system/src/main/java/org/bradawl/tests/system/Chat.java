package org.bradawl.tests.system;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A signaling peer that numbers what it sends and acknowledges what it receives. */
final class Chat implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** A message from a peer: the server's number, and the number that its sender put into it. */
  private static final Pattern MESSAGE =
      Pattern.compile("\"from\":\"[^\"]*\".*\"seq\":(\\d+).*\"data\":\\{\"n\":(\\d+)}");

  private static final Pattern DELIVERED =
      Pattern.compile("\"type\":\"delivered\".*\"seq\":(\\d+)");

  private final CountDownLatch welcome = new CountDownLatch(1);
  private final List<Long> received = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final WebSocket socket;
  private long sent;
  private long delivered;

  private Chat(URI server, String key, String peer) {
    this.socket =
        HTTP.newWebSocketBuilder()
            .subprotocols("bradawl.v1")
            .header("Authorization", "Bearer " + key)
            .buildAsync(server.resolve("/signal/v1?peer=" + peer), new Ears())
            .join();
  }

  /** A peer of this name, welcomed by the server. */
  static Chat join(int httpPort, String key, String peer) {
    try {
      Chat chat = new Chat(URI.create("ws://127.0.0.1:" + httpPort), key, peer);
      if (!chat.welcome.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(peer + " is not welcomed");
      }
      return chat;
    } catch (CompletionException refused) {
      throw new AssertionError(peer + " is not let in", refused);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while joining", e);
    }
  }

  /** Sends the next number to a peer. */
  void sendNext(String to) {
    long number;
    synchronized (this) {
      number = ++sent;
    }
    say(
        "{\"type\":\"message\",\"to\":\"%s\",\"seq\":%d,\"data\":{\"n\":%d}}"
            .formatted(to, number, number));
  }

  /** How many it has sent. */
  synchronized long sent() {
    return sent;
  }

  /** Up to which number the other side has acknowledged. */
  synchronized long delivered() {
    return delivered;
  }

  /** The numbers that came, in their order. */
  synchronized List<Long> received() {
    return List.copyOf(received);
  }

  /** What the server refused or failed. */
  synchronized List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Leaves for good. */
  void leave() {
    say("{\"type\":\"bye\"}");
  }

  @Override
  public void close() {
    socket.abort();
  }

  private void say(String frame) {
    synchronized (socket) {
      socket.sendText(frame, true).join();
    }
  }

  private final class Ears implements WebSocket.Listener {

    private final StringBuilder parts = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      parts.append(part);
      if (last) {
        hear(parts.toString());
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void hear(String frame) {
      Matcher message = MESSAGE.matcher(frame);
      Matcher news = DELIVERED.matcher(frame);
      if (message.find()) {
        synchronized (Chat.this) {
          received.add(Long.parseLong(message.group(2)));
        }
        Thread.ofVirtual()
            .start(() -> say("{\"type\":\"ack\",\"seq\":%s}".formatted(message.group(1))));
      } else if (news.find()) {
        synchronized (Chat.this) {
          delivered = Math.max(delivered, Long.parseLong(news.group(1)));
        }
      } else if (frame.contains("\"type\":\"welcome\"")) {
        welcome.countDown();
      } else if (frame.contains("\"type\":\"error\"") || frame.contains("\"type\":\"failed\"")) {
        synchronized (Chat.this) {
          complaints.add(frame);
        }
      }
    }
  }
}
