package org.bradawl.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.ice.IceAgent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Our ICE agent and ice4j's, in both roles. */
class Ice4jTest {

  /** As both chose the same pair, ours sends to the port that theirs has. */
  private static void talk(OurPeer ours, Ice4jPeer theirs) throws Exception {
    assertThat(theirs.selected().getLocalCandidate().getTransportAddress().getPort())
        .isEqualTo(ours.selected().remote().address().port());
    ours.talk(theirs);
  }

  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void withFullDescriptions(Side side) throws Exception {
    try (OurPeer ours = new OurPeer(OurPeer.loopback(side));
        Ice4jPeer theirs = Ice4jPeer.overUdp(side.other())) {
      ours.describe(theirs);
      talk(ours, theirs);
      assertThat(ours.session.isControlling()).isEqualTo(side == Side.INITIATOR);
      assertThat(theirs.isControlling()).isEqualTo(side == Side.RESPONDER);
    }
  }

  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void withCandidatesThatComeAfterTheStart(Side side) throws Exception {
    try (OurPeer ours = new OurPeer(OurPeer.loopback(side));
        Ice4jPeer theirs = Ice4jPeer.overUdp(side.other())) {
      ours.introduce(theirs);
      theirs.start();
      // A candidate that leads nowhere, so that both are at it when the good ones come.
      ours.session.remote("candidate:9 1 UDP 2130706431 127.0.0.99 9 typ host");
      theirs.remote("candidate:9 1 UDP 2130706431 127.0.0.99 9 typ host");
      ours.hear(theirs);
      ours.candidates().forEach(theirs::remote);
      talk(ours, theirs);
    }
  }

  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void whereOnlyIce4jIsToldAnything(Side side) throws Exception {
    try (OurPeer ours = new OurPeer(OurPeer.loopback(side));
        Ice4jPeer theirs = Ice4jPeer.overUdp(side.other())) {
      ours.introduce(theirs);
      ours.tell(theirs);
      talk(ours, theirs);
      assertThat(ours.selected().remote().type().word()).isEqualTo("prflx");
    }
  }

  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void whereOnlyOursIsToldAnything(Side side) throws Exception {
    try (OurPeer ours = new OurPeer(OurPeer.loopback(side));
        Ice4jPeer theirs = Ice4jPeer.overUdp(side.other())) {
      ours.introduce(theirs);
      theirs.start();
      ours.hear(theirs);
      talk(ours, theirs);
    }
  }

  /** The least and the largest tie-breaker, so that either side gives in. */
  static Stream<Arguments> conflicts() {
    return Stream.of(Side.values())
        .flatMap(side -> Stream.of(0L, -1L).map(tieBreaker -> Arguments.of(side, tieBreaker)));
  }

  @ParameterizedTest(name = "both as {0}, ice4j with {1}")
  @MethodSource("conflicts")
  void withTheSameRole(Side side, long tieBreaker) throws Exception {
    try (OurPeer ours = new OurPeer(OurPeer.loopback(side));
        Ice4jPeer theirs = Ice4jPeer.overUdp(side)) {
      theirs.tieBreaker(tieBreaker);
      ours.describe(theirs);
      talk(ours, theirs);
      assertThat(theirs.isControlling()).isNotEqualTo(ours.session.isControlling());
      // RFC 8445 §7.3.1.1: the larger tie-breaker ends up controlling. Where both are controlled
      // ice4j does the contrary, so there it depends on whose check is first.
      if (side == Side.INITIATOR) {
        assertThat(theirs.isControlling()).isEqualTo(tieBreaker == -1);
      }
    }
  }

  @ParameterizedTest(name = "ours as {0}")
  @EnumSource(Side.class)
  void overTcp(Side side) throws Exception {
    try (OurPeer ours = new OurPeer(OurPeer.loopback(side).withTcp());
        Ice4jPeer theirs = Ice4jPeer.overTcp(side.other())) {
      ours.describe(theirs);
      talk(ours, theirs);
      assertThat(ours.selected().local().candidate().transport()).isEqualTo(Transport.TCP);
    }
  }

  @Test
  void ice4jNoticesThatOursIsGone() throws Exception {
    try (Ice4jPeer theirs = Ice4jPeer.overUdp(Side.RESPONDER)) {
      try (OurPeer ours = new OurPeer(OurPeer.loopback(Side.INITIATOR))) {
        ours.describe(theirs);
        talk(ours, theirs);
      }
      assertThat(theirs.lost()).isEqualTo(theirs.selected());
    }
  }

  /** Takes the 30 seconds of RFC 7675; the machine's own test takes them in virtual time. */
  @Test
  @Tag("slow")
  void oursNoticesWithinThirtySecondsThatIce4jIsGone() throws Exception {
    try (OurPeer ours = new OurPeer(OurPeer.loopback(Side.INITIATOR))) {
      try (Ice4jPeer theirs = Ice4jPeer.overUdp(Side.RESPONDER)) {
        ours.describe(theirs);
        talk(ours, theirs);
      }
      assertThat(ours.failed()).isEqualTo(IceAgent.Failure.CONSENT_EXPIRED);
    }
  }
}
