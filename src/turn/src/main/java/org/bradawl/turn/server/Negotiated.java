package org.bradawl.turn.server;

import java.util.Optional;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.SecurityFeatures;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.PasswordAlgorithm;
import org.bradawl.stun.attribute.PasswordAlgorithms;

/** Which password algorithm a request is under, the third check of RFC 8489 §9.2.4. */
sealed interface Negotiated {

  /** What every challenge offers, best first. */
  PasswordAlgorithms OFFERED =
      PasswordAlgorithms.of(PasswordAlgorithm.SHA256, PasswordAlgorithm.MD5);

  /**
   * The client chose this one.
   *
   * @param answers what answers are protected by: SHA-256, except for who negotiates nothing
   */
  record Hash(PasswordHash hash, IntegrityAlgorithm answers) implements Negotiated {}

  /** Somebody changed what was offered or chosen on its way; 400. */
  record Tampered() implements Negotiated {}

  static Negotiated of(Exchange exchange, Nonce nonce) {
    Optional<PasswordAlgorithms> repeated = exchange.first(PasswordAlgorithms.class);
    Optional<PasswordAlgorithm> chosen = exchange.first(PasswordAlgorithm.class);
    if (repeated.isEmpty() && chosen.isEmpty()) {
      return new Hash(PasswordHash.MD5, IntegrityAlgorithm.SHA1);
    }
    boolean offered =
        SecurityFeatures.of(nonce.value()).map(SecurityFeatures::passwordAlgorithms).orElse(false);
    if (offered && !(repeated.equals(Optional.of(OFFERED)) && chosen.isPresent())) {
      return new Tampered();
    }
    // Without the cookie it is no nonce of ours; who it is for the 438 to say, under the key named.
    Optional<PasswordHash> hash =
        chosen.isPresent() ? chosen.get().hash() : Optional.of(PasswordHash.MD5);
    return hash.<Negotiated>map(known -> new Hash(known, IntegrityAlgorithm.SHA256))
        .orElseGet(Tampered::new);
  }
}
