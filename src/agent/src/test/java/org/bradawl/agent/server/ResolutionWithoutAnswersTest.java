package org.bradawl.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.bradawl.agent.server.LoopbackNameServer.Mood;
import org.junit.jupiter.api.Test;

/** What becomes of a URI when a real name server cuts answers short, is silent, or fails. */
class ResolutionWithoutAnswersTest {

  /** Long for loopback; what is not answered by then is not answered at all. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private static final String ZONE =
      """
      relay.example.     NAPTR 100 10 "S" "RELAY:turn.udp" "" _turn._udp.relay.example.
      relay.example.     NAPTR 200 10 "A" "RELAY:turn.udp" "" b.example.
      relay.example.     A 192.0.2.7
      _turn._udp.relay.example. SRV 1 0 3478 a.example.
      _stun._udp.relay.example. SRV 1 0 3479 a.example.
      a.example.         A 192.0.2.1
      b.example.         A 192.0.2.2
      """;

  private static String all(List<ServerEndpoint> found) {
    return String.join(", ", found.stream().map(each -> each.address().toString()).toList());
  }

  /** Asks for the endpoints and tells the questions that it took after them. */
  private static String resolve(String uri, Function<String, Mood> mood) throws IOException {
    try (LoopbackNameServer server = new LoopbackNameServer(ZONE, mood)) {
      Resolution resolution = new Resolution(NameServer.at(server.address(), PATIENCE));
      return all(resolution.resolve(IceUri.parse(uri)))
          + " after "
          + String.join(", ", server.questions());
    }
  }

  private static Mood unless(boolean good, Mood bad) {
    return good ? Mood.ANSWERS : bad;
  }

  @Test
  void anAnswerThatIsCutShortIsFetchedOverTcp() throws IOException {
    assertThat(resolve("turn:relay.example?transport=udp", _ -> Mood.CUTS_SHORT))
        .startsWith("192.0.2.1:3478, 192.0.2.2:3478 after ")
        .contains("NAPTR relay.example, NAPTR relay.example over TCP, ")
        .contains("A a.example, A a.example over TCP");
  }

  /** As home routers do that know of addresses only. */
  @Test
  void whereOnlyAddressesAreAnsweredTheNameItselfIsTakenAfterOneSilence() throws IOException {
    assertThat(
            resolve(
                "turn:relay.example?transport=udp",
                asked -> unless(asked.startsWith("A"), Mood.SAYS_NOTHING)))
        .isEqualTo("192.0.2.7:3478 after NAPTR relay.example, AAAA relay.example, A relay.example");
  }

  @Test
  void theRuleThatFailsIsPassedOver() throws IOException {
    for (Mood bad : List.of(Mood.FAILS, Mood.SAYS_NOTHING)) {
      assertThat(
              resolve(
                  "turn:relay.example?transport=udp",
                  asked -> unless(!asked.startsWith("SRV"), bad)))
          .isEqualTo(
              "192.0.2.2:3478 after NAPTR relay.example, SRV _turn._udp.relay.example,"
                  + " AAAA b.example, A b.example");
    }
  }

  @Test
  void oneFamilyThatFailsDoesNotHideTheOther() throws IOException {
    assertThat(
            resolve("stun:relay.example", asked -> unless(!asked.startsWith("AAAA"), Mood.FAILS)))
        .startsWith("192.0.2.1:3479 after ");
  }

  @Test
  void aSilentNameServerIsNamedAndNotWaitedForLong() throws IOException {
    try (LoopbackNameServer server = new LoopbackNameServer(ZONE, _ -> Mood.SAYS_NOTHING)) {
      Resolution resolution = new Resolution(NameServer.at(server.address(), PATIENCE));
      assertThatThrownBy(() -> resolution.resolve(IceUri.parse("turn:relay.example")))
          .isInstanceOf(Unresolved.class)
          .hasMessageContaining("127.0.0.1:" + server.address().getPort())
          .hasMessageContaining("does not answer, after at most 300 ms, when asked for")
          .hasMessageContaining("relay.example");
      // So it is three times the patience, whatever else might have been asked.
      assertThat(server.questions())
          .containsExactly("NAPTR relay.example", "AAAA relay.example", "A relay.example");
    }
  }

  @Test
  void aNameServerThatFailsIsNamedToo() throws IOException {
    try (LoopbackNameServer server = new LoopbackNameServer(ZONE, _ -> Mood.FAILS)) {
      Resolution resolution = new Resolution(NameServer.at(server.address(), PATIENCE));
      assertThatThrownBy(() -> resolution.resolve(IceUri.parse("stun:relay.example")))
          .isInstanceOf(Unresolved.class)
          .hasMessageContaining("has failed (SERVFAIL)");
    }
  }

  /** Rules that fan out: four levels of eight would be thousands of questions. */
  @Test
  void aZoneThatIsWrittenToKeepUsBusyDoesNot() throws IOException {
    StringBuilder zone = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      zone.append(
          "fan.example. NAPTR %d 1 \"\" \"RELAY:turn.udp\" \"\" fan%d.example.\n".formatted(i, i));
      for (int j = 0; j < 8; j++) {
        zone.append(
            "fan%d.example. NAPTR %d 1 \"\" \"RELAY:turn.udp\" \"\" fan%d.example.\n"
                .formatted(i, j, j));
      }
    }
    try (LoopbackNameServer server = new LoopbackNameServer(zone.toString())) {
      Resolution resolution = new Resolution(NameServer.at(server.address(), PATIENCE));
      assertThat(resolution.resolve(IceUri.parse("turn:fan.example"))).isEmpty();
      assertThat(server.questions()).hasSizeLessThanOrEqualTo(64);
    }
  }
}
