package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.PasswordAlgorithm;
import org.bradawl.stun.attribute.PasswordAlgorithms;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.UserHash;
import org.bradawl.stun.attribute.Username;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;

/**
 * How a simulated client proves who it is: as RFC 5389 knew, or as RFC 8489 has it, with negotiated
 * algorithms and, where its name is one that can be found by it, a hash instead.
 */
final class SimulatedVoice {

  private static final PasswordAlgorithms OFFERED =
      PasswordAlgorithms.of(PasswordAlgorithm.SHA256, PasswordAlgorithm.MD5);

  private final Simulation simulation;
  private final Random random;
  private final String name;
  private final boolean ephemeral;
  private final boolean negotiates;
  private final PasswordHash hash;
  private Nonce nonce = new Nonce("none");
  private boolean challenged;
  private Minted minted = Bench.EPHEMERAL.mint("nobody", Instant.EPOCH);

  SimulatedVoice(Simulation simulation, String name) {
    this.simulation = simulation;
    this.random = simulation.random;
    this.name = name;
    this.ephemeral = !name.equals("alice") && !name.equals("bob");
    this.negotiates = random.nextBoolean();
    this.hash = negotiates && random.nextInt(4) > 0 ? PasswordHash.SHA256 : PasswordHash.MD5;
  }

  String name() {
    return name;
  }

  /** Adds what proves it, and says how to sign; nothing before the first challenge. */
  Encoder sign(StunMessage.Builder request) {
    if (!challenged) {
      return Encoder.PLAIN;
    }
    String username = username();
    boolean hidden = negotiates && !ephemeral && random.nextBoolean();
    request
        .add(hidden ? UserHash.of(username, Bench.REALM) : new Username(username))
        .add(new Realm(Bench.REALM))
        .add(nonce);
    if (negotiates) {
      request.add(OFFERED).add(PasswordAlgorithm.of(hash));
      simulation.oracle.see(hidden ? "a hidden name" : "an open name");
    }
    return Encoder.PLAIN.signed(algorithm(), key());
  }

  private IntegrityAlgorithm algorithm() {
    return negotiates ? IntegrityAlgorithm.SHA256 : IntegrityAlgorithm.SHA1;
  }

  private IntegrityKey key() {
    return IntegrityKey.longTerm(
        hash,
        ephemeral ? minted.username() : name,
        Bench.REALM,
        ephemeral ? minted.password() : name.substring(0, 1));
  }

  private String username() {
    if (!ephemeral) {
      return name;
    }
    if (!minted.expires().isAfter(simulation.calendar()) && random.nextInt(3) > 0) {
      minted = Bench.EPHEMERAL.mint(name, simulation.calendar().plusSeconds(900));
    }
    return minted.username();
  }

  /** The key that a request of now is signed with, for its answer. */
  IntegrityKey signedWith() {
    return key();
  }

  /** Takes the nonce of a challenge. */
  void challenged(StunMessage challenge) {
    assertThat(challenge.first(PasswordAlgorithms.class)).contains(OFFERED);
    nonce = challenge.first(Nonce.class).orElseThrow();
    challenged = true;
  }

  /** Every answer to who is known is protected as was negotiated (RFC 8489 §9.2.4). */
  void check(StunMessage answer, IntegrityKey under) {
    int code = answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
    if (answer.method() == Method.Known.BINDING || List.of(400, 401, 438).contains(code)) {
      return;
    }
    assertThat(answer.check(algorithm(), under)).as("%s", answer).isEqualTo(IntegrityCheck.RIGHT);
    simulation.oracle.see("protected by " + algorithm());
  }
}
