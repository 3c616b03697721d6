package org.bradawl.traversal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.Report;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.History;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.frame.Ending;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromPeer.Result;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.Standing;
import org.bradawl.traversal.frame.Wishes;
import org.junit.jupiter.api.Test;

class BrokerTest extends BrokerStory {

  @Test
  void aPeerIsToldWhereItIsSeenAndAskedForAReport() {
    introduce("alice", ALICE);
    FromServer.Observed observed = last("alice", FromServer.Observed.class);
    assertThat(observed.udp()).contains(at(ALICE + ":40000"));
    assertThat(observed.network()).isEqualTo("203.0.113.0/24 via 192.168.1.1");
    assertThat(observed.want().why()).contains(FromServer.Reason.NONE);
    assertThat(lookups).containsExactly("alice in 203.0.113.0/24 via 192.168.1.1");
  }

  @Test
  void aFreshReportSavesADiscoveryAndAnOldOneDoesNot() {
    introduce("alice", ALICE);
    report("alice", ALICE, report(Behavior.ADDRESS_DEPENDENT, ALICE));
    assertThat(last("alice", FromServer.ReportTaken.class).standing())
        .isEqualTo(Standing.CONFIRMED);
    Profile kept = profiles.getLast();
    broker.gone("alice", "alice's session", now);
    pass(Duration.ofHours(3));
    come("alice", ALICE);
    see("alice", ALICE + ":40000");
    assertThat(all("alice", FromServer.Observed.class).getLast().udp())
        .as("nothing more is said before the record has answered")
        .isEmpty();
    answerLookUp("alice", Optional.of(kept));
    assertThat(last("alice", FromServer.Observed.class).want().why()).isEmpty();
    pass(Duration.ofHours(22));
    assertThat(last("alice", FromServer.Observed.class).want().why())
        .contains(FromServer.Reason.OLD);
  }

  @Test
  void anotherPublicAddressIsAnotherNetwork() {
    introduce("alice", ALICE);
    report("alice", ALICE, report(Behavior.ADDRESS_DEPENDENT, ALICE));
    see("alice", "192.0.2.77:1234");
    answerLookUp("alice", Optional.empty());
    FromServer.Observed observed = last("alice", FromServer.Observed.class);
    assertThat(observed.want().why()).contains(FromServer.Reason.NETWORK_CHANGED);
    assertThat(observed.network()).startsWith("192.0.2.0/24");
  }

  @Test
  void aLieIsMarkedAndNothingIsPlannedOnIt() {
    bothStrict();
    report("alice", ALICE, report(Behavior.NONE, Behavior.NONE, BOB));
    FromServer.ReportTaken taken = last("alice", FromServer.ReportTaken.class);
    assertThat(taken.standing()).isEqualTo(Standing.DOUBTED);
    assertThat(taken.doubts()).hasSize(2);
    accepted();
    FromServer.Planned plan = last("bob", FromServer.Planned.class);
    assertThat(plan.plan().steps()).noneMatch(step -> step.method() == Method.DIRECT);
    assertThat(plan.peer().nat()).contains("not known");
  }

  @Test
  void aPlanStartsAtOnceOnBothSidesWithWhatIsKnown() {
    bothStrict();
    echo("alice", ALICE, 20);
    echo("bob", BOB, 80);
    accepted();
    FromServer.Planned alices = last("alice", FromServer.Planned.class);
    FromServer.Planned bobs = last("bob", FromServer.Planned.class);
    assertThat(alices.startAfter().minus(bobs.startAfter())).isEqualTo(Duration.ofMillis(30));
    assertThat(alices.side()).isEqualTo(Side.INITIATOR);
    assertThat(alices.data()).contains("b");
    assertThat(bobs.data()).contains(Map.of("f", "3A"));
    assertThat(alices.peer().hosts()).as("private addresses stay at home").isEmpty();
    FromServer.Go go = last("alice", FromServer.Go.class);
    assertThat(go.preparation().endpoints()).containsExactly(at(BOB + ":40000"));
    assertThat(go.after()).isEqualTo(Duration.ofMillis(30));
  }

  private void echo(String peer, String address, int millis) {
    long probe = last(peer, FromServer.Probe.class).probe();
    now += Duration.ofMillis(millis).toNanos();
    send(peer, address, new FromPeer.Echo(probe));
    now -= Duration.ofMillis(millis).toNanos();
  }

  @Test
  void whatBothSayIsTheEndAndALesson() {
    bothStrict();
    String id = accepted();
    pass(Duration.ofMillis(100));
    bothDone(id, Result.CONNECTED, 0);
    FromServer.Ended ended = last("bob", FromServer.Ended.class);
    assertThat(ended.ending()).isEqualTo(Ending.CONNECTED);
    assertThat(ended.path()).contains(Method.PUNCH);
    assertThat(ended.explanation().getFirst()).contains("connected by hole punching after 90 ms");
    MeetingRecord record = records.getLast();
    assertThat(record.tried().getFirst().outcome()).isEqualTo(FromPeer.StepOutcome.SUCCEEDED);
    assertThat(record.lessons()).hasSize(1);
    history = history.with(record.lessons());
    History.Kind kind = record.initiatorKind();
    assertThat(history.at(calendar).chance(kind, kind, Method.PUNCH, Transport.UDP))
        .isGreaterThan(0.6);
  }

  @Test
  void oneLiarTeachesNothing() {
    bothStrict();
    String id = accepted();
    send("alice", ALICE, done(id, Result.CONNECTED, 0));
    send("bob", BOB, done(id, Result.FAILED, 0));
    assertThat(last("alice", FromServer.Ended.class).ending()).isEqualTo(Ending.DISAGREED);
    assertThat(records.getLast().lessons()).isEmpty();
  }

  @Test
  void oneSidesWordCountsIfTheOtherIsSilentButTeachesNothing() {
    bothStrict();
    String id = accepted();
    send("alice", ALICE, done(id, Result.CONNECTED, 0));
    pass(Duration.ofSeconds(6));
    assertThat(last("alice", FromServer.Ended.class).ending()).isEqualTo(Ending.CONNECTED);
    assertThat(records.getLast().lessons()).isEmpty();
  }

  @Test
  void aRetryGoesAnotherWay() {
    bothStrict();
    String id = accepted();
    FromServer.Planned first = last("alice", FromServer.Planned.class);
    bothDone(id, Result.FAILED, 0);
    accepted();
    FromServer.Planned second = last("alice", FromServer.Planned.class);
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.plan()).isNotEqualTo(first.plan());
    bothDone(second.traversal(), Result.CONNECTED, 0);
    accepted();
    assertThat(last("alice", FromServer.Planned.class).attempt()).isZero();
  }

  @Test
  void preparationsAreBroughtAcrossWithoutWhatPointsElsewhere() {
    bothStrict();
    Report changing =
        report(Behavior.ADDRESS_AND_PORT_DEPENDENT, Behavior.ADDRESS_AND_PORT_DEPENDENT, BOB);
    report("bob", BOB, changing);
    String id = accepted();
    int search = step(Method.SEARCH);
    int relay = step(Method.RELAY);
    ready("alice", ALICE, id, search, List.of(at(ALICE + ":40000"), at("192.0.2.99:53")), null);
    ready("bob", BOB, id, search, List.of(), new Preparation.Range(at("192.0.2.99:1024"), 64512));
    assertThat(last("bob", FromServer.Go.class).preparation().endpoints())
        .containsExactly(at(ALICE + ":40000"));
    assertThat(last("alice", FromServer.Go.class).preparation().range()).isEmpty();
    ready("alice", ALICE, id, relay, List.of(RELAYED, at("192.0.2.99:53")), null);
    ready("bob", BOB, id, relay, List.of(RELAYED), null);
    assertThat(last("bob", FromServer.Go.class).preparation().endpoints()).containsExactly(RELAYED);
    ready("bob", BOB, id, 63, List.of(RELAYED), null);
  }

  private int step(Method method) {
    return last("alice", FromServer.Planned.class).plan().steps().stream()
        .filter(step -> step.method() == method)
        .findFirst()
        .orElseThrow()
        .number();
  }

  private void ready(
      String peer,
      String address,
      String id,
      int step,
      List<TransportAddress> endpoints,
      Preparation.@org.jspecify.annotations.Nullable Range range) {
    send(
        peer,
        address,
        new FromPeer.Ready(id, new Preparation(step, endpoints, Optional.ofNullable(range))));
  }

  @Test
  void oneSearchAtATimeBehindOneAddress() {
    bothStrict();
    introduce("carol", BOB);
    Report changing =
        report(Behavior.ADDRESS_AND_PORT_DEPENDENT, Behavior.ADDRESS_AND_PORT_DEPENDENT, BOB);
    report("bob", BOB, changing);
    report("carol", BOB, changing);
    accepted();
    step(Method.SEARCH);
    send(
        "alice",
        ALICE,
        new FromPeer.Connect(Optional.empty(), "carol", Wishes.none(), ICE, Optional.empty()));
    String second = last("carol", FromServer.Invited.class).traversal();
    send("carol", BOB, new FromPeer.Accept(second, Wishes.none(), ICE, Optional.empty()));
    FromServer.Planned plan = last("carol", FromServer.Planned.class);
    assertThat(plan.plan().steps()).noneMatch(step -> step.method() == Method.SEARCH);
    assertThat(plan.plan().refusals())
        .anyMatch(refusal -> refusal.reason().contains("another search"));
  }

  @Test
  void aPeerThatLeavesEndsItForTheOther() {
    bothStrict();
    accepted();
    broker.gone("bob", "another session", now);
    assertThat(all("alice", FromServer.Ended.class)).isEmpty();
    broker.gone("bob", "bob's session", now);
    assertThat(last("alice", FromServer.Ended.class).ending()).isEqualTo(Ending.PEER_GONE);
    assertThat(records).hasSize(1);
  }

  @Test
  void aPeerThatComesBackIsToldAgain() {
    bothStrict();
    String id = accepted();
    pass(Duration.ofMillis(300));
    inboxes.clear();
    broker.connected(arrival("bob", BOB), now);
    assertThat(last("bob", FromServer.Planned.class).elapsed()).isEqualTo(Duration.ofMillis(300));
    assertThat(last("bob", FromServer.Go.class).after()).isZero();
    bothDone(id, Result.CONNECTED, 0);
    inboxes.clear();
    broker.connected(arrival("bob", BOB), now);
    assertThat(last("bob", FromServer.Ended.class).ending()).isEqualTo(Ending.CONNECTED);
    bothDone(id, Result.FAILED, 0);
    assertThat(records).hasSize(1);
  }

  @Test
  void nobodyAnswers() {
    bothStrict();
    connect();
    pass(Duration.ofSeconds(11));
    assertThat(last("alice", FromServer.Ended.class).ending()).isEqualTo(Ending.UNANSWERED);
    String id = accepted();
    pass(Duration.ofMinutes(1));
    assertThat(last("bob", FromServer.Ended.class).ending()).isEqualTo(Ending.OVERDUE);
    assertThat(broker.running()).isZero();
    pass(Duration.ofMinutes(3));
    assertThat(broker.received(arrival("bob", BOB), new FromPeer.Cancel(id, ""), now))
        .isEqualTo(Broker.Reception.UNKNOWN_TRAVERSAL);
  }

  @Test
  void strangersHaveNoSay() {
    bothStrict();
    introduce("mallory", "192.0.2.66");
    String id = accepted();
    assertThat(broker.received(arrival("mallory", "192.0.2.66"), new FromPeer.Cancel(id, ""), now))
        .isEqualTo(Broker.Reception.UNKNOWN_TRAVERSAL);
    assertThat(broker.received(arrival("eve", "192.0.2.66"), new FromPeer.Echo(1), now))
        .isEqualTo(Broker.Reception.NOT_INTRODUCED);
  }

  @Test
  void connectsAreRefusedWithTheReason() {
    bothStrict();
    accepted();
    connect();
    assertThat(last("alice", FromServer.ConnectRefused.class).code())
        .isEqualTo(FromServer.RefusalCode.TOO_MANY_TRAVERSALS);
    for (int i = 0; i < 12; i++) {
      send(
          "alice",
          ALICE,
          new FromPeer.Connect(Optional.empty(), "nobody", Wishes.none(), ICE, Optional.empty()));
    }
    assertThat(all("alice", FromServer.ConnectRefused.class))
        .extracting(FromServer.ConnectRefused::code)
        .contains(FromServer.RefusalCode.PEER_UNAVAILABLE, FromServer.RefusalCode.RATE_LIMITED);
  }

  @Test
  void aRefusalHasItsReason() {
    bothStrict();
    connect();
    String id = last("bob", FromServer.Invited.class).traversal();
    send("bob", BOB, new FromPeer.Refuse(id, "not on Sundays"));
    assertThat(last("alice", FromServer.Ended.class).explanation())
        .containsExactly("bob did not want to be connected to alice: not on Sundays.");
  }

  @Test
  void aProxyInBetweenIsNotThePeersAddress() {
    introduce("alice", "127.0.0.1");
    see("alice", ALICE + ":40000");
    answerLookUp("alice", Optional.empty());
    see("alice", ALICE + ":40000");
    assertThat(last("alice", FromServer.Observed.class).addresses())
        .containsExactly(IpAddress.parse(ALICE));
  }
}
