package org.bradawl.traversal.ice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.ice.Transactions.Check;

/** Who can be where: the candidates of both sides, those told of and those that checks tell of. */
final class Candidates {

  /** What a peer may tell of and what strangers' addresses may add; beyond it they are ignored. */
  private static final int MOST_REMOTE = 64;

  /** Mapped addresses that a peer may make up, and our own; beyond it they change nothing. */
  private static final int MOST_LOCAL = 64;

  private final List<LocalCandidate> locals = new ArrayList<>();
  private final List<IceCandidate> remotes = new ArrayList<>();

  Stream<LocalCandidate> locals() {
    return locals.stream();
  }

  Stream<IceCandidate> remotes() {
    return remotes.stream();
  }

  void local(LocalCandidate candidate) {
    locals.add(candidate);
  }

  void remote(IceCandidate candidate) {
    remotes.add(candidate);
  }

  /** Whether a candidate that the peer tells of is of use, and there are not too many already. */
  boolean isWelcome(IceCandidate candidate) {
    boolean usable = candidate.component() == 1 && candidate.address().port() > 0;
    return usable && remotes.size() < MOST_REMOTE;
  }

  /**
   * RFC 8838 §11.2: what is now told properly replaces what a check had told of, which is given.
   */
  Optional<IceCandidate> replaced(IceCandidate told) {
    Optional<IceCandidate> older =
        remotes.stream()
            .filter(known -> known.address().equals(told.address()))
            .filter(known -> known.tcpType().equals(told.tcpType()))
            .filter(known -> known.transport() == told.transport())
            .findFirst();
    older.ifPresent(known -> remotes.set(remotes.indexOf(known), told));
    return older;
  }

  /** Of what shares a socket, the candidate that the others were learned through. */
  Optional<LocalCandidate> ofSocket(int socket) {
    return locals.stream()
        .filter(each -> each.socket() == socket)
        .filter(each -> each.base().equals(each.candidate().address()))
        .findFirst();
  }

  /** RFC 8445 §7.3.1.3: a request from an endpoint that nobody told of tells of it. */
  Optional<IceCandidate> sender(LocalCandidate local, TransportAddress from, StunMessage request) {
    Optional<IceCandidate> known =
        remotes.stream()
            .filter(each -> each.address().equals(from))
            .filter(each -> each.transport() == local.candidate().transport())
            .findFirst();
    if (known.isPresent()) {
      return known;
    }
    if (remotes.size() >= MOST_REMOTE) {
      return Optional.empty();
    }
    IceCandidate reflexive = PeerReflexive.remote(local, from, request);
    remotes.add(reflexive);
    return Optional.of(reflexive);
  }

  /** RFC 8445 §7.2.5.3.1: the answer to a check tells what its candidate looks like over there. */
  LocalCandidate seenAs(Check check, TransportAddress mapped) {
    LocalCandidate local = check.pair().local();
    Optional<LocalCandidate> known =
        locals.stream()
            .filter(each -> each.socket() == local.socket())
            .filter(each -> each.candidate().address().equals(mapped))
            .findFirst();
    // The port of a connection of ours is nobody's candidate, and says nothing new.
    boolean nothingNew =
        local.candidate().transport() == Transport.TCP || locals.size() >= MOST_LOCAL;
    if (known.isPresent() || nothingNew) {
      return known.orElse(local);
    }
    LocalCandidate reflexive = local.peerReflexive(mapped, check.priority());
    locals.add(reflexive);
    return reflexive;
  }
}
