package org.bradawl.server.traversals.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bradawl.traversal.History;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Transport;
import org.junit.jupiter.api.Test;

class LessonsTest {

  private static final String STRICT = "endpoint-independent/address-and-port-dependent/preserving";
  private static final String RANDOM =
      "address-and-port-dependent/address-and-port-dependent/random";
  private static final int TODAY = 20_454;
  private static final Instant NOW = Instant.EPOCH.plus(Duration.ofDays(TODAY));

  private static Lesson lesson(String outcome, int day, long count) {
    return new Lesson(STRICT, RANDOM, "searched", "udp", outcome, day, count);
  }

  private static double chance(History history) {
    return history.chance(
        History.Kind.of(RANDOM), History.Kind.of(STRICT), Method.SEARCH, Transport.UDP);
  }

  @Test
  void whatTheRecordSumsUpIsTheHistory() {
    List<Lesson> kept = List.of(lesson("succeeded", TODAY, 1), lesson("failed", TODAY, 7));
    assertThat(chance(new History(Lessons.attempts(kept), NOW))).isEqualTo(2.0 / 10);
  }

  @Test
  void oldLessonsWeighLessThanNewOnesInWhateverOrderTheyCome() {
    Lesson old = lesson("succeeded", TODAY - 90, 8);
    Lesson fresh = lesson("failed", TODAY, 2);
    double oneWay = chance(new History(Lessons.attempts(List.of(old, fresh)), NOW));
    double other = chance(new History(Lessons.attempts(List.of(fresh, old)), NOW));
    // Three half-lives make one of eight.
    assertThat(oneWay).isCloseTo(2.0 / 5, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(other).isCloseTo(oneWay, org.assertj.core.data.Offset.offset(1e-9));
  }

  @Test
  void wordsOfAnotherVersionArePassedOver() {
    Lesson strange = new Lesson(STRICT, RANDOM, "teleported", "udp", "succeeded", TODAY, 1);
    assertThat(Lessons.attempts(List.of(strange))).isEmpty();
    assertThat(History.Kind.of("").mapping()).isEqualTo("unknown");
  }
}
