package org.bradawl.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import org.bradawl.agent.ice.IceSettings;
import org.bradawl.stun.IpAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two ICE sessions of our own, told about each other by the test, before others' agents come. */
class OurOwnIceTest {

  private static IceSettings on(Side side, String address) {
    return IceSettings.of(side).on(List.of(IpAddress.parse(address)));
  }

  /** Only what {@code told} allows is told. */
  private static void describe(OurPeer alice, OurPeer bob, Predicate<String> told)
      throws Exception {
    List<String> ofAlice = alice.candidates();
    List<String> ofBob = bob.candidates();
    alice.session.peer(bob.session.credentials());
    bob.session.peer(alice.session.credentials());
    ofAlice.stream().filter(told).forEach(bob.session::remote);
    ofBob.stream().filter(told).forEach(alice.session::remote);
  }

  /** Sends a word each way, after both have chosen a pair. */
  private static void talk(OurPeer alice, OurPeer bob) throws Exception {
    alice.selected();
    bob.selected();
    alice.send("from alice");
    bob.send("from bob");
    assertThat(bob.receive()).isEqualTo("from alice");
    assertThat(alice.receive()).isEqualTo("from bob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void overUdp(String address) throws Exception {
    try (OurPeer alice = new OurPeer(on(Side.INITIATOR, address));
        OurPeer bob = new OurPeer(on(Side.RESPONDER, address))) {
      describe(alice, bob, _ -> true);
      talk(alice, bob);
      assertThat(alice.selected().local().candidate().tcpType()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void overTcp(String address) throws Exception {
    try (OurPeer alice = new OurPeer(on(Side.INITIATOR, address).withTcp());
        OurPeer bob = new OurPeer(on(Side.RESPONDER, address).withTcp())) {
      describe(alice, bob, line -> line.contains("tcptype"));
      talk(alice, bob);
      assertThat(alice.selected().local().candidate().tcpType()).isPresent();
      assertThat(bob.selected().local().candidate().tcpType()).isPresent();
    }
  }

  /** Both begin again on the sockets they have; not a datagram is lost in between. */
  @Test
  void aRestartOnBothSidesLosesNothing() throws Exception {
    try (OurPeer alice = new OurPeer(on(Side.INITIATOR, "127.0.0.1"));
        OurPeer bob = new OurPeer(on(Side.RESPONDER, "127.0.0.1"))) {
      describe(alice, bob, _ -> true);
      alice.selected();
      bob.selected();
      Credentials before = bob.session.credentials();
      alice.send("0");
      assertThat(alice.restart()).isEqualTo(alice.session.credentials());
      alice.send("1");
      bob.restart();
      assertThat(bob.session.credentials()).isNotEqualTo(before);
      alice.send("2");
      describe(alice, bob, _ -> true);
      alice.send("3");
      alice.selected();
      alice.send("4");
      bob.selected();
      alice.send("5");
      for (int i = 0; i <= 5; i++) {
        assertThat(bob.receive()).isEqualTo("" + i);
      }
      assertThat(alice.session.isControlling()).isTrue();
      assertThat(alice.hasFailed()).isFalse();
    }
  }
}
