package org.bradawl.agent.ice;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.ice.IceActions;
import org.bradawl.traversal.ice.IceAgent;

/** What a restart replaces (RFC 8445 §9): credentials, and all that is checked under them. */
final class Generation implements IceActions {

  /** What a generation is part of. */
  interface Whole {

    /** Send something. */
    void send(int socket, TransportAddress to, ByteBuffer datagram);

    /** This generation has a pair, or a better one. */
    void selected(Generation generation, IceAgent.Selected pair);

    /** This generation has no pair, or not any more. */
    void failed(Generation generation, IceAgent.Failure why);
  }

  private final Whole whole;
  private final Credentials credentials;
  private final IceAgent agent;

  Generation(Side side, RandomGenerator random, Whole whole) {
    this.whole = whole;
    this.credentials = Credentials.random(random);
    this.agent = new IceAgent(side, credentials, random, this);
  }

  Credentials credentials() {
    return credentials;
  }

  IceAgent agent() {
    return agent;
  }

  /** The role that it has come to. */
  Side side() {
    return agent.isControlling() ? Side.INITIATOR : Side.RESPONDER;
  }

  @Override
  public void send(int socket, TransportAddress to, ByteBuffer datagram) {
    whole.send(socket, to, datagram);
  }

  @Override
  public void selected(IceAgent.Selected pair) {
    whole.selected(this, pair);
  }

  @Override
  public void failed(IceAgent.Failure why) {
    whole.failed(this, why);
  }
}
