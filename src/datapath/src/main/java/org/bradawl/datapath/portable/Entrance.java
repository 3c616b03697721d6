package org.bradawl.datapath.portable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.bradawl.turn.server.StunTurnServer;

/** What a datagram goes through at a listener where plain STUN is not all that is spoken. */
interface Entrance {

  /**
   * Takes a datagram that arrived at {@code listener}. It is valid during the call only.
   *
   * @param source who sent it, as far as the server is concerned
   * @param via where an answer has to go: the same, or a proxy
   */
  void take(
      UdpListener listener,
      InetSocketAddress source,
      InetSocketAddress via,
      ByteBuffer datagram,
      StunTurnServer machine,
      long now);
}
