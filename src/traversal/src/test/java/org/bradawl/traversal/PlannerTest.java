package org.bradawl.traversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.nat.Behavior.ADDRESS_AND_PORT_DEPENDENT;
import static org.bradawl.nat.Behavior.ADDRESS_DEPENDENT;
import static org.bradawl.nat.Behavior.ENDPOINT_INDEPENDENT;
import static org.bradawl.nat.Behavior.NONE;
import static org.bradawl.traversal.Peers.alice;
import static org.bradawl.traversal.Peers.bob;
import static org.bradawl.traversal.Peers.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bradawl.nat.Answer;
import org.bradawl.nat.PortModel;
import org.bradawl.stun.IpAddress;
import org.bradawl.traversal.Task.Aim;
import org.bradawl.traversal.Task.Sockets;
import org.junit.jupiter.api.Test;

/** What is planned for whom, in which order, and why not. */
class PlannerTest {

  private static final PortModel KEEPS = new PortModel.Preserving(1);
  private static final PortModel COUNTS = new PortModel.Contiguous(1, false, 5000, 1);
  private static final PortModel RANDOM = new PortModel.Random(1);

  private static final Peer STRICT = alice(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS);

  private static Plan plan(Peer a, Peer b) {
    return Planner.plan(a, b, Policy.usual(), History.none(), 0);
  }

  private static List<String> methods(Plan plan) {
    return plan.steps().stream()
        .map(step -> step.method().label() + "/" + step.transport())
        .toList();
  }

  private static Step step(Plan plan, Method method) {
    return plan.steps().stream().filter(step -> step.method() == method).findFirst().orElseThrow();
  }

  @Test
  void aPublicResponderIsReachedAndAPublicInitiatorIsReachedBack() {
    Peer open = Peers.open("bob", "192.0.2.1");
    assertThat(methods(plan(STRICT, open))).startsWith("direct/UDP").contains("direct/TCP");
    assertThat(methods(plan(open, STRICT))).startsWith("reverse/UDP").contains("reverse/TCP");
    assertThat(step(plan(open, STRICT), Method.REVERSE).initiator().aim()).isEqualTo(Aim.NOWHERE);
  }

  @Test
  void aClaimToBePublicThatTheServerCannotSeeIsNotBelieved() {
    Peer liar = Peers.peer("bob", "192.0.2.1", "8.8.8.8", NONE, NONE, KEEPS);
    Plan plan = plan(STRICT, liar);
    assertThat(methods(plan)).doesNotContain("direct/UDP", "direct/TCP");
    assertThat(plan.steps())
        .allMatch(step ->
            step.initiator().known().stream()
                .noneMatch(to -> to.equals(endpoint("8.8.8.8", 5000))));
  }

  @Test
  void aStrictSideWritesFirstToALenientOneThatChangesPorts() {
    Peer lenient = bob(ADDRESS_AND_PORT_DEPENDENT, ENDPOINT_INDEPENDENT, RANDOM);
    Step punch = step(plan(STRICT, lenient), Method.PUNCH);
    assertThat(punch.initiator().aim()).isEqualTo(Aim.ANNOUNCED);
    assertThat(punch.responder().aim()).isEqualTo(Aim.NOWHERE);
  }

  @Test
  void twoCountersLeapfrog() {
    Peer a = alice(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, COUNTS);
    Peer b = bob(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, COUNTS);
    Step predict = step(plan(a, b), Method.PREDICT);
    assertThat(predict.initiator().sockets()).isEqualTo(Sockets.SAMPLED);
    assertThat(predict.initiator().stride()).isEqualTo(1);
    assertThat(predict.responder().stride()).isEqualTo(2);
  }

  @Test
  void aPreservingNatIsMetAtAFreshSocketsOwnPort() {
    Peer b = bob(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS);
    assertThat(step(plan(STRICT, b), Method.PREDICT).responder().sockets())
        .isEqualTo(Sockets.PRISTINE);
  }

  @Test
  void aSearchIsSizedAndAHopelessOneRefused() {
    Peer random = bob(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM);
    Step search = step(plan(STRICT, random), Method.SEARCH);
    assertThat(search.responder().count()).isEqualTo(256);
    assertThat(search.initiator().budget()).isEqualTo(1024);
    assertThat(search.reason()).contains("256 sockets", "1024 probes", "98.");

    Peer alsoRandom = alice(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM);
    Plan hopeless = plan(alsoRandom, random);
    assertThat(methods(hopeless)).containsExactly("relayed/UDP");
    assertThat(hopeless.steps().getFirst().startsAfter()).isZero();
    assertThat(hopeless.refusals())
        .anyMatch(refusal ->
            refusal.method() == Method.SEARCH && refusal.reason().contains("cannot be told"));
  }

  @Test
  void aSearchInABlockNeedsFewSockets() {
    Peer block =
        bob(ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, new PortModel.Block(2048, 1024, 1));
    Step search = step(plan(STRICT, block), Method.SEARCH);
    assertThat(search.responder().count()).isEqualTo(128);
  }

  @Test
  void aSearchOutsideTheBudgetIsNotWorthIt() {
    Policy poor =
        new Policy(false, true, Policy.usual().methods(), Policy.usual().transports(), 64, 0.5);
    Peer random = bob(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM);
    Plan plan = Planner.plan(STRICT, random, poor, History.none(), 0);
    assertThat(methods(plan)).doesNotContain("searched/UDP");
  }

  @Test
  void oneAddressMeansTheLocalNetworkFirstAndHairpinsOnlyIfNotRuledOut() {
    Peer a =
        Peers.peer("a", "192.0.2.1", "10.0.0.1", ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, KEEPS);
    Peer b =
        Peers.peer("b", "192.0.2.1", "10.0.0.2", ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, KEEPS);
    assertThat(methods(plan(a, b)))
        .contains("local/UDP", "hairpin/UDP")
        .doesNotContain("punched/UDP");
    assertThat(step(plan(a, b), Method.LOCAL).initiator().known())
        .containsExactly(endpoint("10.0.0.2", 5000));

    Peer noHairpin =
        Peers.with(
            a,
            Peers.report(ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, KEEPS, Answer.NO, Answer.YES));
    Peer neither =
        Peers.with(
            b,
            Peers.report(ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, KEEPS, Answer.NO, Answer.YES));
    Plan plan = plan(noHairpin, neither);
    assertThat(methods(plan)).contains("local/UDP").doesNotContain("hairpin/UDP");
    assertThat(plan.refusals()).anyMatch(refusal -> refusal.method() == Method.HAIRPIN);
  }

  @Test
  void relayingDoesNotWaitForGuesses() {
    Peer a = behindOneNat("a", "10.0.0.1", Answer.NO);
    Peer b = behindOneNat("b", "10.0.0.2", Answer.NO);
    Plan closed = plan(a, b);
    assertThat(methods(closed)).containsExactly("local/UDP", "local/TCP", "relayed/UDP");
    assertThat(closed.steps().getLast().startsAfter()).isEqualTo(Duration.ofMillis(100));
    assertThat(closed.refusals())
        .anyMatch(
            refusal -> refusal.method() == Method.HAIRPIN && refusal.transport() == Transport.TCP);

    Plan open =
        plan(
            behindOneNat("a", "10.0.0.1", Answer.UNKNOWN),
            behindOneNat("b", "10.0.0.2", Answer.UNKNOWN));
    assertThat(methods(open)).contains("hairpin/UDP", "hairpin/TCP");
    assertThat(step(open, Method.RELAY).startsAfter()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void relayingWaitsForWhatIsLikelyAndNotForTcpAfterIt() {
    Plan plan = plan(STRICT, bob(ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, KEEPS));
    assertThat(methods(plan)).containsExactly("punched/UDP", "punched/TCP", "relayed/UDP");
    assertThat(plan.steps().get(1).startsAfter()).isEqualTo(Duration.ofSeconds(1));
    assertThat(plan.steps().get(2).startsAfter()).isEqualTo(Duration.ofSeconds(1));
  }

  private static Peer behindOneNat(String name, String host, Answer hairpin) {
    Peer peer =
        Peers.peer(
            name, "192.0.2.1", host, ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS);
    return Peers.with(
        peer,
        Peers.report(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS, hairpin, Answer.YES));
  }

  @Test
  void aMappedPortCountsOnlyAtAnAddressTheServerHasSeen() {
    Peer random = bob(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM);
    Peer mapped = portMapped(random, "192.0.2.1");
    Peer liar = portMapped(random, "8.8.4.4");
    assertThat(methods(plan(STRICT, mapped))).contains("port-mapped/UDP");
    Step step = step(plan(STRICT, mapped), Method.PORT_MAPPED);
    assertThat(step.initiator().aim()).isEqualTo(Aim.KNOWN);
    assertThat(step.responder().aim()).isEqualTo(Aim.NOWHERE);
    assertThat(methods(plan(STRICT, liar))).doesNotContain("port-mapped/UDP");
  }

  private static Peer portMapped(Peer peer, String address) {
    return new Peer(
        peer.name(),
        peer.nat(),
        peer.hosts(),
        peer.observed(),
        Optional.of(endpoint(address, 4444)),
        peer.abilities());
  }

  @Test
  void ipv6NeedsAGlobalAddressOnBothSides() {
    Peer a = dualStack("a", "198.51.100.1", "2001:db8::1");
    Peer b = dualStack("b", "192.0.2.1", "2001:db8:1::1");
    Step direct = step(plan(a, b), Method.DIRECT);
    assertThat(direct.initiator().known()).containsExactly(endpoint("2001:db8:1::1", 5000));
    assertThat(direct.reason()).contains("IPv6");
  }

  private static Peer dualStack(String name, String v4, String v6) {
    return new Peer(
        name,
        Peers.report(
            ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM, Answer.NO, Answer.YES),
        List.of(endpoint("10.0.0.1", 5000), endpoint(v6, 5000)),
        List.of(IpAddress.parse(v4), IpAddress.parse(v6)),
        Optional.empty(),
        Peer.Abilities.usual());
  }

  @Test
  void blockedUdpLeavesTcp() {
    Peer blocked =
        Peers.with(
            STRICT,
            Peers.report(
                ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS, Answer.NO, Answer.NO));
    Plan plan = plan(blocked, bob(ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, KEEPS));
    assertThat(methods(plan)).containsExactly("punched/TCP", "relayed/UDP");
  }

  @Test
  void relayingFirstHoldsNothingBack() {
    Plan plan =
        Planner.plan(
            STRICT,
            bob(ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, KEEPS),
            Policy.usual().withRelayFirst(),
            History.none(),
            0);
    assertThat(methods(plan)).startsWith("relayed/UDP", "punched/UDP");
    assertThat(plan.steps().get(1).startsAfter()).isEqualTo(Duration.ZERO);
  }

  @Test
  void whatHasKeptFailingBetweenSuchNatsWaits() {
    Peer random = bob(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, COUNTS);
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    List<History.Attempt> failures = failures(random, now.minus(Duration.ofDays(1)));
    Plan fresh = Planner.plan(STRICT, random, Policy.usual(), new History(failures, now), 0);
    assertThat(step(fresh, Method.PREDICT).startsAfter())
        .isGreaterThan(step(fresh, Method.SEARCH).startsAfter());
    // A year later nobody remembers.
    Instant later = now.plus(Duration.ofDays(365));
    Plan forgotten = Planner.plan(STRICT, random, Policy.usual(), new History(failures, later), 0);
    assertThat(step(forgotten, Method.PREDICT).startsAfter())
        .isLessThan(step(forgotten, Method.SEARCH).startsAfter());
  }

  private static List<History.Attempt> failures(Peer other, Instant when) {
    return IntStream.range(0, 20)
        .mapToObj(_ ->
            new History.Attempt(
                History.Kind.of(other.nat()),
                History.Kind.of(STRICT.nat()),
                Method.PREDICT,
                Transport.UDP,
                false,
                when))
        .toList();
  }

  @Test
  void aRetryGoesAnotherWay() {
    Peer counting = bob(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, COUNTS);
    Plan first = plan(STRICT, counting);
    Plan second = Planner.plan(STRICT, counting, Policy.usual(), History.none(), 1);
    assertThat(second.steps()).isNotEqualTo(first.steps());
    assertThat(step(second, Method.PREDICT).initiator().budget())
        .isGreaterThan(step(first, Method.PREDICT).initiator().budget());
    Peer cone = bob(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS);
    Step punch = step(Planner.plan(STRICT, cone, Policy.usual(), History.none(), 1), Method.PUNCH);
    assertThat(punch.initiator().primingTtl()).isPositive();
  }

  @Test
  void everyStepSaysWhy() {
    Plan plan = plan(STRICT, bob(ADDRESS_DEPENDENT, ADDRESS_DEPENDENT, COUNTS));
    assertThat(plan.steps()).allMatch(step -> step.reason().length() > 20);
    assertThat(plan.refusals()).allMatch(refusal -> refusal.reason().length() > 20);
  }

  @Test
  void explainsARelayedConnectionAndWhatWouldHelp() {
    Peer a = alice(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM);
    Peer b = bob(ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM);
    Plan plan = plan(a, b);
    Explanation explanation =
        Explanation.of(
            a, b, plan, new Outcome.Relayed(plan.steps().getFirst(), Duration.ofMillis(180)));
    assertThat(explanation.summary()).contains("through the server after 180 ms");
    assertThat(explanation.nats())
        .allMatch(nat -> nat.contains("changes its port for every destination, at random"));
    assertThat(explanation.text()).contains("about 54,000 probes from each side");
    assertThat(explanation.advice())
        .anyMatch(advice -> advice.contains("UPnP"))
        .contains("Or accept relaying.");
  }

  @Test
  void aWishThatKeepsThemApartIsNotBlamedOnTheNat() {
    Peer a = alice(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, KEEPS);
    Policy relaysOnly = Policy.usual().without(EnumSet.complementOf(EnumSet.of(Method.RELAY)));
    Plan plan = Planner.plan(a, a, relaysOnly, History.none(), 0);
    Explanation explanation =
        Explanation.of(
            a, a, plan, new Outcome.Relayed(plan.steps().getFirst(), Duration.ofMillis(90)));
    assertThat(explanation.summary()).contains("no direct way was found among those allowed");
    assertThat(explanation.advice())
        .anyMatch(advice -> advice.startsWith("Allow more ways"))
        .noneMatch(advice -> advice.contains("one NAT"));
  }
}
