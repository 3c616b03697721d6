package org.bradawl.agent.ice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.CompletionException;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.stun.Decoded;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.ice.CandidateLine;
import org.bradawl.traversal.ice.IceActions;
import org.bradawl.traversal.ice.IceAgent;
import org.bradawl.traversal.ice.LocalCandidate;

/**
 * One ICE session with one peer, whoever wrote its agent. Candidates are told to the listener as
 * they are found; an application that does not trickle waits for {@link Listener#gathered}.
 *
 * <pre>
 *   IceSession session = IceSession.open(IceSettings.of(Side.INITIATOR), listener);
 *   send(session.credentials());                          // a=ice-ufrag, a=ice-pwd
 *   session.peer(new Credentials(ufrag, pwd));            // the peer's
 *   session.remote("candidate:1 1 UDP 2130706431 …");     // as they come
 *   session.allRemote();                                  // a=end-of-candidates
 * </pre>
 *
 * <p>Every method may be called from any thread. The listener is called on the session's own, and
 * must not block it.
 */
public final class IceSession implements AutoCloseable {

  /** What becomes of a session. */
  public interface Listener {

    /** One more of our candidates, as the value of an {@code a=} line. */
    void candidate(String line);

    /** There will be no more. */
    void gathered();

    /** Payload goes over this pair from now on. */
    void selected(IceAgent.Selected pair);

    /** Nothing can be sent any more. */
    void failed(IceAgent.Failure why);

    /** Payload; the buffer is the listener's only during the call. */
    void received(ByteBuffer payload);
  }

  private final EventLoop loop = new EventLoop("bradawl-ice");
  private final Listener listener;
  private final Credentials credentials;
  private final IceAgent agent;
  private final EventLoop.Alarm alarm;
  private final Gathering gathering;

  private IceSession(IceSettings settings, Listener listener) {
    SecureRandom random = new SecureRandom();
    this.listener = listener;
    this.credentials = Credentials.random(random);
    this.agent = new IceAgent(settings.side(), credentials, random, new Wire());
    this.alarm = loop.alarm(this::advance);
    this.gathering = new Gathering(loop, random, settings, new Found());
  }

  /**
   * Opens the sockets and begins to gather.
   *
   * @throws IOException if the system gives no socket
   */
  public static IceSession open(IceSettings settings, Listener listener) throws IOException {
    IceSession session = new IceSession(settings, listener);
    try {
      session
          .loop
          .ask(() -> {
            session.gathering.begin();
            return true;
          })
          .join();
      return session;
    } catch (CompletionException e) {
      session.loop.close();
      throw new IOException("no socket can be opened", e);
    }
  }

  /** Ours, for the description. */
  public Credentials credentials() {
    return credentials;
  }

  /** Whether this side nominates, as it stands. */
  public boolean isControlling() {
    return loop.ask(agent::isControlling).join();
  }

  /** The peer's credentials, once for each session. */
  public void peer(Credentials theirs) {
    run(() -> agent.peer(theirs, loop.nanos()));
  }

  /** A candidate of the peer's, with or without {@code a=}; what cannot be used is ignored. */
  public void remote(String line) {
    CandidateLine.parse(line)
        .ifPresent(candidate -> run(() -> agent.remote(candidate, loop.nanos())));
  }

  /** The peer has no more candidates. */
  public void allRemote() {
    run(() -> agent.allRemote(loop.nanos()));
  }

  /** Sends payload over the selected pair; without one it is lost. */
  public void send(ByteBuffer payload) {
    ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip();
    loop.execute(() ->
        agent
            .selected()
            .ifPresent(pair -> gathering.send(pair.socket(), pair.remote().address(), copy)));
  }

  private void run(Runnable task) {
    loop.execute(() -> {
      task.run();
      rearm();
    });
  }

  private void advance() {
    agent.advance(loop.nanos());
    rearm();
  }

  private void rearm() {
    alarm.set(agent.deadlineNanos());
  }

  /** Releases everything; the peer notices by itself. */
  @Override
  public void close() {
    loop.execute(() -> {
      alarm.remove();
      gathering.close();
      loop.close();
    });
  }

  private void received(int socket, TransportAddress from, ByteBuffer datagram) {
    // RFC 7983 §7: STUN begins with 0 to 3.
    boolean isStun =
        datagram.hasRemaining() && Byte.toUnsignedInt(datagram.get(datagram.position())) <= 3;
    if (!isStun) {
      if (agent.isValid(socket, from)) {
        listener.received(datagram);
      }
      return;
    }
    Decoded decoded = Decoder.decode(datagram);
    if (decoded instanceof StunMessage message) {
      agent.received(socket, from, message, loop.nanos());
      rearm();
    }
  }

  private final class Wire implements IceActions {

    @Override
    public void send(int socket, TransportAddress to, ByteBuffer datagram) {
      gathering.send(socket, to, datagram);
    }

    @Override
    public void selected(IceAgent.Selected pair) {
      listener.selected(pair);
    }

    @Override
    public void failed(IceAgent.Failure why) {
      listener.failed(why);
    }
  }

  private final class Found implements Gathering.Listener {

    @Override
    public void found(LocalCandidate candidate) {
      agent.local(candidate, loop.nanos());
      listener.candidate(CandidateLine.format(candidate.candidate()));
      rearm();
    }

    @Override
    public void gathered() {
      agent.allLocal(loop.nanos());
      listener.gathered();
      rearm();
    }

    @Override
    public void received(int socket, TransportAddress from, ByteBuffer datagram) {
      IceSession.this.received(socket, from, datagram);
    }

    @Override
    public void disconnected(int socket, TransportAddress remote) {
      agent.disconnected(socket, remote, loop.nanos());
      rearm();
    }
  }
}
