package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.OpaqueString;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.SecurityFeatures;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.PasswordAlgorithm;
import org.bradawl.stun.attribute.PasswordAlgorithms;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.UserHash;
import org.bradawl.stun.attribute.Username;

/** How a test's client answers a challenge. */
interface Credentials {

  /** Adds what answers the challenge, and says how to protect the request. */
  Encoder sign(StunMessage.Builder request, StunMessage challenge);

  /** Fails the test if an answer to such a request is not protected as it must be. */
  default void check(StunMessage answer, StunMessage challenge) {}

  /** As RFC 5389 has it: a name in the clear, MD5, SHA-1. */
  static Credentials classic(String user, String password) {
    return (request, challenge) -> {
      Realm realm = challenge.first(Realm.class).orElseThrow();
      request.add(new Username(user)).add(realm).add(challenge.first(Nonce.class).orElseThrow());
      return Encoder.PLAIN.signed(
          IntegrityAlgorithm.SHA1,
          IntegrityKey.longTerm(PasswordHash.MD5, user, realm.realm(), password));
    };
  }

  /**
   * As RFC 8489 §9.2.5 has it: what the nonce announces must be there and is used, a hidden name
   * where it is possible, the password's hash by the first algorithm offered or by the one wanted.
   */
  record Negotiated(String user, String password, Optional<PasswordAlgorithm> wanted)
      implements Credentials {

    /** Both are prepared, as whoever hashes them must (RFC 8489 §9.2.2). */
    public Negotiated {
      user = OpaqueString.prepare(user).orElseThrow();
      password = OpaqueString.prepare(password).orElseThrow();
    }

    static Negotiated best(String user, String password) {
      return new Negotiated(user, password, Optional.empty());
    }

    static Negotiated by(PasswordAlgorithm wanted, String user, String password) {
      return new Negotiated(user, password, Optional.of(wanted));
    }

    @Override
    public Encoder sign(StunMessage.Builder request, StunMessage challenge) {
      Realm realm = challenge.first(Realm.class).orElseThrow();
      Nonce nonce = challenge.first(Nonce.class).orElseThrow();
      SecurityFeatures features = SecurityFeatures.of(nonce.value()).orElseThrow();
      assertThat(features.passwordAlgorithms()).as("announced by the nonce").isTrue();
      request
          .add(features.usernameAnonymity() ? UserHash.of(user, realm.realm()) : new Username(user))
          .add(realm)
          .add(nonce)
          .add(offered(challenge))
          .add(chosen(challenge));
      return Encoder.PLAIN.signed(IntegrityAlgorithm.SHA256, key(challenge));
    }

    private static PasswordAlgorithms offered(StunMessage challenge) {
      return challenge.first(PasswordAlgorithms.class).orElseThrow();
    }

    private PasswordAlgorithm chosen(StunMessage challenge) {
      return wanted.orElseGet(() -> offered(challenge).algorithms().getFirst());
    }

    private IntegrityKey key(StunMessage challenge) {
      return IntegrityKey.longTerm(
          chosen(challenge).hash().orElseThrow(),
          user,
          challenge.first(Realm.class).orElseThrow().realm(),
          password);
    }

    /** RFC 8489 §9.2.5: an answer is protected by SHA-256, unless it says that nobody is known. */
    @Override
    public void check(StunMessage answer, StunMessage challenge) {
      int code = answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
      if (code == 400 || code == 401 || code == 438) {
        return;
      }
      assertThat(answer.check(IntegrityAlgorithm.SHA256, key(challenge)))
          .isEqualTo(IntegrityCheck.RIGHT);
      assertThat(answer.carries(IntegrityAlgorithm.SHA1)).isFalse();
    }
  }
}
