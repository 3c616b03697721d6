package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Native peers and the server's plan for them, from the outside: two scripted peers with sockets,
 * every frame held against the published schema, and what REST then has to tell.
 */
class TraversalTest {

  private static final FrameSchema SCHEMA = FrameSchema.ofRunningServer();
  private static final String STRICT = "address-and-port-dependent";
  private static final String INDEPENDENT = "endpoint-independent";

  private NativePeer alice = enter("alice");
  private NativePeer bob = enter("bob");

  private static NativePeer enter(String who) {
    return NativePeer.enter(
        who + "-" + UUID.randomUUID().toString().substring(0, 8), SCHEMA::check);
  }

  @BeforeEach
  void introduce() {
    alice.introduce("192.168.1.1");
    bob.introduce("192.168.2.1");
  }

  @AfterEach
  void leave() {
    alice.close();
    bob.close();
  }

  private String planned() {
    alice.connect(bob.name());
    JsonNode invited = bob.hear("invited");
    assertThat(invited.path("peer").asText()).isEqualTo(alice.name());
    assertThat(invited.path("data").path("from").asText()).isEqualTo(alice.name());
    assertThat(alice.hear("connecting").path("id").asText()).isEqualTo("c");
    bob.accept(invited.path("traversal").asText());
    return invited.path("traversal").asText();
  }

  private static int step(JsonNode plan, String method) {
    for (JsonNode step : plan.path("steps")) {
      if (step.path("method").asText().equals(method)
          && step.path("transport").asText().equals("udp")) {
        return step.path("number").asInt();
      }
    }
    throw new AssertionError("no " + method + " in " + plan);
  }

  private static JsonNode go(NativePeer peer, int step) {
    JsonNode go = peer.hear("go");
    while (go.path("step").asInt() != step) {
      go = peer.hear("go");
    }
    return go;
  }

  @Test
  void twoPeersGoThroughAWholeTraversalAndItIsKept() {
    assertThat(alice.report(INDEPENDENT, STRICT, alice.endpoint()).path("standing").asText())
        .isEqualTo("confirmed");
    bob.report(INDEPENDENT, STRICT, bob.endpoint());
    String id = planned();
    JsonNode alices = alice.hear("plan");
    JsonNode bobs = bob.hear("plan");
    assertThat(alices.path("side").asText()).isEqualTo("initiator");
    assertThat(bobs.path("side").asText()).isEqualTo("responder");
    assertThat(alices.path("data").path("from").asText()).isEqualTo(bob.name());
    assertThat(alices.path("steps")).isEqualTo(bobs.path("steps"));
    int step = step(alices, "hairpin");
    JsonNode toBob = go(alice, step);
    JsonNode toAlice = go(bob, step);

    alice.send(toBob.path("endpoints").path(0).asText(), "through");
    assertThat(new String(bob.receive(), StandardCharsets.UTF_8)).isEqualTo("through");
    bob.send(toAlice.path("endpoints").path(0).asText(), "back");
    assertThat(new String(alice.receive(), StandardCharsets.UTF_8)).isEqualTo("back");

    alice.done(id, "connected", step, 42);
    bob.done(id, "connected", step, 40);
    JsonNode ended = bob.hear("ended");
    assertThat(ended).isEqualTo(alice.hear("ended"));
    assertThat(ended.path("result").asText()).isEqualTo("connected");
    assertThat(ended.path("path").asText()).isEqualTo("hairpin");

    JsonNode kept = kept(id);
    assertThat(kept.path("traversal").path("ending").asText()).isEqualTo("connected");
    assertThat(kept.path("traversal").path("millis").asLong()).isEqualTo(42);
    assertThat(kept.path("traversal").path("initiatorNat").asText())
        .isEqualTo("port-restricted-cone");
    assertThat(kept.path("explanation")).isEqualTo(ended.path("explanation"));
    assertThat(kept.path("timeline").findValuesAsText("outcome")).contains("succeeded");
    assertThat(profile(alice).path("standing").asText()).isEqualTo("confirmed");
    assertThat(profile(alice).path("network").asText()).isEqualTo("127.0.0.0/24 via 192.168.1.1");
    assertThat(Api.admin().get("/api/v1/statistics/nat-pairs").text())
        .contains("port-restricted-cone")
        .contains("hairpin");
  }

  private static JsonNode kept(String id) {
    return Eventually.get(
        Api.admin(), "/api/v1/traversals/" + id, answer -> answer.has("traversal"));
  }

  private static JsonNode profile(NativePeer peer) {
    return Eventually.get(
            Api.admin(),
            "/api/v1/nat-profiles?peer=" + peer.name(),
            answer -> !answer.path("items").isEmpty())
        .path("items")
        .path(0);
  }

  @Test
  void aConnectionThatBreaksMidwayIsNotTheEnd() {
    String id = planned();
    bob.hear("plan");
    bob.loseConnectionAndReturn(SCHEMA::check);
    JsonNode again = bob.hear("plan");
    assertThat(again.path("traversal").asText()).isEqualTo(id);
    assertThat(again.path("elapsedMillis").asLong()).isPositive();
    bob.hear("go");
    alice.done(id, "failed", 0, 100);
    bob.done(id, "failed", 0, 100);
    assertThat(alice.hear("ended").path("result").asText()).isEqualTo("failed");
    assertThat(kept(id).path("traversal").path("connected").asBoolean()).isFalse();
  }

  @Test
  void aPeerThatLeavesEndsIt() {
    String id = planned();
    alice.hear("plan");
    bob.leave();
    JsonNode ended = alice.hear("ended");
    assertThat(ended.path("result").asText()).isEqualTo("peer-gone");
    assertThat(kept(id).path("explanation").path(0).asText()).contains(bob.name() + " left");
    alice.connect(bob.name());
    assertThat(alice.hear("connect-refused").path("code").asText()).isEqualTo("peer-unavailable");
  }

  @Test
  void aLieIsMarkedAndChangesNothingForTheOther() {
    JsonNode taken = alice.report("none", "none", "192.0.2.66:40000");
    assertThat(taken.path("standing").asText()).isEqualTo("doubted");
    assertThat(profile(alice).path("doubts")).isNotEmpty();
    String id = planned();
    JsonNode plan = bob.hear("plan");
    assertThat(plan.path("peer").path("addresses")).hasSize(1);
    assertThat(plan.toString()).doesNotContain("192.0.2.66");
    int relayed = step(plan, "relayed");
    alice.say(
        """
        {"type":"ready","traversal":"%s","step":%d,"endpoints":["192.0.2.66:53"]}\
        """
            .formatted(id, relayed));
    bob.say(
        """
        {"type":"ready","traversal":"%s","step":%d,"endpoints":[]}\
        """
            .formatted(id, relayed));
    assertThat(go(bob, relayed).path("endpoints")).isEmpty();
    alice.say("{\"type\":\"cancel\",\"traversal\":\"%s\",\"why\":\"enough\"}".formatted(id));
    assertThat(bob.hear("ended").path("explanation").path(0).asText()).contains("enough");
  }

  @Test
  void whatIsNotUnderstoodIsAnsweredWithAnError() {
    alice.say("{\"type\":\"connect\",\"peer\":\"x\",\"id\":\"1\"}");
    assertThat(alice.hear("error").path("code").asText()).isEqualTo("bad-member");
    alice.say(
        "{\"type\":\"cancel\",\"traversal\":\"%s\",\"id\":\"2\"}".formatted(UUID.randomUUID()));
    assertThat(alice.hear("error").path("code").asText()).isEqualTo("unknown-traversal");
  }
}
