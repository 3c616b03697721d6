package org.bradawl.traversal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.Report;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.FromServer.Reason;
import org.bradawl.traversal.frame.Standing;
import org.junit.jupiter.api.Test;

/** One examination of a NAT is enough for all behind it, as long as the server's own eyes agree. */
class NeighboursTest extends BrokerStory {

  private static final Report STRICT = report(Behavior.ADDRESS_AND_PORT_DEPENDENT, ALICE);

  private FromServer.Want wantOf(String peer) {
    return last(peer, FromServer.Observed.class).want();
  }

  private void aliceHasExamined() {
    introduce("alice", ALICE);
    report("alice", ALICE, STRICT);
  }

  @Test
  void aNeighbourNeedsNoExaminationOfItsOwn() {
    aliceHasExamined();
    introduce("carol", ALICE);
    assertThat(wantOf("carol").why()).isEmpty();
    assertThat(wantOf("carol").found()).contains(STRICT);
    assertThat(profiles).as("a loan is not carol's to keep").hasSize(1);
  }

  @Test
  void theRecordKnowsNeighboursWhoHaveLeft() {
    aliceHasExamined();
    Profile kept = profiles.getLast();
    broker.gone("alice", "alice's session", now);
    come("carol", ALICE);
    answerLookUp("carol", Optional.empty(), kept);
    see("carol", ALICE + ":40000");
    assertThat(wantOf("carol").why()).isEmpty();
    assertThat(wantOf("carol").found()).contains(STRICT);
  }

  @Test
  void beforeTheServerHasSeenItNothingIsLent() {
    aliceHasExamined();
    come("carol", ALICE);
    answerLookUp("carol", Optional.empty());
    assertThat(wantOf("carol").found()).isEmpty();
  }

  @Test
  void anotherAddressOfTheSamePrefixIsAnotherNat() {
    aliceHasExamined();
    introduce("carol", "203.0.113.6");
    assertThat(wantOf("carol").why()).contains(Reason.NONE);
    assertThat(wantOf("carol").found()).isEmpty();
  }

  @Test
  void anotherGatewayIsAnotherNetwork() {
    aliceHasExamined();
    introduce("carol", ALICE, "10.0.0.2:40000", "10.0.0.1");
    assertThat(wantOf("carol").why()).contains(Reason.NONE);
  }

  @Test
  void whoHasThePublicAddressItselfIsNotBehindTheNat() {
    aliceHasExamined();
    introduce("carol", ALICE, ALICE + ":40000", "192.168.1.1");
    assertThat(wantOf("carol").why()).contains(Reason.NONE);
  }

  @Test
  void aDoubtedReportIsLentToNobody() {
    introduce("alice", ALICE);
    report("alice", ALICE, report(Behavior.NONE, Behavior.NONE, ALICE));
    assertThat(last("alice", FromServer.ReportTaken.class).standing()).isEqualTo(Standing.DOUBTED);
    introduce("carol", ALICE);
    assertThat(wantOf("carol").why()).contains(Reason.NONE);
  }

  @Test
  void aLoanIsNotLentOn() {
    aliceHasExamined();
    introduce("carol", ALICE);
    broker.gone("alice", "alice's session", now);
    introduce("dave", ALICE);
    assertThat(wantOf("dave").why()).contains(Reason.NONE);
  }

  @Test
  void itGrowsOldAsIfItWereItsOwn() {
    aliceHasExamined();
    introduce("carol", ALICE);
    pass(Duration.ofHours(25));
    assertThat(wantOf("carol").why()).contains(Reason.OLD);
  }

  @Test
  void aNetworkThatChangesEndsTheLoan() {
    aliceHasExamined();
    introduce("carol", ALICE);
    see("carol", "192.0.2.77:1234");
    answerLookUp("carol", Optional.empty());
    assertThat(wantOf("carol").why()).contains(Reason.NETWORK_CHANGED);
    assertThat(wantOf("carol").found()).isEmpty();
  }

  @Test
  void whoHasMovedLendsToNeighboursItHasNow() {
    aliceHasExamined();
    see("alice", "192.0.2.77:1234");
    answerLookUp("alice", Optional.empty());
    report("alice", "192.0.2.77", report(Behavior.ADDRESS_AND_PORT_DEPENDENT, "192.0.2.77"));
    introduce("carol", ALICE);
    assertThat(wantOf("carol").why()).as("alice has left").contains(Reason.NONE);
    introduce("dave", "192.0.2.77");
    assertThat(wantOf("dave").why()).as("alice is here").isEmpty();
  }

  @Test
  void aPlanInVainMakesThePeerLookForItself() {
    introduce("carol", ALICE);
    report("carol", ALICE, STRICT);
    introduce("alice", ALICE);
    introduce("bob", BOB);
    report("bob", BOB, report(Behavior.ADDRESS_AND_PORT_DEPENDENT, BOB));
    assertThat(wantOf("alice").why()).isEmpty();
    int toldCarol = all("carol", FromServer.Observed.class).size();
    bothDone(accepted(), FromPeer.Result.FAILED, 0);
    assertThat(wantOf("alice").why()).contains(Reason.DOUBTED);
    assertThat(all("carol", FromServer.Observed.class)).as("hers is hers").hasSize(toldCarol);
    see("alice", ALICE + ":40001");
    assertThat(wantOf("alice").why()).as("nothing is lent to her again").contains(Reason.DOUBTED);
  }

  @Test
  void aRecordThatDoesNotAnswerIsNotWaitedFor() {
    come("alice", ALICE);
    see("alice", ALICE + ":40000");
    assertThat(last("alice", FromServer.Observed.class).udp()).isEmpty();
    pass(Duration.ofSeconds(2));
    assertThat(last("alice", FromServer.Observed.class).udp()).contains(at(ALICE + ":40000"));
    assertThat(wantOf("alice").why()).contains(Reason.NONE);
  }
}
