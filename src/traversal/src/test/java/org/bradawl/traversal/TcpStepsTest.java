package org.bradawl.traversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.nat.Behavior.ADDRESS_AND_PORT_DEPENDENT;
import static org.bradawl.nat.Behavior.ADDRESS_DEPENDENT;
import static org.bradawl.nat.Behavior.ENDPOINT_INDEPENDENT;
import static org.bradawl.traversal.Peers.alice;
import static org.bradawl.traversal.Peers.bob;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bradawl.nat.PortModel;
import org.bradawl.traversal.Task.Aim;
import org.bradawl.traversal.Task.Sockets;
import org.junit.jupiter.api.Test;

/** Who connects to whom over TCP, when, and again. */
class TcpStepsTest {

  private static final PortModel KEEPS = new PortModel.Preserving(1);
  private static final PortModel COUNTS = new PortModel.Contiguous(1, false, 5000, 1);
  private static final PortModel RANDOM = new PortModel.Random(1);

  private static final Peer STRICT = alice(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS);

  private static Plan plan(Peer a, Peer b) {
    Policy tcp = Policy.usual().over(Set.of(Transport.TCP));
    return Planner.plan(a, b, tcp, History.none(), 0);
  }

  private static Step first(Peer a, Peer b) {
    return plan(a, b).steps().getFirst();
  }

  @Test
  void whereBothKeepTheirPortsBothBeginAtOnceWithPacketsThatArrive() {
    Step step = first(STRICT, bob(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS));
    assertThat(step.method()).isEqualTo(Method.PUNCH);
    assertThat(step.initiator()).isEqualTo(step.responder()).isEqualTo(Task.toAnnounced());
  }

  @Test
  void whoLetsInAWholeAddressWritesFirst() {
    Step step =
        first(
            alice(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM),
            bob(ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, KEEPS));
    assertThat(step.method()).isEqualTo(Method.PUNCH);
    assertThat(step.responder()).isEqualTo(Task.toAnnounced());
    assertThat(step.initiator().after()).isPositive();
  }

  @Test
  void whoLetsInEverybodyWaits() {
    Step step =
        first(
            alice(ADDRESS_AND_PORT_DEPENDENT, ENDPOINT_INDEPENDENT, RANDOM),
            bob(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM));
    assertThat(step.initiator().aim()).isEqualTo(Aim.NOWHERE);
    assertThat(step.responder()).isEqualTo(Task.toAnnounced());
  }

  @Test
  void portsThatCountAreSampledAndPortsAtRandomLeftToTheRelay() {
    Step step = first(STRICT, bob(ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, COUNTS));
    assertThat(step.method()).isEqualTo(Method.PREDICT);
    assertThat(step.responder().sockets()).isEqualTo(Sockets.SAMPLED);
    assertThat(step.initiator().budget()).isEqualTo(20);

    Plan random = plan(STRICT, bob(ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM));
    assertThat(random.steps()).singleElement().extracting(Step::method).isEqualTo(Method.RELAY);
    assertThat(random.steps().getFirst().startsAfter()).isZero();
  }

  @Test
  void whoeverIsRefusedTwiceAndOpensFirstSendsWhatDiesOnTheWay() {
    Step step = first(STRICT, bob(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS));
    assertThat(ttls(Side.INITIATOR, step)).containsExactly(0, 0, 2, 0, 2);
    assertThat(ttls(Side.RESPONDER, step)).containsExactly(0, 0, 0, 0, 0);
  }

  @Test
  void whereOneSideWaitsNothingDiesOnTheWay() {
    Step step = first(STRICT, Peers.open("bob", "192.0.2.1"));
    assertThat(step.method()).isEqualTo(Method.DIRECT);
    assertThat(ttls(Side.INITIATOR, step)).containsExactly(0, 0, 0, 0, 0);
  }

  /** What the first five attempts are sent with if every one is refused at once. */
  private static List<Integer> ttls(Side side, Step step) {
    long end = Duration.ofSeconds(3).toNanos();
    Dialling dialling = new Dialling(side, new Random(1), _ -> end);
    dialling.add(step, Traversal.MAIN, Peers.endpoint("192.0.2.1", 5000), 0, 0);
    return java.util.stream.IntStream.range(0, 5)
        .mapToObj(i -> {
          long now = dialling.times().findFirst().orElseThrow();
          Dialling.Dial dial = dialling.due(now).getFirst();
          dialling.began(i, dial);
          dialling.failed(i, now);
          return dial.ttl();
        })
        .toList();
  }
}
