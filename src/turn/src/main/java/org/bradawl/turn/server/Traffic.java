package org.bradawl.turn.server;

/**
 * What was relayed: application bytes and packets, without STUN or ChannelData headers.
 *
 * @param bytesUp from the client to peers
 * @param packetsUp from the client to peers
 * @param bytesDown from peers to the client
 * @param packetsDown from peers to the client
 */
public record Traffic(long bytesUp, long packetsUp, long bytesDown, long packetsDown) {

  /** Both together. */
  public Traffic plus(Traffic other) {
    return new Traffic(
        bytesUp + other.bytesUp,
        packetsUp + other.packetsUp,
        bytesDown + other.bytesDown,
        packetsDown + other.packetsDown);
  }
}
