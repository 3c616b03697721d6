package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;

/**
 * What a {@link StunTurnServer} asks of its shell. Calls come during an input, on its thread. A
 * buffer is valid during the call only, and the bytes meant are those from its position to its
 * limit; the callee may move both. What cannot be sent is dropped by the shell, which counts it:
 * the machine is not told.
 */
public interface ServerActions {

  /**
   * Sends a STUN message to a client.
   *
   * @param path leaves from {@code path.server()} for {@code path.client()}; for RFC 5780 either
   *     may differ from the path the request came by
   */
  void sendToClient(FiveTuple path, ByteBuffer message);

  /**
   * Sends ChannelData (RFC 8656 §12.4). The shell puts the four bytes of header before {@code data}
   * (channel, then length, both 16 bits), so that it can do so without copying, and on stream
   * transports pads to a multiple of four.
   */
  void sendChannelData(FiveTuple client, int channel, ByteBuffer data);

  /** Sends a datagram from a relay socket to a peer. */
  void sendToPeer(RelayId relay, TransportAddress peer, ByteBuffer data);

  /**
   * Opens a UDP socket bound to {@code local}, for datagrams from and to anyone. Answered, once and
   * possibly from within this call, by {@link StunTurnServer#relayOpened} or {@link
   * StunTurnServer#relayRefused}.
   */
  void openRelay(RelayId relay, TransportAddress local);

  /**
   * Whether datagrams can be sent that nobody on the way may fragment. A shell that cannot is never
   * asked to, and DONT-FRAGMENT is an unknown attribute then (RFC 8656 §7.2).
   */
  default boolean canForbidFragments() {
    return false;
  }

  /**
   * Sends a datagram as {@link #sendToPeer} does, with the DF bit set. What is too long for the
   * path is not sent.
   */
  default void sendUnfragmented(RelayId relay, TransportAddress peer, ByteBuffer data) {
    throw new IllegalStateException("this shell cannot forbid fragments");
  }

  /** What relaying TCP takes; only a shell that has stream clients is ever asked for it. */
  default StreamActions streams() {
    return StreamActions.NONE;
  }

  /** Closes a relay socket; its port may be asked for again at once. */
  void closeRelay(RelayId relay);

  /** Closes a client's connection, after what was sent to it so far. Not called for UDP. */
  void closeClient(FiveTuple client);

  /** Something to do on a machine's thread. */
  interface Work {
    void run(StunTurnServer machine, long nowNanos);
  }

  /**
   * Lets the machine's thread do something; called from the threads of other shards, and to return
   * at once. False if the thread has ended, or if there are no others.
   */
  default boolean submit(Work work) {
    return false;
  }

  /**
   * A client's connection carries an allocation from now on, or no more; {@link #allocationStarted}
   * and {@link #allocationEnded} say the same of the client they name. Not called for UDP.
   */
  default void clientHeld(FiveTuple client, boolean held, long nowNanos) {}

  /** An allocation began. Must not block. */
  void allocationStarted(AllocationView allocation);

  /**
   * A Binding request that bears a USERNAME has come from where it says it does: over a stream, or
   * with the nonce that only who reads this client's mail can know. The name proves nothing; it is
   * the client's own word, to be compared with what it was given. Must not block.
   */
  default void clientSeen(FiveTuple path, String name) {}

  /** An allocation ended; follows {@link #closeRelay} for its socket. Must not block. */
  void allocationEnded(AllocationSummary allocation);

  /** A client asked for a peer that it must not reach, and was refused. Must not block. */
  default void peerDenied(PeerDenial denial) {}
}
