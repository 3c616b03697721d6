package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.NonceIssuer;

/**
 * The STUN and TURN server of one shard: a single-threaded machine. Every method is called on the
 * shard's thread; {@code nowNanos} is monotonic, never goes back, and is read once per turn of the
 * shell's loop. No input makes a method throw; what is wrong with it is counted.
 */
public final class StunTurnServer {

  /** What {@link #deadlineNanos()} says when nothing is due, ever. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  private final TurnCounters counters = new TurnCounters();

  /**
   * A server without allocations.
   *
   * @param shared the same for all shards of a server
   * @param nonces this shard's own, from the common secret
   * @param calendar against which credentials expire
   * @param random names allocations and fills transaction ids; not predictable
   * @param actions the shell
   */
  public StunTurnServer(
      TurnSettings settings,
      SharedState shared,
      CredentialSource credentials,
      NonceIssuer nonces,
      InstantSource calendar,
      RandomGenerator random,
      ServerActions actions) {}

  /**
   * Takes a datagram, or one framed message of a stream, from a client. The machine may move the
   * buffer's position and limit, and may write to what lies between them; it keeps nothing of it.
   *
   * @param path {@code server} is the concrete local address it arrived at, never a wildcard
   */
  public void fromClient(FiveTuple path, ByteBuffer message, long nowNanos) {}

  /** Takes a datagram that arrived at a relay socket. The buffer is treated as for clients. */
  public void fromPeer(RelayId relay, TransportAddress peer, ByteBuffer payload, long nowNanos) {}

  /**
   * The socket asked for is open, bound to the address asked for. For a request that is gone
   * meanwhile the answer is {@link ServerActions#closeRelay}.
   */
  public void relayOpened(RelayId relay, long nowNanos) {}

  /** The socket asked for could not be opened. */
  public void relayRefused(RelayId relay, RefusalReason reason, long nowNanos) {}

  /** A relay socket failed beyond repair; its allocation ends. */
  public void relayFailed(RelayId relay, long nowNanos) {}

  /** A client's connection is gone (streams only). */
  public void clientGone(FiveTuple client, long nowNanos) {}

  /** Ends one allocation; whether it was one of this shard. */
  public boolean endAllocation(AllocationId id, EndReason reason, long nowNanos) {
    return false;
  }

  /** Ends every allocation and closes the connections of stream clients that had one. */
  public void endAll(EndReason reason, long nowNanos) {}

  /**
   * When {@link #advance} has something to do; compare by subtraction, after checking for {@link
   * #NO_DEADLINE}. Calling it later than that is safe: nothing is honoured beyond its time.
   */
  public long deadlineNanos() {
    return NO_DEADLINE;
  }

  /** Ends what is due by now. Afterwards the deadline lies in the future. */
  public void advance(long nowNanos) {}

  /** Replaces where keys come from; allocations go on under the credentials they began with. */
  public void credentials(CredentialSource credentials) {}

  /** The living allocations. */
  public List<AllocationView> allocations() {
    return List.of();
  }

  /** The counts so far, as values that other threads may have. */
  public TurnCounters.Snapshot counters() {
    return counters.snapshot(0);
  }
}
