package org.bradawl.agent.ice;

import java.nio.ByteBuffer;
import org.bradawl.stun.TransportAddress;

/** What candidates leave from and arrive at; one for each socket number of the machine's. */
interface End extends AutoCloseable {

  /** What comes in, and what ends. */
  interface Inlet {

    /** A datagram, or a message over a connection. */
    void received(TransportAddress from, ByteBuffer datagram);

    /** There is no connection to that endpoint, or not any more. */
    void disconnected(TransportAddress remote);
  }

  /** Sends, or as soon as there is a connection. */
  void send(TransportAddress to, ByteBuffer datagram);

  @Override
  void close();
}
