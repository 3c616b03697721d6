package org.bradawl.traversal.ice;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.traversal.Credentials;

/**
 * Checks that come before the peer's description has: whoever signs with our password has been told
 * it, so they are answered, and looked at again once it is known whose they are.
 */
final class EarlyChecks {

  /** A check that waits. */
  record Request(int socket, TransportAddress from, StunMessage message) {}

  /** Ways that a peer may try before its description is here. */
  private static final int MOST = 64;

  private final Credentials ours;
  private final IntegrityKey key;
  private final Map<Pair.Route, StunMessage> waiting = new LinkedHashMap<>();

  EarlyChecks(Credentials ours) {
    this.ours = ours;
    this.key = IntegrityKey.shortTerm(ours.password());
  }

  /** The answer, if it is signed with our password. */
  Optional<ByteBuffer> take(Pair.Route route, StunMessage message) {
    boolean forUs =
        message
            .first(Username.class)
            .filter(username -> username.name().startsWith(ours.fragment() + ":"))
            .isPresent();
    if (!forUs || message.check(IntegrityAlgorithm.SHA1, key) != IntegrityCheck.RIGHT) {
      return Optional.empty();
    }
    if (waiting.containsKey(route) || waiting.size() < MOST) {
      waiting.put(route, message);
    }
    return Optional.of(
        Encoder.PLAIN
            .signed(IntegrityAlgorithm.SHA1, key)
            .fingerprinted()
            .encode(message.success().add(new XorMappedAddress(route.remote())).build()));
  }

  /** All that wait; they wait no more. */
  List<Request> release() {
    List<Request> released = new ArrayList<>();
    waiting.forEach(
        (route, message) -> released.add(new Request(route.socket(), route.remote(), message)));
    waiting.clear();
    return released;
  }
}
