package org.bradawl.traversal;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.IceControlled;
import org.bradawl.stun.attribute.IceControlling;
import org.bradawl.stun.attribute.Priority;
import org.bradawl.stun.attribute.UseCandidate;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorMappedAddress;

/** The messages of a connectivity check (RFC 8445 §7) and how they are proved. */
public final class CheckMessages {

  /** A request that the peer has signed. */
  public record Request(
      StunMessage message,
      boolean nominates,
      Optional<Long> controllingTieBreaker,
      Optional<Long> controlledTieBreaker) {}

  private final Credentials local;
  private final Credentials remote;
  private final Encoder toPeer;
  private final Encoder fromUs;

  /** Messages between the holders of these. */
  public CheckMessages(Credentials local, Credentials remote) {
    this.local = local;
    this.remote = remote;
    // RFC 8445 §7.2.2: a request bears the receiver's password; so does our answer to one bear
    // ours.
    this.toPeer = signed(remote);
    this.fromUs = signed(local);
  }

  private static Encoder signed(Credentials credentials) {
    IntegrityKey key = IntegrityKey.shortTerm(credentials.password());
    // MESSAGE-INTEGRITY with SHA-1 is what every ICE agent speaks; SHA-256 is not negotiated there.
    return Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, key).fingerprinted();
  }

  /** A check. */
  public ByteBuffer request(
      TransactionId id, boolean controlling, long tieBreaker, long priority, boolean nominate) {
    StunMessage.Builder builder =
        StunMessage.request(org.bradawl.stun.Method.Known.BINDING, id)
            .add(new Username(remote.fragment() + ":" + local.fragment()))
            .add(new Priority(priority))
            .add(controlling ? new IceControlling(tieBreaker) : new IceControlled(tieBreaker));
    if (nominate) {
      builder.add(new UseCandidate());
    }
    return toPeer.encode(builder.build());
  }

  /** The answer that tells where a check came from. */
  public ByteBuffer success(StunMessage request, TransportAddress from) {
    return fromUs.encode(request.success().add(new XorMappedAddress(from)).build());
  }

  /** RFC 8445 §7.3.1.1. */
  public ByteBuffer roleConflict(StunMessage request) {
    return fromUs.encode(request.error(487, "Role Conflict").build());
  }

  /** The request, if it is for us and from our peer. */
  public Optional<Request> verified(StunMessage message) {
    boolean ours =
        message
            .first(Username.class)
            .map(username -> username.name().equals(local.fragment() + ":" + remote.fragment()))
            .orElse(false);
    if (!ours || !isSigned(message, local)) {
      return Optional.empty();
    }
    return Optional.of(
        new Request(
            message,
            message.has(UseCandidate.class),
            message.first(IceControlling.class).map(IceControlling::tieBreaker),
            message.first(IceControlled.class).map(IceControlled::tieBreaker)));
  }

  /** Whether the peer has signed this response. */
  public boolean isFromPeer(StunMessage response) {
    return isSigned(response, remote);
  }

  private static boolean isSigned(StunMessage message, Credentials credentials) {
    IntegrityKey key = IntegrityKey.shortTerm(credentials.password());
    return message.check(IntegrityAlgorithm.SHA1, key) == IntegrityCheck.RIGHT;
  }
}
