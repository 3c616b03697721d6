package org.bradawl.agent.ice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.stun.Decoded;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.ice.CandidateLine;
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
 * <p>When either side's network has changed, or its description has new credentials, both restart
 * (RFC 8445 §9) and exchange everything anew; payload goes on over the old pair until there is a
 * new one:
 *
 * <pre>
 *   send(session.restart());                              // new a=ice-ufrag, a=ice-pwd
 *   session.peer(new Credentials(ufrag, pwd));            // the peer's new ones
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

  /** What is on its way when both sides change over has arrived by then, wherever they are. */
  private static final long CHANGEOVER_NANOS = 5_000_000_000L;

  private final EventLoop loop = new EventLoop("bradawl-ice");
  private final SecureRandom random = new SecureRandom();
  private final Listener listener;
  private final List<LocalCandidate> found = new ArrayList<>();
  private final EventLoop.Alarm alarm;
  private final EventLoop.Alarm changeover;
  private final Gathering gathering;

  /** The one that candidates are told for. */
  private volatile Generation latest;

  /** The one before a restart, for as long as it is of use. */
  private Optional<Generation> older = Optional.empty();

  private boolean gathered;

  private IceSession(IceSettings settings, Listener listener) {
    this.listener = listener;
    this.latest = new Generation(settings.side(), random, new Whole());
    this.alarm = loop.alarm(this::advance);
    this.changeover = loop.alarm(() -> older = Optional.empty());
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

  /** Ours, for the description; others after a restart. */
  public Credentials credentials() {
    return latest.credentials();
  }

  /** Whether this side nominates, as it stands. */
  public boolean isControlling() {
    return loop.ask(() -> latest.agent().isControlling()).join();
  }

  /**
   * Begins again with new credentials, which are given, on the sockets and in the role that there
   * are. The listener is told all candidates once more; the peer restarts too, and its new
   * credentials and candidates are handed in as at first.
   */
  public Credentials restart() {
    return loop.ask(
            () -> {
              older = Optional.of(carrying());
              changeover.set(OptionalLong.empty());
              latest = new Generation(latest.side(), random, new Whole());
              found.forEach(this::tell);
              if (gathered) {
                tellAll();
              }
              rearm();
              return latest.credentials();
            })
        .join();
  }

  /** What payload goes over: the pair from before a restart until there is a new one. */
  private Generation carrying() {
    boolean old = latest.agent().selected().isEmpty() && latest.agent().failure().isEmpty();
    return older.filter(_ -> old).orElse(latest);
  }

  /** The peer's credentials, once for each session and each restart. */
  public void peer(Credentials theirs) {
    run(() -> latest.agent().peer(theirs, loop.nanos()));
  }

  /** A candidate of the peer's, with or without {@code a=}; what cannot be used is ignored. */
  public void remote(String line) {
    CandidateLine.parse(line)
        .ifPresent(candidate -> run(() -> latest.agent().remote(candidate, loop.nanos())));
  }

  /** The peer has no more candidates. */
  public void allRemote() {
    run(() -> latest.agent().allRemote(loop.nanos()));
  }

  /** Sends payload over the selected pair; without one it is lost. */
  public void send(ByteBuffer payload) {
    ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip();
    loop.execute(() ->
        carrying()
            .agent()
            .selected()
            .ifPresent(pair -> gathering.send(pair.socket(), pair.remote().address(), copy)));
  }

  private void run(Runnable task) {
    loop.execute(() -> {
      task.run();
      rearm();
    });
  }

  private void tell(LocalCandidate candidate) {
    latest.agent().local(candidate, loop.nanos());
    listener.candidate(CandidateLine.format(candidate.candidate()));
  }

  private void tellAll() {
    latest.agent().allLocal(loop.nanos());
    listener.gathered();
  }

  /** The generations that are alive, the latest first. */
  private Stream<IceAgent> agents() {
    return Stream.concat(Stream.of(latest), older.stream()).map(Generation::agent);
  }

  private void advance() {
    agents().forEach(agent -> agent.advance(loop.nanos()));
    rearm();
  }

  private void rearm() {
    alarm.set(
        agents()
            .flatMapToLong(agent -> agent.deadlineNanos().stream())
            .reduce((one, other) -> one - other <= 0 ? one : other));
  }

  /** Releases everything; the peer notices by itself. */
  @Override
  public void close() {
    loop.execute(() -> {
      alarm.remove();
      changeover.remove();
      gathering.close();
      loop.close();
    });
  }

  private void received(int socket, TransportAddress from, ByteBuffer datagram) {
    // RFC 7983 §7: STUN begins with 0 to 3.
    boolean isStun =
        datagram.hasRemaining() && Byte.toUnsignedInt(datagram.get(datagram.position())) <= 3;
    if (!isStun) {
      if (agents().anyMatch(agent -> agent.isValid(socket, from))) {
        listener.received(datagram);
      }
      return;
    }
    Decoded decoded = Decoder.decode(datagram);
    if (decoded instanceof StunMessage message) {
      // Whose a message is, its credentials or its transaction tell.
      var _ = agents().anyMatch(agent -> agent.received(socket, from, message, loop.nanos()));
      rearm();
    }
  }

  private final class Whole implements Generation.Whole {

    @Override
    public void send(int socket, TransportAddress to, ByteBuffer datagram) {
      gathering.send(socket, to, datagram);
    }

    @Override
    public void selected(Generation generation, IceAgent.Selected pair) {
      if (generation == latest && older.isPresent()) {
        changeover.in(CHANGEOVER_NANOS);
      }
      if (generation == carrying()) {
        listener.selected(pair);
      }
    }

    @Override
    public void failed(Generation generation, IceAgent.Failure why) {
      // What ends before a restart has succeeded, the restart may mend.
      if (generation == latest) {
        listener.failed(why);
      }
    }
  }

  private final class Found implements Gathering.Listener {

    @Override
    public void found(LocalCandidate candidate) {
      found.add(candidate);
      tell(candidate);
      rearm();
    }

    @Override
    public void gathered() {
      gathered = true;
      tellAll();
      rearm();
    }

    @Override
    public void received(int socket, TransportAddress from, ByteBuffer datagram) {
      IceSession.this.received(socket, from, datagram);
    }

    @Override
    public void disconnected(int socket, TransportAddress remote) {
      agents().forEach(agent -> agent.disconnected(socket, remote, loop.nanos()));
      rearm();
    }
  }
}
