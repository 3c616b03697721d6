package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A peer that says what no honest one would, over a bare socket: to the server, and to another
 * scripted peer through it.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class HostilePeersTest {

  /** Somebody who has nothing to do with it. */
  private static final String BYSTANDER = "127.0.0.9";

  private static final FrameSchema SCHEMA = FrameSchema.ofRunningServer();

  private final NativePeer mallory = enter("mallory");

  private static NativePeer enter(String who) {
    return NativePeer.enter(
        who + "-" + UUID.randomUUID().toString().substring(0, 8), SCHEMA::check);
  }

  @BeforeEach
  void introduce() {
    mallory.introduce("192.168.1.1");
  }

  @AfterEach
  void leave() {
    mallory.close();
  }

  /** Claims the bystander's endpoint wherever a frame has room for one. */
  private void claimTheCanary() {
    mallory.say(
        "{\"type\":\"host\",\"hosts\":[\"%1$s\"],\"gateway\":\"192.168.1.1\",\"portMapped\":\"%1$s\"}"
            .formatted(BYSTANDER + ":53"));
    mallory.hear("observed");
    JsonNode taken = mallory.report("none", "none", BYSTANDER + ":53");
    assertThat(taken.path("standing").asText()).isEqualTo("doubted");
  }

  private void readyWithTheCanary(String traversal, JsonNode plan) {
    for (JsonNode step : plan.path("steps")) {
      mallory.say(
          """
          {"type":"ready","traversal":"%s","step":%d,"endpoints":["%s"],\
          "range":{"lowest":"%s:1","size":65535}}\
          """
              .formatted(traversal, step.path("number").asInt(), BYSTANDER + ":53", BYSTANDER));
    }
  }

  @Test
  void noFrameTakesAnAddressAcrossThatThePeerWasNotSeenAt() {
    claimTheCanary();
    try (NativePeer bob = enter("bob")) {
      bob.introduce("192.168.2.1");
      mallory.connect(bob.name());
      JsonNode invited = bob.hear("invited");
      String id = invited.path("traversal").asText();
      bob.accept(id);
      JsonNode plan = bob.hear("plan");
      assertThat(plan.toString()).doesNotContain(BYSTANDER);
      readyWithTheCanary(id, mallory.hear("plan"));
      for (JsonNode step : plan.path("steps")) {
        bob.say(
            "{\"type\":\"ready\",\"traversal\":\"%s\",\"step\":%d,\"endpoints\":[\"%s\"]}"
                .formatted(id, step.path("number").asInt(), bob.endpoint()));
      }
      mallory.say("{\"type\":\"cancel\",\"traversal\":\"%s\",\"why\":\"enough\"}".formatted(id));
      JsonNode frame = bob.hear("go");
      int goes = 0;
      while (!frame.path("type").asText().equals("ended")) {
        assertThat(frame.toString()).doesNotContain(BYSTANDER);
        goes++;
        frame = bob.hearAny();
      }
      assertThat(goes).isPositive();
    }
  }

  @Test
  void aFloodOfConnectsReachesNobodyAndHindersNobody() {
    try (NativePeer bob = enter("bob");
        NativePeer carol = enter("carol");
        NativePeer dave = enter("dave")) {
      for (NativePeer peer : List.of(bob, carol, dave)) {
        peer.introduce("192.168.2.1");
      }
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        mallory.connect(bob.name());
        JsonNode answer = mallory.hearAny();
        while (!answer.path("type").asText().startsWith("connect")) {
          answer = mallory.hearAny();
        }
        answers.add(answer.path("code").asText("connecting"));
      }
      assertThat(answers).filteredOn("connecting"::equals).hasSize(1);
      assertThat(answers).filteredOn("rate-limited"::equals).hasSizeGreaterThan(40);
      bob.hear("invited");
      carol.connect(dave.name());
      assertThat(dave.hear("invited").path("peer").asText()).isEqualTo(carol.name());
      bob.say("{\"type\":\"ping\",\"id\":\"p\"}");
      JsonNode next = bob.hearAny();
      while (!next.path("type").asText().equals("pong")) {
        assertThat(next.path("type").asText()).isNotEqualTo("invited");
        next = bob.hearAny();
      }
    }
  }
}
