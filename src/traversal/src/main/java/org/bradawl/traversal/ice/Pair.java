package org.bradawl.traversal.ice;

import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Candidate;

/** A candidate pair of the check list (RFC 8445 §6.1.2.6), which lives in one {@link IceAgent}. */
final class Pair {

  enum State {
    FROZEN,
    WAITING,
    IN_PROGRESS,
    SUCCEEDED,
    FAILED
  }

  /** Where checks of a pair leave and arrive; no two pairs share it. */
  record Route(int socket, TransportAddress remote) {}

  private final LocalCandidate local;
  private IceCandidate remote;

  /** RFC 8445 §7.2.5.3.2: the local candidate that the peer's answer told of. */
  private LocalCandidate valid;

  private State state = State.FROZEN;

  /** The controlling side has chosen it; on the controlled side, once its check succeeds. */
  private boolean nominated;

  Pair(LocalCandidate local, IceCandidate remote) {
    this.local = local;
    this.valid = local;
    this.remote = remote;
  }

  Route route() {
    return new Route(local.socket(), remote.address());
  }

  LocalCandidate local() {
    return local;
  }

  IceCandidate remote() {
    return remote;
  }

  /** RFC 8838 §11.2: a peer-reflexive candidate turns out to be one that is told later. */
  void remote(IceCandidate told) {
    remote = told;
  }

  LocalCandidate valid() {
    return valid;
  }

  State state() {
    return state;
  }

  void state(State newState) {
    state = newState;
  }

  void succeeded(LocalCandidate seen) {
    valid = seen;
    state = State.SUCCEEDED;
  }

  boolean isNominated() {
    return nominated;
  }

  void nominate() {
    nominated = true;
  }

  String foundation() {
    return local.candidate().foundation() + " " + remote.foundation();
  }

  long priority(boolean controlling) {
    long ours = local.candidate().priority();
    return controlling
        ? Candidate.pairPriority(ours, remote.priority())
        : Candidate.pairPriority(remote.priority(), ours);
  }

  @Override
  public String toString() {
    return local.base() + " -> " + remote.address() + " " + state;
  }
}
