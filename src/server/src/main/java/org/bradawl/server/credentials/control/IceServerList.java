package org.bradawl.server.credentials.control;

import java.util.ArrayList;
import java.util.List;

/** Writes the ICE server list out of hosts, a port and one pair of credentials. */
final class IceServerList {

  private IceServerList() {}

  /**
   * First STUN, which needs no credentials, then TURN over UDP, over TCP and over TLS.
   *
   * @param tlsUrls URLs of TURN over TLS
   */
  static List<IceServer> of(
      List<String> hosts, int port, List<String> tlsUrls, String username, String credential) {
    List<String> stun = new ArrayList<>();
    List<String> turn = new ArrayList<>();
    for (String host : hosts) {
      stun.add("stun:%s:%d".formatted(host, port));
      turn.add("turn:%s:%d?transport=udp".formatted(host, port));
      turn.add("turn:%s:%d?transport=tcp".formatted(host, port));
    }
    turn.addAll(tlsUrls);
    return List.of(new IceServer(stun, null, null), new IceServer(turn, username, credential));
  }
}
