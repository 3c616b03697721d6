package org.bradawl.server.traversals.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationTest {

  private static final Instant STARTED = Instant.parse("2026-03-01T12:00:00Z");

  private static final List<AttemptRecord> ATTEMPTS =
      List.of(
          new AttemptRecord(
              0, "host", "10.0.0.2:5000", "10.1.0.2:5000", "failed", 900, "no answer", "", 0),
          new AttemptRecord(1, "srflx", "", "", "not-needed", 0, "", "", 0),
          new AttemptRecord(
              2, "relay", "203.0.113.1:49152", "", "succeeded", 310, "checked.", "", 0));

  @Test
  void aRelayedTraversalBetweenHardNatsIsExplained() {
    TraversalRecord told =
        told(true, "relayed", "udp", "no direct pair answered", "symmetric", "symmetric");

    assertThat(Explanation.of(told, ATTEMPTS))
        .containsExactly(
            "alice reached bob after 312 ms: through the relay, over UDP.",
            "The reason given: no direct pair answered.",
            "3 ways were tried: 1 succeeded, 1 failed, 1 not needed.",
            "alice is behind a symmetric NAT, bob behind a symmetric NAT. Between two such NATs a"
                + " hole can only be guessed, so a relay is the rule.",
            "One router that opens a port is enough: turn on UPnP, NAT-PMP or PCP at either, or"
                + " forward a port; or give both networks IPv6.",
            "Or leave it as it is: the relay works, at the server's cost.");
  }

  @Test
  void aFailureAndWhatIsNotKnownAreSaidAsSuch() {
    TraversalRecord told = told(false, "", "", "", "unknown", "unknown");

    assertThat(Explanation.of(told, List.of()))
        .containsExactly(
            "alice did not get through to bob within 312 ms.",
            "What was tried was not told.",
            "Neither peer has reported its NAT, so nothing can be said about them.",
            "To learn what stands in the way, run 'bradawl check' in the network of alice and in"
                + " that of bob.",
            "Or let them use the relay.");
  }

  @Test
  void oneKnownNatIsNoReasonToSpeakOfTwo() {
    assertThat(Explanation.of(told(true, "punched", "udp", "", "symmetric", "full-cone"), ATTEMPTS))
        .last()
        .isEqualTo("alice is behind a symmetric NAT, bob behind a full-cone NAT.");
    assertThat(Explanation.of(told(true, "relayed", "udp", "", "udp-blocked", "unknown"), ATTEMPTS))
        .contains(
            "alice is behind a network without UDP, bob behind a NAT it has not reported.",
            "Allow UDP out of alice's network.",
            "To learn what stands in the way, run 'bradawl check' in the network of bob.");
    assertThat(
            Explanation.of(
                told(true, "relayed", "udp", "", "full-cone", "restricted-cone"), ATTEMPTS))
        .anyMatch(sentence -> sentence.contains("a firewall that drops UDP"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local",
        "direct",
        "reverse",
        "hairpin",
        "punched",
        "predicted",
        "searched",
        "port-mapped",
        "relayed",
        "new",
        ""
      })
  void everyPathHasWords(String path) {
    assertThat(Explanation.of(told(true, path, "", "", "unknown", "unknown"), List.of()))
        .first()
        .asString()
        .matches("alice reached bob after 312 ms: [a-z].*[a-z\"]\\.");
  }

  @Test
  void attemptsToldInWordsAreGivenBackInWords() {
    List<AttemptRecord> words =
        List.of(new AttemptRecord(0, "", "", "", "", 0, "tried UDP", "", 0));
    TraversalRecord told = told(false, "", "", "", "unknown", "unknown");

    assertThat(Explanation.of(told, words)).contains("One way was tried.");
    assertThat(Explanation.timeline(told, words).get(1).text()).isEqualTo("tried UDP.");
  }

  @Test
  void theTimelineRunsFromTheBeginningToTheEnd() {
    List<TimelineEvent> timeline =
        Explanation.timeline(told(true, "relayed", "udp", "", "unknown", "unknown"), ATTEMPTS);

    assertThat(timeline)
        .first()
        .isEqualTo(new TimelineEvent.Began("alice began to connect to bob."));
    assertThat(timeline.get(3)).isInstanceOf(TimelineEvent.Ended.class);
    assertThat(timeline)
        .extracting(TimelineEvent::atMillis)
        .containsExactly(0L, 0L, 310L, 312L, 900L);
    assertThat(timeline.get(2).text())
        .isEqualTo("relay from 203.0.113.1:49152 to an address not told succeeded: checked.");
    assertThat(timeline.get(1).text()).isEqualTo("srflx not-needed.");
  }

  private static TraversalRecord told(
      boolean connected,
      String path,
      String transport,
      String reason,
      String initiatorNat,
      String responderNat) {
    return new TraversalRecord(
        UUID.fromString("7b1c9a52-6a3c-4a3e-9d7d-1d6c7f0d2a11"),
        "chat",
        "alice",
        "bob",
        STARTED,
        STARTED.plusMillis(312),
        connected,
        path,
        transport,
        "",
        "",
        reason,
        initiatorNat,
        responderNat,
        "{}",
        0,
        "",
        null,
        "");
  }
}
