package org.bradawl.traversal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.bradawl.nat.Report;
import org.bradawl.nat.Tree;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Plan;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Step;
import org.bradawl.traversal.Task;
import org.bradawl.traversal.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FramesTest {

  private static final String ID = "0b6a4f5e-64d2-4c0a-9f51-5f6d5a0f7a11";
  private static final TransportAddress HERE = at("192.168.1.2:40000");
  private static final TransportAddress THERE = at("[2001:db8::1]:5000");
  private static final Credentials ICE = new Credentials("abcd", "0123456789012345678901");
  private static final Preparation PREPARATION =
      new Preparation(3, List.of(HERE, THERE), Optional.of(new Preparation.Range(HERE, 1024)));

  private static TransportAddress at(String text) {
    return Tree.endpointOf(text).orElseThrow();
  }

  static List<FromPeer> fromPeer() {
    return List.of(
        new FromPeer.Host(
            Optional.of("1"),
            List.of(HERE, THERE),
            "192.168.1.1",
            Optional.of(THERE),
            new Peer.Abilities(true, false, true, 12)),
        new FromPeer.NatReport(Optional.empty(), Report.unknown()),
        new FromPeer.Echo(7),
        new FromPeer.Connect(
            Optional.of("2"),
            "bob",
            new Wishes(true, false, Set.of(Method.PUNCH), Set.of(Transport.UDP), 10),
            ICE,
            Optional.of(Map.of("fingerprint", "3A:5F"))),
        new FromPeer.Connect(Optional.of("2"), "bob", Wishes.none(), ICE, Optional.empty())
            .repeated(),
        new FromPeer.Accept(ID, Wishes.none(), ICE, Optional.empty()),
        new FromPeer.Refuse(ID, "no"),
        new FromPeer.Ready(ID, PREPARATION),
        new FromPeer.StepResult(
            ID,
            1,
            FromPeer.StepOutcome.FAILED,
            Optional.of(Duration.ofMillis(12)),
            Optional.of(HERE),
            Optional.empty(),
            "silence"),
        new FromPeer.Done(
            ID,
            FromPeer.Result.RELAYED,
            false,
            OptionalInt.of(2),
            Optional.of(Duration.ofMillis(80)),
            Optional.of(HERE),
            Optional.of(THERE),
            ""),
        new FromPeer.Cancel(ID, "bored"));
  }

  static List<FromServer> fromServer() {
    FromServer.SideOfPlan side =
        new FromServer.SideOfPlan(
            "alice",
            List.of(IpAddress.parse("203.0.113.5")),
            List.of(HERE),
            Optional.of(THERE),
            Optional.empty(),
            "alice has no NAT");
    Plan plan =
        new Plan(
            List.of(
                new Step(
                    0,
                    Method.PREDICT,
                    Transport.UDP,
                    "because",
                    Duration.ofMillis(1),
                    Duration.ofMillis(2),
                    Task.to(List.of(HERE)).after(Duration.ofMillis(150)).primedWith(4),
                    Task.toAnnounced().from(Task.Sockets.SAMPLED, 1).striding(2))),
            List.of(new Plan.Refusal(Method.SEARCH, Transport.UDP, "hopeless")));
    return List.of(
        new FromServer.Observed(
            Optional.of("1"),
            "b0Yw3n5kQm2sT8vXz1LrPg",
            List.of(IpAddress.parse("203.0.113.5")),
            Optional.of(HERE),
            Optional.of(THERE),
            "203.0.113.0/24 via 192.168.1.1",
            new FromServer.Want(
                Optional.of(FromServer.Reason.OLD), Optional.of(Duration.ofDays(2)))),
        new FromServer.ReportTaken(
            Optional.of("2"), Standing.DOUBTED, List.of("no"), Duration.ofHours(1)),
        new FromServer.Probe(9),
        new FromServer.Observed(
            Optional.empty(),
            "b0Yw3n5kQm2sT8vXz1LrPg",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            "unknown",
            new FromServer.Want(
                Optional.empty(), Optional.of(Duration.ofHours(2)), Optional.of(Report.unknown()))),
        new FromServer.Connecting(
            Optional.of("3"), ID, "bob", Optional.empty(), Duration.ofSeconds(10)),
        new FromServer.Connecting(
            Optional.empty(),
            ID,
            "bob",
            Optional.of(Duration.ofSeconds(40)),
            Duration.ofSeconds(5)),
        new FromServer.ConnectRefused(
            Optional.of("3"),
            "bob",
            FromServer.RefusalCode.RATE_LIMITED,
            "slow down",
            Optional.of(Duration.ofSeconds(2))),
        new FromServer.Invited(ID, "alice", ICE, Optional.of("x"), Duration.ofSeconds(10)),
        new FromServer.Planned(
            ID,
            Side.RESPONDER,
            1,
            side,
            side,
            ICE,
            Optional.of(List.of(1L)),
            Duration.ofMillis(15),
            Duration.ZERO,
            plan),
        new FromServer.Go(ID, PREPARATION, Duration.ofMillis(15)),
        new FromServer.Ended(
            ID,
            Ending.CONNECTED,
            Optional.of(Method.PUNCH),
            Optional.of(Transport.TCP),
            Duration.ofMillis(190),
            List.of("It works.")));
  }

  @ParameterizedTest
  @MethodSource("fromPeer")
  void whatAPeerWritesTheServerReads(FromPeer frame) {
    assertThat(PeerFrames.read(Tree.of(PeerFrames.write(frame)))).contains(frame);
  }

  @ParameterizedTest
  @MethodSource("fromServer")
  void whatTheServerWritesAPeerReads(FromServer frame) {
    assertThat(ServerFrames.read(Tree.of(ServerFrames.write(frame)))).contains(frame);
  }

  @ParameterizedTest
  @MethodSource("fromPeer")
  void aMemberOfAnotherKindIsRefused(FromPeer frame) {
    Map<String, Object> tree = PeerFrames.write(frame);
    for (String name : tree.keySet()) {
      if (!name.equals("data")) {
        Map<String, Object> spoiled = new LinkedHashMap<>(tree);
        spoiled.put(name, List.of(Map.of()));
        assertThat(PeerFrames.read(Tree.of(spoiled))).as(name).isEmpty();
      }
    }
  }

  @Test
  void wishesAreWhatBothAllow() {
    Wishes initiator =
        new Wishes(true, true, Set.of(Method.PUNCH, Method.SEARCH), Set.of(Transport.UDP), 4096);
    Wishes responder =
        new Wishes(false, false, Set.of(Method.PUNCH), Set.of(Transport.UDP, Transport.TCP), 100);
    var policy = initiator.together(responder);
    assertThat(policy.relayFirst()).isTrue();
    assertThat(policy.relayAllowed()).isFalse();
    assertThat(policy.methods()).containsExactly(Method.PUNCH);
    assertThat(policy.transports()).containsExactly(Transport.UDP);
    assertThat(policy.probes()).isEqualTo(100);
  }
}
