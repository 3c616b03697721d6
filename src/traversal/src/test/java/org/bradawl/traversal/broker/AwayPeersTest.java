package org.bradawl.traversal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.bradawl.traversal.frame.Ending;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.Wishes;
import org.junit.jupiter.api.Test;

/** Peers whose connection is lost, or silent, when somebody wants them. */
class AwayPeersTest extends BrokerStory {

  private void loseBob() {
    broker.lost("bob", "bob's session", now);
  }

  private FromServer.Connecting toAlice() {
    return last("alice", FromServer.Connecting.class);
  }

  @Test
  void whoIsAwayIsSaidToBeAndWaitedForShortly() {
    bothStrict();
    loseBob();
    pass(Duration.ofSeconds(40));
    connect();
    assertThat(toAlice().away()).contains(Duration.ofSeconds(40));
    assertThat(toAlice().patience()).isEqualTo(Duration.ofSeconds(5));
    assertThat(all("bob", FromServer.Invited.class)).isEmpty();
    pass(Duration.ofSeconds(4));
    assertThat(all("alice", FromServer.Ended.class)).isEmpty();
    pass(Duration.ofSeconds(1));
    FromServer.Ended ended = last("alice", FromServer.Ended.class);
    assertThat(ended.ending()).isEqualTo(Ending.UNANSWERED);
    assertThat(ended.explanation().getFirst())
        .isEqualTo("bob was not there to answer alice: nothing has been heard of it for 45 s.");
  }

  @Test
  void whoComesBackInTimeIsReachedAndHasAllItsTimeAgain() {
    bothStrict();
    loseBob();
    connect();
    pass(Duration.ofSeconds(4));
    broker.connected(arrival("bob", BOB), now);
    assertThat(toAlice().away()).isEmpty();
    assertThat(toAlice().patience()).isEqualTo(Duration.ofSeconds(10));
    pass(Duration.ofSeconds(9));
    String id = last("bob", FromServer.Invited.class).traversal();
    send("bob", BOB, new FromPeer.Accept(id, Wishes.none(), ICE, Optional.of("b")));
    assertThat(last("alice", FromServer.Planned.class).traversal()).isEqualTo(id);
  }

  @Test
  void aConnectionThatComesAndGoesIsNoAnswerForEver() {
    bothStrict();
    connect();
    for (int second = 0; second < 30; second++) {
      loseBob();
      pass(Duration.ofSeconds(1));
      broker.connected(arrival("bob", BOB), now);
    }
    assertThat(last("alice", FromServer.Ended.class).ending()).isEqualTo(Ending.UNANSWERED);
  }

  @Test
  void whoIsLostWhileItIsWaitedForShortensTheWait() {
    bothStrict();
    connect();
    assertThat(toAlice().away()).isEmpty();
    pass(Duration.ofSeconds(2));
    loseBob();
    assertThat(toAlice().away()).contains(Duration.ZERO);
    assertThat(toAlice().patience()).isEqualTo(Duration.ofSeconds(5));
    pass(Duration.ofSeconds(5));
    assertThat(last("alice", FromServer.Ended.class).ending()).isEqualTo(Ending.UNANSWERED);
  }

  @Test
  void whoDoesNotEvenEchoIsSaidToBeSilent() {
    bothStrict();
    pass(Duration.ofSeconds(20));
    connect();
    pass(Duration.ofSeconds(2));
    assertThat(all("alice", FromServer.Connecting.class)).hasSize(1);
    pass(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));
    assertThat(all("alice", FromServer.Connecting.class)).hasSize(2);
    assertThat(toAlice().away()).contains(Duration.ofSeconds(23));
    assertThat(toAlice().patience()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void whoEchoesIsNotSilentHoweverLongItThinks() {
    bothStrict();
    pass(Duration.ofSeconds(20));
    connect();
    pass(Duration.ofSeconds(1));
    send("bob", BOB, new FromPeer.Echo(last("bob", FromServer.Probe.class).probe()));
    pass(Duration.ofSeconds(8));
    assertThat(all("alice", FromServer.Connecting.class)).hasSize(1);
    pass(Duration.ofSeconds(1));
    assertThat(last("alice", FromServer.Ended.class).explanation().getFirst())
        .isEqualTo("bob did not answer alice's invitation.");
  }

  @Test
  void newsOfALossThatComesLateHoldsNoLongerThanUntilTheNextFrame() {
    bothStrict();
    loseBob();
    connect();
    send("bob", BOB, new FromPeer.Echo(1));
    assertThat(toAlice().away()).isEmpty();
    assertThat(all("bob", FromServer.Invited.class)).hasSize(1);
  }

  @Test
  void aSessionThatIsOverIsNotLostAnyMore() {
    bothStrict();
    broker.lost("bob", "an older session", now);
    connect();
    assertThat(toAlice().away()).isEmpty();
  }

  @Test
  void aRequestSaidAgainIsAnsweredAsBefore() {
    bothStrict();
    String id = accepted();
    FromPeer.Connect same =
        new FromPeer.Connect(Optional.of("c"), "bob", Wishes.none(), ICE, Optional.empty());
    inboxes.clear();
    send("alice", ALICE, same.repeated());
    assertThat(toAlice().traversal()).isEqualTo(id);
    assertThat(last("alice", FromServer.Planned.class).traversal()).isEqualTo(id);
    assertThat(all("bob", FromServer.Invited.class)).isEmpty();
    inboxes.clear();
    send("alice", ALICE, same);
    assertThat(last("alice", FromServer.ConnectRefused.class).code())
        .isEqualTo(FromServer.RefusalCode.TOO_MANY_TRAVERSALS);
  }

  @Test
  void aRequestThatNeverCameIsTakenWhenItIsSaidAgain() {
    bothStrict();
    send(
        "alice",
        ALICE,
        new FromPeer.Connect(Optional.of("c"), "bob", Wishes.none(), ICE, Optional.empty())
            .repeated());
    assertThat(toAlice().traversal()).isEqualTo(last("bob", FromServer.Invited.class).traversal());
  }
}
