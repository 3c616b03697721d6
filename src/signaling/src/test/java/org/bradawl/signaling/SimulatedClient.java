package org.bradawl.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A client as the protocol's description wants it: numbers its messages and keeps them until they
 * are delivered or failed, sends again what the server has not taken, drops what it has had,
 * acknowledges late. It checks what reaches it; {@link SimulatedNetwork} carries the frames.
 */
final class SimulatedClient {

  /** A message on its way, and whoever was meant to get it. */
  record Sent(long seq, String to, String payload) {}

  final String peer;
  private final Random random;

  /** Identifies the sessions of this client one after the other, for the checks. */
  int incarnation;

  private Optional<Resumption> resumption = Optional.empty();
  private boolean resuming;
  private long lastSent;
  private long had;
  private final Map<Long, Sent> unresolved = new LinkedHashMap<>();
  private final ArrayDeque<String> toSend = new ArrayDeque<>();
  private final List<String> oldFrames = new ArrayList<>();
  private boolean welcomed;

  /** Payloads in the order in which they reached this client, in its whole life. */
  final List<String> got = new ArrayList<>();

  /**
   * Payloads dealt with by a session's client, whose acknowledgement has left or may leave any
   * time.
   */
  final Set<String> dealtWith = new HashSet<>();

  final Set<String> delivered = new HashSet<>();
  final Map<String, String> failed = new LinkedHashMap<>();

  SimulatedClient(String peer, Random random) {
    this.peer = peer;
    this.random = random;
  }

  /** What the next connection asks for. */
  Optional<Resumption> resumption() {
    return resumption.map(r -> new Resumption(r.secret(), had));
  }

  /** A new connection begins: what waited for the older one is not sent on it. */
  void connecting() {
    welcomed = false;
    resuming = resumption.isPresent();
    toSend.clear();
  }

  /** Forgets the session, as a page that is loaded anew. */
  void forget() {
    resumption = Optional.empty();
    unresolved.clear();
    oldFrames.clear();
  }

  boolean hasUnresolved() {
    return !unresolved.isEmpty();
  }

  boolean owesAcknowledgement() {
    return owed > 0;
  }

  private long owed;

  void offer(String to) {
    lastSent++;
    String payload = peer + "/" + incarnation + ">" + to + "#" + lastSent;
    Sent message = new Sent(lastSent, to, payload);
    unresolved.put(lastSent, message);
    if (welcomed) {
      put(message);
    }
  }

  private void put(Sent message) {
    String ack = owed > 0 && random.nextBoolean() ? ",\"ack\":" + takeOwed() : "";
    String frame =
        "{\"type\":\"message\",\"to\":\"%s\",\"seq\":%d%s,\"data\":\"%s\"}"
            .formatted(message.to(), message.seq(), ack, message.payload());
    FrameSchema.OF_CLIENT.check(frame);
    toSend.add(frame);
    oldFrames.add(frame);
  }

  private long takeOwed() {
    owed = 0;
    return had;
  }

  void acknowledge() {
    if (welcomed && owed > 0) {
      toSend.add("{\"type\":\"ack\",\"seq\":%d}".formatted(takeOwed()));
    }
  }

  /** Sends a frame again that it has sent before, as an over-eager client might. */
  void repeat() {
    if (welcomed && !oldFrames.isEmpty()) {
      toSend.add(oldFrames.get(random.nextInt(oldFrames.size())));
    }
  }

  void say(String frame) {
    if (welcomed) {
      toSend.add(frame);
    }
  }

  /** The next frame that leaves, if any. */
  Optional<String> next() {
    return Optional.ofNullable(toSend.poll());
  }

  void receive(String text) {
    JsonNode frame = TestLink.parse(text);
    switch (frame.path("type").asText()) {
      case "welcome" -> welcome(frame);
      case "offer", "answer", "candidate", "message" -> {
        if (isNext(frame.path("seq").asLong())) {
          got.add(frame.path("data").asText());
          dealtWith.add(frame.path("data").asText());
        }
      }
      case "failed" -> {
        if (isNext(frame.path("ack").asLong())) {
          failed(frame.path("seq").asLong(), frame.path("code").asText());
        }
      }
      case "delivered" -> deliveredUpTo(frame.path("to").asText(), frame.path("seq").asLong());
      case "error" -> throw new AssertionError(peer + " got " + text);
      default -> {}
    }
  }

  private void welcome(JsonNode frame) {
    resumption = Optional.of(new Resumption(frame.path("resume").asText(), had));
    if (!frame.path("resumed").asBoolean()) {
      incarnation++;
      had = 0;
      owed = 0;
      lastSent = 0;
      unresolved.clear();
      oldFrames.clear();
    } else if (!resuming) {
      throw new AssertionError(peer + " did not ask to resume");
    }
    welcomed = true;
    long taken = frame.path("received").asLong();
    if (taken > lastSent) {
      throw new AssertionError(peer + " never sent " + taken);
    }
    unresolved.values().stream().filter(message -> message.seq() > taken).forEach(this::put);
  }

  private boolean isNext(long number) {
    if (number <= had) {
      return false;
    }
    if (number != had + 1) {
      throw new AssertionError(peer + " misses " + (had + 1) + ", got " + number);
    }
    had = number;
    owed++;
    return true;
  }

  private void failed(long seq, String code) {
    Sent message = unresolved.remove(seq);
    if (message != null) {
      failed.put(message.payload(), code);
    }
  }

  private void deliveredUpTo(String to, long seq) {
    unresolved
        .values()
        .removeIf(message -> {
          boolean done = message.to().equals(to) && message.seq() <= seq;
          if (done) {
            delivered.add(message.payload());
          }
          return done;
        });
  }
}
