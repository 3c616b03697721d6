package org.bradawl.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.bradawl.agent.ice.IceSettings;
import org.bradawl.agent.path.RelayClient;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Candidate;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.ice.IceAgent;
import org.ice4j.ice.CandidateType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Our ICE agent and ice4j's with candidates from a server, in both roles: what a relay of ours says
 * of them as a STUN server, and what it gives them as a TURN server.
 */
class Ice4jThroughServersTest {

  /** Where relayed endpoints are, and no peer is: what has not been let in does not get through. */
  private static final String RELAYED = "127.0.0.9";

  private static RelayProcess relay;

  @BeforeAll
  static void start() {
    relay = RelayProcess.start(Map.of("bradawl.relay.address", RELAYED));
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  private static TransportAddress server() {
    return server(relay);
  }

  private static TransportAddress server(RelayProcess relay) {
    return new TransportAddress(IpAddress.parse("127.0.0.1"), relay.port());
  }

  /** No socket of its own, so that there is no other way. */
  private static IceSettings relayed(Side side, RelayProcess relay) {
    return IceSettings.of(side)
        .on(List.of())
        .withRelay(new RelayClient.Access(server(relay), RelayProcess.USER, RelayProcess.PASSWORD));
  }

  private static List<String> ofType(List<String> candidates, String type) {
    return candidates.stream().filter(line -> line.contains(" typ " + type)).toList();
  }

  /** Only ice4j is told anything, and only where the NAT's outside is. */
  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void oursBehindANat(Side side) throws Exception {
    try (LoopbackNat nat = new LoopbackNat(relay.port());
        OurPeer ours = new OurPeer(OurPeer.loopback(side).withStun(nat.server()));
        Ice4jPeer theirs = Ice4jPeer.overUdp(side.other())) {
      ours.introduce(theirs);
      List<String> seen = ofType(ours.candidates(), "srflx");
      assertThat(seen)
          .singleElement()
          .asString()
          .contains(" 127.0.0.2 " + nat.external().port() + " ")
          .contains(" raddr 127.0.0.1 ");
      seen.forEach(theirs::remote);
      theirs.start();
      ours.talk(theirs);
      assertThat(ours.selected().local().candidate().type())
          .isEqualTo(Candidate.Type.SERVER_REFLEXIVE);
      assertThat(theirs.selected().getRemoteCandidate().getType())
          .isEqualTo(CandidateType.SERVER_REFLEXIVE_CANDIDATE);
    }
  }

  /** Only ours is told anything. */
  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void ice4jBehindANat(Side side) throws Exception {
    try (LoopbackNat nat = new LoopbackNat(relay.port());
        OurPeer ours = new OurPeer(OurPeer.loopback(side));
        Ice4jPeer theirs = Ice4jPeer.withStun(side.other(), nat.server())) {
      ours.introduce(theirs);
      theirs.start();
      List<String> seen = ofType(theirs.candidates(), "srflx");
      assertThat(seen).hasSize(1);
      seen.forEach(ours.session::remote);
      ours.talk(theirs);
      assertThat(ours.selected().remote().type()).isEqualTo(Candidate.Type.SERVER_REFLEXIVE);
      assertThat(ours.selected().remote().address()).isEqualTo(nat.external());
    }
  }

  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void oursThroughARelay(Side side) throws Exception {
    try (OurPeer ours = new OurPeer(relayed(side, relay));
        Ice4jPeer theirs = Ice4jPeer.overUdp(side.other())) {
      ours.introduce(theirs);
      assertThat(ours.candidates()).singleElement().asString().contains(" typ relay");
      ours.tell(theirs);
      ours.hear(theirs);
      ours.talk(theirs);
      assertThat(ours.selected().local().candidate().type()).isEqualTo(Candidate.Type.RELAYED);
      assertThat(theirs.selected().getRemoteCandidate().getType())
          .isEqualTo(CandidateType.RELAYED_CANDIDATE);
    }
  }

  private static void bothRelayed(OurPeer ours, Ice4jPeer theirs) throws Exception {
    ours.introduce(theirs);
    ours.tell(theirs);
    List<String> given = ofType(theirs.candidates(), "relay");
    assertThat(given).singleElement().asString().contains(" " + RELAYED + " ");
    given.forEach(ours.session::remote);
    ours.talk(theirs);
    assertThat(ours.selected().local().candidate().type()).isEqualTo(Candidate.Type.RELAYED);
    assertThat(ours.selected().remote().type()).isEqualTo(Candidate.Type.RELAYED);
    assertThat(theirs.selected().getLocalCandidate().getType())
        .isEqualTo(CandidateType.RELAYED_CANDIDATE);
  }

  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void bothThroughRelays(Side side) throws Exception {
    try (OurPeer ours = new OurPeer(relayed(side, relay));
        Ice4jPeer theirs =
            Ice4jPeer.withTurn(side.other(), server(), RelayProcess.USER, RelayProcess.PASSWORD)) {
      bothRelayed(ours, theirs);
    }
  }

  @Test
  void aRelayThatRefusesIsNotWaitedFor() throws Exception {
    long began = System.nanoTime();
    RelayClient.Access wrong = new RelayClient.Access(server(), RelayProcess.USER, "wrong");
    try (OurPeer ours =
        new OurPeer(OurPeer.loopback(Side.INITIATOR).withStun(server()).withRelay(wrong))) {
      // Without a NAT the STUN server has nothing to add either (RFC 8445 §5.1.3).
      assertThat(ours.candidates()).singleElement().asString().contains(" typ host");
    }
    assertThat(System.nanoTime() - began).isLessThan(4_000_000_000L);
  }

  /** Takes the 30 seconds of RFC 7675: what is gone is the way, and neither of the two. */
  @Test
  @Tag("slow")
  void consentEndsWhereARelayDies() throws Exception {
    try (RelayProcess dying = RelayProcess.start(Map.of("bradawl.relay.address", RELAYED));
        OurPeer ours = new OurPeer(relayed(Side.INITIATOR, dying));
        Ice4jPeer theirs = Ice4jPeer.overUdp(Side.RESPONDER)) {
      ours.describe(theirs);
      ours.talk(theirs);
      dying.program().terminate();
      assertThat(ours.failed()).isEqualTo(IceAgent.Failure.CONSENT_EXPIRED);
      assertThat(theirs.lost()).isEqualTo(theirs.selected());
    }
  }

  /** ice4j's agent does not restart; as RFC 8445 §9 allows, its next one has other sockets. */
  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void aRestartLeadsToANewPairWhileTheOldOneGoesOn(Side side) throws Exception {
    try (OurPeer ours = new OurPeer(OurPeer.loopback(side));
        Ice4jPeer before = Ice4jPeer.overUdp(side.other())) {
      ours.introduce(before);
      ours.tell(before);
      ours.talk(before);
      List<String> told = ours.candidates();
      try (Ice4jPeer after = Ice4jPeer.overUdp(side.other())) {
        ours.restart();
        ours.send("meanwhile");
        assertThat(before.receive()).isEqualTo("meanwhile");
        before.send("all the same");
        assertThat(ours.receive()).isEqualTo("all the same");
        ours.introduce(after);
        assertThat(ours.candidates()).isEqualTo(told);
        ours.tell(after);
        ours.hear(after);
        ours.talk(after);
        assertThat(after.credentials()).isNotEqualTo(before.credentials());
        assertThat(ours.session.isControlling()).isEqualTo(side == Side.INITIATOR);
      }
    }
  }
}
