package org.bradawl.agent;

import java.io.IOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.discovery.NatCheck;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.net.NetworkWatch;
import org.bradawl.agent.signaling.SignalingClient;
import org.bradawl.agent.signaling.SignalingListener;
import org.bradawl.agent.tunnel.TunnelIdentity;
import org.bradawl.nat.Answer;
import org.bradawl.nat.DiscoverySettings;
import org.bradawl.nat.Report;
import org.bradawl.nat.Tree;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.PeerFrames;
import org.bradawl.traversal.frame.ServerFrames;
import org.jspecify.annotations.Nullable;

/**
 * A native peer: one session with the server. Where it can be reached is {@link Whereabouts}', how
 * it gets through to others {@link Traversals}' matter. Its state lives on one loop's thread; the
 * methods may be called from any other.
 */
public final class Agent implements AutoCloseable {

  /** The server answers at once, or its sockets do not get through. */
  private static final Duration READY = Duration.ofSeconds(12);

  /**
   * RFC 8305 §8's delay between families: who has one that leads nowhere waits no longer for it.
   */
  private static final long OTHER_FAMILY_NANOS = 250_000_000L;

  /** How often it is looked whether the server has answered in both families. */
  private static final long LOOK_NANOS = 10_000_000L;

  /** A router has answered within a second, or was asked for nothing (RFC 6886 §3.1). */
  private static final Duration LEAVING = Duration.ofSeconds(3);

  /** What is closed here asks nobody; a busy machine takes a part of this. */
  private static final Duration LETTING_GO = Duration.ofSeconds(1);

  private final AgentSettings settings;
  private final Consumer<Event> events;
  private final SecureRandom random = new SecureRandom();
  private final EventLoop loop = new EventLoop("agent");
  private final HttpClient http = HttpClient.newHttpClient();
  private final CompletableFuture<TunnelIdentity> identity;
  private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
  private final CompletableFuture<AgentException> over = new CompletableFuture<>();
  private final CompletableFuture<SignalingClient> signaling = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch left = new CountDownLatch(1);
  private final Whereabouts whereabouts;
  private final Traversals traversals;
  private StreamService service = (_, _, stream) -> stream.abort().run();
  private Report report = Report.unknown();
  private Optional<NetworkWatch> watch = Optional.empty();
  private Optional<TransportAddress> seenAt = Optional.empty();
  private Optional<FromPeer.NatReport> untaken = Optional.empty();
  private boolean everWelcome;
  private boolean examining;
  private boolean moving;

  private Agent(AgentSettings settings, Consumer<Event> events) {
    this.settings = settings;
    this.events = events;
    this.identity =
        CompletableFuture.supplyAsync(
            () -> TunnelIdentity.create(random, InstantSource.system()),
            task -> Thread.ofPlatform().daemon().name("identity").start(task));
    this.whereabouts = new Whereabouts(loop, random, http, this::tell, events);
    this.traversals = new Traversals(this, whereabouts);
  }

  /**
   * Enters, and waits until the server says where it sees this host.
   *
   * @param events is told what happens, on the loop's thread
   */
  public static Agent start(AgentSettings settings, Consumer<Event> events) throws AgentException {
    return enter(settings, events).awaitReady();
  }

  /**
   * Begins to enter. From now on the agent is to be closed, whatever comes: a server that has let
   * it in keeps its place for minutes unless it hears a goodbye.
   *
   * @param events is told what happens, on the loop's thread
   */
  public static Agent enter(AgentSettings settings, Consumer<Event> events) {
    Agent agent = new Agent(settings, events);
    agent.loop.execute(() -> {
      SignalingClient client =
          new SignalingClient(
              agent.loop,
              agent.http,
              settings.server(),
              settings.token(),
              settings.peer(),
              agent.new Ear());
      agent.signaling.complete(client);
      client.connect();
    });
    return agent;
  }

  /** Waits until the server says where it sees this host; a failure closes the agent. */
  public Agent awaitReady() throws AgentException {
    try {
      ready.get(READY.toMillis(), TimeUnit.MILLISECONDS);
      return this;
    } catch (TimeoutException e) {
      close();
      throw new AgentException(
          Kind.UNREACHABLE, "the server does not say where it sees this host", e);
    } catch (ExecutionException e) {
      close();
      throw e.getCause() instanceof AgentException known
          ? known
          : new AgentException(Kind.FAILED, String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new AgentException(Kind.FAILED, "interrupted", e);
    }
  }

  /** Completes when the session is over for good, with the reason. */
  public CompletableFuture<AgentException> over() {
    return over;
  }

  /** Lets peers connect. */
  public void listen(Predicate<String> admitted, StreamService served) {
    loop.execute(() -> {
      traversals.admit(admitted);
      service = served;
    });
  }

  /** Connects to a peer; the connection is encrypted and the peer is who the server says. */
  public Connection connect(String peer, Duration patience) throws AgentException {
    AgentSettings.checkName(peer);
    CompletableFuture<PeerConnection> made = loop.ask(() -> traversals.connect(peer));
    try {
      return made.get().ready().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AgentException(
          Kind.FAILED, peer + " was not reached in " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof AgentException known
          ? known
          : new AgentException(Kind.FAILED, String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AgentException(Kind.FAILED, "interrupted", e);
    }
  }

  /** What nobody can guess: 256 bits. */
  String secret() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  EventLoop loop() {
    return loop;
  }

  SecureRandom random() {
    return random;
  }

  TunnelIdentity identity() {
    return identity.join();
  }

  StreamService service() {
    return service;
  }

  void happened(Event event) {
    events.accept(event);
  }

  void leaving(PeerConnection connection) {
    traversals.leaving(connection);
  }

  void ask(PeerConnection connection) {
    traversals.ask(connection);
  }

  /** Nothing comes back from a peer: it, or this host, may be elsewhere by now. */
  void doubt() {
    SignalingClient client = signaling.getNow(null);
    if (client != null) {
      client.doubt();
    }
    whereabouts.again();
  }

  /** This host's addresses have changed. */
  private void moved() {
    SignalingClient client = signaling.getNow(null);
    if (client == null) {
      return;
    }
    events.accept(
        Event.of("moved")
            .with(
                "address",
                LocalAddresses.towards(whereabouts.stun()).map(Object::toString).orElse(null)));
    report = Report.unknown();
    untaken = Optional.empty();
    moving = true;
    boolean relayLost = whereabouts.moved();
    traversals.moved(relayLost);
    client.reconnect("this host is in another network");
  }

  /** The server sees this host elsewhere than before. */
  private void displaced(TransportAddress before, TransportAddress now) {
    // Behind another public address the relay does not know us any more. If this host itself has
    // moved, that was seen to before.
    boolean elsewhere = !before.address().equals(now.address()) && !moving;
    moving = false;
    traversals.moved(elsewhere && whereabouts.dropRelay());
    traversals.seen();
  }

  AgentSettings settings() {
    return settings;
  }

  Report report() {
    return report;
  }

  /** Lost while there is no connection; what matters is told again after the resume. */
  void tell(FromPeer frame) {
    signaling.getNow(null).send(PeerFrames.write(frame));
  }

  /** As {@link #tell} about what somebody waits for. */
  void tellUrgently(FromPeer frame) {
    tell(frame);
    expectAnswer();
  }

  /** Finds out soon whether the server can still be heard. */
  void expectAnswer() {
    loop.execute(() -> signaling.getNow(null).expectAnswer());
  }

  private void received(FromServer frame) {
    switch (frame) {
      case FromServer.Observed seen -> observed(seen);
      case FromServer.Probe probe -> tell(new FromPeer.Echo(probe.probe()));
      case FromServer.ReportTaken taken -> {
        untaken = Optional.empty();
        events.accept(
            Event.of("report-taken")
                .with("standing", taken.standing().label())
                .with("doubts", taken.doubts()));
      }
      case FromServer.Connecting connecting -> traversals.connecting(connecting);
      case FromServer.ConnectRefused refused -> traversals.refused(refused);
      case FromServer.Invited invited -> traversals.invited(invited);
      case FromServer.Planned planned -> traversals.planned(planned);
      case FromServer.Go go -> traversals.go(go);
      case FromServer.Ended ended -> traversals.ended(ended);
    }
  }

  private void observed(FromServer.Observed seen) {
    whereabouts.announce(seen.key());
    if (seen.udp().isEmpty() && !ready.isDone()) {
      expectAnswer();
    }
    seen.udp()
        .ifPresent(now -> {
          Optional<TransportAddress> before = seenAt;
          seenAt = Optional.of(now);
          before
              .filter(then -> then.address().family() == now.address().family())
              .filter(then -> !then.equals(now))
              .ifPresent(then -> displaced(then, now));
        });
    seen.want().found().ifPresent(found -> report = found);
    boolean wanted = seen.want().why().isPresent() && settings.examine() && untaken.isEmpty();
    if (seen.udp().isPresent() && wanted && !examining) {
      examine();
    } else if (seen.udp().isPresent() && !wanted && !ready.isDone()) {
      readyOnceSeen(loop.nanos() + OTHER_FAMILY_NANOS);
    }
  }

  /**
   * A plan that is made before the server has seen us in both families goes without one of them.
   */
  private void readyOnceSeen(long latestNanos) {
    if (whereabouts.isSeen() || loop.nanos() - latestNanos >= 0) {
      ready.complete(null);
    } else {
      loop.after(LOOK_NANOS, () -> readyOnceSeen(latestNanos));
    }
  }

  private void examine() {
    examining = true;
    events.accept(Event.of("examining"));
    var _ =
        NatCheck.run(loop, DiscoverySettings.of(whereabouts.stun()).withTcp())
            .whenComplete((found, _) -> loop.execute(() -> examined(found)));
  }

  private void examined(@Nullable Report found) {
    examining = false;
    if (found != null && found.udp() != Answer.UNKNOWN) {
      report = found;
      untaken = Optional.of(new FromPeer.NatReport(Optional.empty(), found));
      untaken.ifPresent(this::tell);
      events.accept(
          Event.of("examined")
              .with("mapping", found.mapping().label())
              .with("filtering", found.filtering().label()));
    }
    ready.complete(null);
  }

  /**
   * Says goodbye and gives the router its port back; waits until that has gone out, for a few
   * seconds at most, also when another thread is closing already.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      awaitLeft();
      return;
    }
    try {
      leave();
    } finally {
      left.countDown();
    }
  }

  private void awaitLeft() {
    try {
      // The goodbye, the router and the rest, one after the other on a bad day.
      var _ = left.await(2 * LEAVING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void leave() {
    // Side by side: a router that does not answer must not keep the server waiting for a goodbye.
    Thread router = Thread.ofPlatform().daemon().name("port").start(whereabouts::takeBackPort);
    // The goodbye first: it must not wait for tunnels that nobody answers any more.
    SignalingClient client = signaling.getNow(null);
    if (client != null) {
      client.close();
    }
    CompletableFuture<Void> letGo = new CompletableFuture<>();
    loop.execute(() -> {
      var _ =
          traversals
              .close()
              .whenCompleteAsync(
                  (_, _) -> {
                    whereabouts.closeRelay();
                    watch.ifPresent(NetworkWatch::close);
                    letGo.complete(null);
                  },
                  loop);
    });
    try {
      router.join(LEAVING);
      // The process may end with this; a relay that is not given back is kept for minutes.
      letGo.get(LETTING_GO.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Then the server finds out by itself.
      letGo.cancel(false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.close();
    http.shutdownNow();
  }

  private final class Ear implements SignalingListener {

    @Override
    public void welcomed(Json welcome, boolean resumed) {
      try {
        whereabouts.welcomed(welcome, traversals);
        if (watch.isEmpty()) {
          watch = Optional.of(new NetworkWatch(loop, whereabouts.stun(), Agent.this::moved));
        }
        if (everWelcome) {
          untaken.ifPresent(Agent.this::tell);
          traversals.backAgain(resumed);
          events.accept(Event.of("signaling-back").with("resumed", resumed));
        }
        everWelcome = true;
        if (!ready.isDone()) {
          // Whoever starts the agent waits for what the server says to its whereabouts.
          expectAnswer();
        }
      } catch (IOException e) {
        ready.completeExceptionally(
            new AgentException(Kind.FAILED, String.valueOf(e.getMessage()), e));
      } catch (RuntimeException | LinkageError e) {
        // Whoever waits for the start learns it from here, or waits in vain.
        ready.completeExceptionally(
            new AgentException(Kind.FAILED, "the agent cannot work here: " + e, e));
        throw e;
      }
    }

    @Override
    public void received(Json frame) {
      ServerFrames.read(Tree.of(frame.tree())).ifPresent(Agent.this::received);
      if (frame.get("type").textOrEmpty().equals("error")) {
        events.accept(Event.of("server-error").with("message", frame.get("message").textOrEmpty()));
      }
    }

    @Override
    public void lost(String why) {
      events.accept(Event.of("signaling-lost").with("why", why));
    }

    @Override
    public void over(AgentException why) {
      ready.completeExceptionally(why);
      over.complete(why);
    }
  }
}
