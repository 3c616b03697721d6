package org.bradawl.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What the tests of the exchange begin with: two clients without connections, and a clock. */
abstract class ExchangeStory {

  static final Limits LIMITS =
      new Limits(
          4_096,
          10,
          50,
          2,
          3,
          2,
          4,
          8_192,
          20_000,
          8,
          6,
          Duration.ofSeconds(25),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(2));

  static final IceServers ICE = new IceServers("[{\"urls\":[\"stun:192.0.2.1:3478\"]}]", 3_600);

  final List<String> heard = new ArrayList<>();
  final List<String> lost = new ArrayList<>();
  long now = -5_000_000_000L;

  private final SessionListener listener =
      new SessionListener() {
        @Override
        public void started(String peer, String session) {
          heard.add(peer + " started");
        }

        @Override
        public void lost(String peer, String session) {
          lost.add(peer);
        }

        @Override
        public void ended(String peer, String session, String reason) {
          heard.add(peer + " ended " + reason);
        }
      };

  final Exchange exchange =
      new Exchange(LIMITS, new Random(1), () -> Instant.parse("2026-01-01T00:00:00Z"), listener);

  /** A client's end: its link, its place, and the last resume secret. */
  final class Client {
    private final String peer;
    TestLink link = new TestLink();
    Optional<Attachment> place = Optional.empty();
    String secret = "";
    private long seq;

    Client(String peer) {
      this.peer = peer;
    }

    JsonNode connect() {
      return connect(Optional.empty());
    }

    JsonNode resume(long received) {
      return connect(Optional.of(new Resumption(secret, received)));
    }

    private JsonNode connect(Optional<Resumption> resumption) {
      link = new TestLink();
      place = exchange.connect(link, peer, resumption, ICE, now);
      JsonNode first = TestLink.parse(link.take().getFirst());
      secret = first.path("resume").asText();
      return first;
    }

    /** As {@link #connect}, keeping what came after the welcome. */
    List<String> resumeAndTake(long received) {
      link = new TestLink();
      place = exchange.connect(link, peer, Optional.of(new Resumption(secret, received)), ICE, now);
      List<String> frames = link.take();
      secret = TestLink.parse(frames.getFirst()).path("resume").asText();
      return frames.subList(1, frames.size());
    }

    Followup says(String frame) {
      return exchange.receive(place.orElseThrow(), FrameScanner.scan(frame), now);
    }

    void offers(String to) {
      seq++;
      says(
          "{\"type\":\"offer\",\"to\":\"%s\",\"seq\":%d,\"data\":{\"n\":%d}}"
              .formatted(to, seq, seq));
    }

    void acknowledges(long upTo) {
      says("{\"type\":\"ack\",\"seq\":%d}".formatted(upTo));
    }

    void losesConnection() {
      exchange.lost(place.orElseThrow(), now);
    }

    String code() {
      return link.takeOne().path("code").asText();
    }
  }

  final Client alice = new Client("alice");
  final Client bob = new Client("bob");

  void pass(Duration time) {
    long end = now + time.toNanos();
    while (now - end < 0) {
      now += Math.min(end - now, 1_000_000_000L);
      exchange.advance(now);
    }
  }
}
