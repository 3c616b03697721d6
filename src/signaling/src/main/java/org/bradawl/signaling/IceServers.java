package org.bradawl.signaling;

/**
 * ICE servers for a peer, minted outside.
 *
 * @param json a JSON array as RTCPeerConnection takes it; the caller vouches for its syntax
 * @param ttlSeconds for how long the credentials are good
 */
public record IceServers(String json, int ttlSeconds) {

  public IceServers {
    if (ttlSeconds < 0) {
      throw new IllegalArgumentException("a time to live of " + ttlSeconds + " s");
    }
  }
}
