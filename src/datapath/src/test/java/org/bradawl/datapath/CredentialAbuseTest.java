package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;
import org.bradawl.turn.server.EndReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Credentials that are over, not ours, or taken away. */
@ParameterizedClass
@EnumSource(EngineUnderTest.class)
@Timeout(60)
class CredentialAbuseTest {

  private static final EphemeralCredentials OURS = new EphemeralCredentials("north");
  private static final EphemeralCredentials OTHERS = new EphemeralCredentials("south");

  private final EngineUnderTest engine;

  CredentialAbuseTest(EngineUnderTest engine) {
    this.engine = engine;
  }

  private TestRelay relay() {
    return engine.relay("bradawl.turn.secret=north");
  }

  @Test
  void onlyCredentialsOfNowAndOfThisSecretWork() throws Exception {
    Instant now = Instant.now();
    try (TestRelay relay = relay()) {
      Minted good = OURS.mint("dave", now.plusSeconds(60));
      assertThat(code(relay, good.username(), good.password())).isZero();
      Minted old = OURS.mint("dave", now.minusSeconds(1));
      assertThat(code(relay, old.username(), old.password())).as("expired").isEqualTo(401);
      Minted foreign = OTHERS.mint("dave", now.plusSeconds(60));
      assertThat(code(relay, foreign.username(), foreign.password()))
          .as("another secret")
          .isEqualTo(401);
      String later = now.plusSeconds(9_999).getEpochSecond() + ":dave";
      assertThat(code(relay, later, good.password())).as("prolonged").isEqualTo(401);
      for (String name :
          List.of(
              "99999999999999999999:dave",
              "-1:dave",
              "0x7fffffff:dave",
              ":dave",
              "dave",
              "1e9:d")) {
        assertThat(code(relay, name, good.password())).as(name).isEqualTo(401);
      }
    }
  }

  /** A secret that is rotated: what was minted under the old one is worth nothing. */
  @Test
  void aRotatedSecretEndsWhatItMinted() throws Exception {
    try (TestRelay relay = relay()) {
      Minted minted = OURS.mint("dave", Instant.now().plusSeconds(60));
      assertThat(code(relay, minted.username(), minted.password())).isZero();
      relay.datapath().credentials(OTHERS);
      Wait.until("the shards know", () -> code(relay, minted.username(), minted.password()) == 401);
      Minted renewed = OTHERS.mint("dave", Instant.now().plusSeconds(60));
      assertThat(code(relay, renewed.username(), renewed.password())).isZero();
    }
  }

  /** A session whose user is taken away relays nothing any more, in either direction. */
  @Test
  void aKilledSessionReallyStopsRelaying() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.udp();
        Canary peer = new Canary()) {
      TransportAddress relayed = client.allocate();
      client.bind(0x4000, peer.at("127.0.0.1"));
      client.send(0x4000, "before");
      assertThat(peer.heard(EngineContract.SOON)).isPresent();

      int ended =
          relay.datapath().endWhere(who -> who.user().equals(TestRelay.USER), EndReason.ADMIN);

      assertThat(ended).isEqualTo(1);
      client.send(0x4000, "after");
      client.send(peer.at("127.0.0.1"), "after");
      peer.send("after", relayed);
      peer.assertSilence();
      assertThat(client.receive(Canary.QUIET)).isEqualTo(Optional.empty());
    }
  }

  private static int code(TestRelay relay, String name, String password) {
    try (ClientWire wire =
            new ClientWire.Udp(new TransportAddress(relay.server().address(), 0), relay.server());
        TurnClient client = new TurnClient(wire, name, password)) {
      int code = client.allocateError();
      if (code == 0) {
        client.refresh(0);
      }
      return code;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
