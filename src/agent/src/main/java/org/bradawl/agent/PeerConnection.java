package org.bradawl.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.path.Crossing;
import org.bradawl.agent.path.Path;
import org.bradawl.agent.path.Paths;
import org.bradawl.agent.tunnel.Duplex;
import org.bradawl.agent.tunnel.TunnelClient;
import org.bradawl.agent.tunnel.TunnelServer;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Plan;
import org.bradawl.traversal.frame.Ending;
import org.bradawl.traversal.frame.FromServer;
import org.jspecify.annotations.Nullable;

/**
 * One connection at one side: its ways, and the tunnel over them. The side that made it asks for
 * new ways when the last one dies.
 */
final class PeerConnection implements Connection, Paths.Listener, TunnelServer.Listener {

  /** Two sides that both know a way shake hands at once, or something is wrong. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  /** The ways stay for a goodbye and its repetition; who has not heard it by then has gone. */
  private static final Duration GOODBYE = Duration.ofMillis(300);

  /** While no way works, the server is asked this often; it answers what a new plan may be. */
  private static final long AGAIN_NANOS = 2_000_000_000L;

  /** A relayed connection tries to become direct again after this: NATs and networks change. */
  private static final long IMPROVE_NANOS = 60_000_000_000L;

  /** Where a direct way was tried and not found, bad luck may be the reason: sooner at first. */
  private static final long FIRST_IMPROVE_NANOS = 5_000_000_000L;

  /** The server answers at once; a request that has got no answer was lost with its connection. */
  private static final long UNHEARD_NANOS = 3_000_000_000L;

  /** The longest plan has ended by then, and its end was lost if nothing has been heard of it. */
  private static final long OVERDUE_NANOS = 20_000_000_000L;

  /**
   * A visitor that asked, and has not shown the secret after the longest plan and a handshake, is
   * not coming; what was opened for it is closed, or strangers could pile it up.
   */
  private static final long UNPROVEN_NANOS = 60_000_000_000L;

  /**
   * A traversal that this side could not take part in ends within the longest plan, and one that
   * the other side has asked for meanwhile as well.
   */
  private static final long LENIENT_NANOS = 20_000_000_000L;

  private final Agent agent;
  private final String peer;
  private final String tunnel;
  private final boolean asking;
  private final Paths paths;
  private final long beganNanos;
  private final CompletableFuture<PeerConnection> ready = new CompletableFuture<>();
  private final EventLoop.Alarm again;
  private final EventLoop.Alarm unproven;
  private Optional<Json> theirs = Optional.empty();
  private String secret = "";
  private volatile @Nullable TunnelClient client;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private @Nullable TunnelServer server;
  private long askedNanos;

  /** Until then, what fails is laid to a server that was out of reach, and is asked for again. */
  private OptionalLong lenientUntil = OptionalLong.empty();

  private long improveNanos = FIRST_IMPROVE_NANOS;
  private boolean connecting;
  private boolean displaced;
  private volatile boolean over;

  PeerConnection(Agent agent, String peer, String tunnel, boolean asking) {
    this.agent = agent;
    this.peer = peer;
    this.tunnel = tunnel;
    this.asking = asking;
    this.beganNanos = agent.loop().nanos();
    this.again = agent.loop().alarm(this::askAgain);
    this.unproven = agent.loop().alarm(this::close);
    try {
      this.paths = new Paths(agent.loop(), agent.random(), this);
      if (!asking) {
        secret = agent.secret();
        server = new TunnelServer(paths.socket(), agent.identity(), secret, this);
        unproven.in(UNPROVEN_NANOS);
      }
    } catch (SocketException e) {
      throw new UncheckedIOException("the system gives no socket", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the tunnel does not start", e);
    }
  }

  @Override
  public String peer() {
    return peer;
  }

  /** Whether this side made it. */
  boolean isAsking() {
    return asking;
  }

  String tunnel() {
    return tunnel;
  }

  Paths paths() {
    return paths;
  }

  CompletableFuture<PeerConnection> ready() {
    return ready;
  }

  /** What each side tells the other through signaling when it is asked. */
  Map<String, Object> offer() {
    return Map.of("fingerprint", agent.identity().fingerprint(), "secret", secret);
  }

  /** What it says when it asks: which tunnel a way is for, and how to enter it at this side. */
  Map<String, Object> request() {
    Map<String, Object> said = new HashMap<>(asking ? Map.of() : offer());
    said.put("tunnel", tunnel);
    return said;
  }

  /** What the other side has told through signaling. */
  void told(Json data) {
    if (data.get("fingerprint").isPresent()) {
      theirs = Optional.of(data);
    }
  }

  /** Whether there is a tunnel, for which any way will do. */
  boolean isEstablished() {
    return !asking || ready.isDone();
  }

  /** This host is elsewhere: another way is needed, once the server knows where that is. */
  void moved(Predicate<Path> gone) {
    displaced = isEstablished();
    paths.leave(gone);
    if (displaced) {
      again.in(UNHEARD_NANOS);
    }
  }

  /** The server knows where this host is. */
  void seen() {
    if (displaced) {
      askForWay();
    }
  }

  /** The server looks for a way. */
  void heard() {
    displaced = false;
    if (isEstablished() || isLenient()) {
      again.in(OVERDUE_NANOS);
    }
  }

  private void askForWay() {
    askedNanos = agent.loop().nanos();
    again.in(UNHEARD_NANOS);
    agent.ask(this);
  }

  void refused(FromServer.RefusalCode code, String message, Optional<Duration> retryAfter) {
    // The other side may be asking for a way at this moment.
    boolean busy = retryAfter.isPresent() && isLenient();
    if (isEstablished() || busy) {
      again.in(Math.max(AGAIN_NANOS, retryAfter.orElse(Duration.ZERO).toNanos()));
    } else {
      fail(new AgentException(Kind.FAILED, message + " (" + code.label() + ")"));
    }
  }

  /** The server was out of reach for a while: what it planned meanwhile may have come too late. */
  void wasCutOff() {
    if (!isEstablished()) {
      lenientUntil = OptionalLong.of(agent.loop().nanos() + LENIENT_NANOS);
    }
  }

  private boolean isLenient() {
    return lenientUntil.isPresent() && agent.loop().nanos() - lenientUntil.getAsLong() < 0;
  }

  void ended(FromServer.Ended ended) {
    boolean connected = ended.ending().isConnected();
    if (!connected && paths.current().isEmpty()) {
      boolean wanted = ended.ending() != Ending.REFUSED;
      if (isEstablished() || (isLenient() && wanted)) {
        again.in(AGAIN_NANOS);
      } else {
        fail(
            new AgentException(
                Kind.FAILED,
                peer
                    + " was not reached ("
                    + ended.ending().label()
                    + "): "
                    + String.join(" ", ended.explanation())));
      }
    }
  }

  private void fail(AgentException why) {
    ready.completeExceptionally(why);
    close();
  }

  void found(Crossing crossing, Path path) {
    if (!over) {
      paths.add(path, crossing.planned().side(), crossing.local(), crossing.planned().ice());
    }
  }

  void finished(Plan plan, Outcome outcome) {
    switch (outcome) {
      case Outcome.Connected _ -> improveNanos = FIRST_IMPROVE_NANOS;
      case Outcome.Relayed _ -> {
        boolean tried = plan.steps().stream().anyMatch(step -> step.method() != Method.RELAY);
        if (asking) {
          again.in(tried ? improveNanos : IMPROVE_NANOS);
          improveNanos = Math.min(2 * improveNanos, IMPROVE_NANOS);
        }
      }
      case Outcome.Failed _ -> {
        if (isEstablished() && paths.current().isEmpty()) {
          again.in(AGAIN_NANOS);
        }
      }
    }
  }

  private void askAgain() {
    boolean wanted = paths.current().map(path -> asking && path.isRelayed()).orElse(true);
    if (!over && (wanted || displaced)) {
      askForWay();
    }
  }

  @Override
  public void improve() {
    agent.loop().execute(this::askAgain);
  }

  @Override
  public void moved(Path path) {
    if (asking && !connecting) {
      connecting = true;
      Thread.ofVirtual().name("handshake with " + peer).start(this::shakeHands);
    } else {
      agent.happened(told("path", path));
    }
  }

  private void shakeHands() {
    try {
      Json data = theirs.orElseThrow(() -> new IOException("the peer told no fingerprint"));
      TunnelClient ours =
          TunnelClient.connect(
              paths.socket(),
              data.get("fingerprint").textOrEmpty(),
              data.get("secret").textOrEmpty(),
              HANDSHAKE,
              this::ended);
      client = ours;
      agent
          .loop()
          .execute(() -> {
            if (over) {
              var _ = ours.leave();
            }
            paths
                .current()
                .ifPresent(
                    path -> agent.happened(told("connected", path).with("reason", path.reason())));
            ready.complete(this);
          });
    } catch (IOException e) {
      agent
          .loop()
          .execute(() ->
              fail(
                  new AgentException(
                      Kind.FAILED, "no tunnel to " + peer + ": " + e.getMessage(), e)));
    }
  }

  private Event told(String name, Path path) {
    return Event.of(name)
        .with("peer", peer)
        .with("path", path.method().label())
        .with("transport", path.transport().name().toLowerCase(Locale.ROOT))
        .with("local", path.local().toString())
        .with("remote", path.remote().toString())
        .with("millis", (agent.loop().nanos() - beganNanos) / 1_000_000);
  }

  @Override
  public void lost(Path path, Optional<Path> left) {
    agent.happened(
        Event.of("path-lost")
            .with("peer", peer)
            .with("path", path.method().label())
            .with("left", left.map(way -> way.method().label()).orElse(null)));
    if (over || displaced) {
      return;
    }
    if (asking && left.map(Path::isRelayed).orElse(true)) {
      askForWay();
    } else if (left.isEmpty()) {
      // The side that asked notices too, and asks.
      again.in(UNHEARD_NANOS);
    }
  }

  @Override
  public void stuck() {
    agent.doubt();
    boolean asked = agent.loop().nanos() - askedNanos < AGAIN_NANOS;
    if (asking && ready.isDone() && !over && !asked) {
      askForWay();
    }
  }

  @Override
  public Optional<Path> path() {
    return paths.current();
  }

  @Override
  public OptionalLong roundTripNanos() {
    return paths.roundTripNanos();
  }

  @Override
  public Duplex open(Map<String, ?> purpose) throws IOException {
    TunnelClient open = client;
    if (open == null || over) {
      throw new IOException("the connection to " + peer + " is over");
    }
    return open.open(purpose);
  }

  @Override
  public void proven() {
    agent
        .loop()
        .execute(() -> {
          unproven.set(OptionalLong.empty());
          paths
              .current()
              .ifPresent(
                  path -> agent.happened(told("connected", path).with("reason", path.reason())));
        });
  }

  @Override
  public void opened(Json purpose, Duplex stream) {
    try {
      agent.service().serve(peer, purpose, stream);
    } catch (IOException e) {
      stream.abort().run();
    }
  }

  @Override
  public void ended() {
    agent
        .loop()
        .execute(() -> {
          if (!over) {
            agent.happened(Event.of("disconnected").with("peer", peer));
            close();
          }
        });
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    agent.loop().execute(this::letGo);
  }

  private void letGo() {
    agent.leaving(this);
    again.remove();
    unproven.remove();
    TunnelClient ours = client;
    CompletableFuture<?> left =
        CompletableFuture.allOf(
            ours == null ? CompletableFuture.completedFuture(null) : ours.leave(),
            server == null ? CompletableFuture.completedFuture(null) : server.leave());
    var _ =
        left.completeOnTimeout(null, GOODBYE.toMillis(), TimeUnit.MILLISECONDS)
            .whenCompleteAsync(
                (_, _) -> {
                  paths.close();
                  gone.complete(null);
                },
                agent.loop());
  }

  /** Done when it is closed and the peer has had the time to hear of it. */
  CompletableFuture<Void> gone() {
    return gone;
  }
}
