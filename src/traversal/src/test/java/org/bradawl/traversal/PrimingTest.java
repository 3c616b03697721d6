package org.bradawl.traversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.nat.Behavior.ADDRESS_AND_PORT_DEPENDENT;
import static org.bradawl.nat.Behavior.ENDPOINT_INDEPENDENT;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bradawl.nat.Answer;
import org.bradawl.nat.PortModel;
import org.bradawl.nat.Report;
import org.junit.jupiter.api.Test;

/** Who opens the own NAT with a packet that dies on the way, and who waits for it. */
class PrimingTest {

  private static Peer naive(String name, String address, boolean lowTtl) {
    Peer peer =
        Peers.peer(
            name,
            address,
            "192.168.1.2",
            ENDPOINT_INDEPENDENT,
            ADDRESS_AND_PORT_DEPENDENT,
            new PortModel.Preserving(1));
    Report nat = peer.nat();
    Report moved =
        new Report(
            nat.udp(),
            nat.mapping(),
            nat.filtering(),
            nat.tcpMapping(),
            nat.hairpinning(),
            nat.hairpinSource(),
            nat.portAllocation(),
            nat.severalAddresses(),
            Answer.YES,
            nat.fragments(),
            nat.genericAlg(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of());
    return new Peer(
        name,
        moved,
        peer.hosts(),
        peer.observed(),
        Optional.empty(),
        new Peer.Abilities(true, true, lowTtl, 256));
  }

  private static Step punch(Transport transport, boolean first, boolean second, int attempt) {
    Plan plan =
        Planner.plan(
            naive("alice", "198.51.100.1", first),
            naive("bob", "192.0.2.1", second),
            Policy.usual(),
            History.none(),
            attempt);
    return plan.steps().stream()
        .filter(step -> step.method() == Method.PUNCH && step.transport() == transport)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void twoThatCanBothDo() {
    Step step = punch(Transport.UDP, true, true, 0);
    assertThat(step.initiator().primingTtl()).isEqualTo(2);
    assertThat(step.responder().primingTtl()).isEqualTo(2);
    assertThat(step.reason()).contains("opens each NAT before the other side's arrives");
  }

  @Test
  void oneThatCanIsWaitedFor() {
    Step step = punch(Transport.UDP, false, true, 0);
    assertThat(step.initiator().primingTtl()).isZero();
    assertThat(step.initiator().after()).isPositive().isLessThan(Priming.HOLD);
    assertThat(step.responder().primingTtl()).isEqualTo(2);
    assertThat(step.reason()).contains("opens bob's NAT, then alice writes first");
  }

  @Test
  void whereNobodyCanThePacketsMustPassEachOther() {
    Step step = punch(Transport.UDP, false, false, 0);
    assertThat(step.initiator()).isEqualTo(step.responder()).isEqualTo(Task.toAnnounced());
    assertThat(step.reason()).contains("pass each other on the way");
    assertThat(punch(Transport.TCP, false, false, 0).reason()).contains("at once");
  }

  @Test
  void aRetryPassesMoreRouters() {
    assertThat(punch(Transport.UDP, true, true, 1).initiator().primingTtl()).isEqualTo(4);
    assertThat(punch(Transport.UDP, true, true, 2).initiator().primingTtl()).isEqualTo(7);
  }

  @Test
  void overTcpOneSideOpensAndTheOtherComesLater() {
    Step step = punch(Transport.TCP, true, true, 0);
    assertThat(step.initiator().primingTtl()).isEqualTo(2);
    assertThat(step.initiator().after()).isEqualTo(Duration.ZERO);
    assertThat(step.responder().primingTtl()).isZero();
    assertThat(step.responder().after()).isEqualTo(Priming.HOLD);
    assertThat(step.reason()).contains("alice's first packet dies").contains("for bob's");
  }

  @Test
  void overTcpARetryTurnsRoundUnlessOnlyOneCan() {
    assertThat(punch(Transport.TCP, true, true, 1).responder().primingTtl()).isEqualTo(4);
    assertThat(punch(Transport.TCP, true, false, 1).initiator().primingTtl()).isEqualTo(4);
    assertThat(punch(Transport.TCP, false, true, 0).responder().primingTtl()).isEqualTo(2);
  }
}
