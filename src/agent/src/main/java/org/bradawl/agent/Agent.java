package org.bradawl.agent;

import java.io.IOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
import org.bradawl.agent.net.TcpLink;
import org.bradawl.agent.path.Crossing;
import org.bradawl.agent.path.MainSocket;
import org.bradawl.agent.path.Path;
import org.bradawl.agent.path.RelayClient;
import org.bradawl.agent.path.Switchboard;
import org.bradawl.agent.portmapping.Gateway;
import org.bradawl.agent.portmapping.Mapping;
import org.bradawl.agent.portmapping.PortMapper;
import org.bradawl.agent.server.IceServer;
import org.bradawl.agent.server.IceUri;
import org.bradawl.agent.server.Resolution;
import org.bradawl.agent.server.ServerEndpoint;
import org.bradawl.agent.server.SystemRecords;
import org.bradawl.agent.signaling.SignalingClient;
import org.bradawl.agent.signaling.SignalingListener;
import org.bradawl.agent.tunnel.TunnelIdentity;
import org.bradawl.nat.Answer;
import org.bradawl.nat.DiscoverySettings;
import org.bradawl.nat.Report;
import org.bradawl.nat.Tree;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Traversal;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.PeerFrames;
import org.bradawl.traversal.frame.ServerFrames;
import org.jspecify.annotations.Nullable;

/**
 * A native peer: one session with the server, one main socket, and the connections to other peers.
 * Its state lives on one loop's thread; the methods may be called from any other.
 */
public final class Agent implements AutoCloseable {

  /** The server answers at once, or its sockets do not get through. */
  private static final Duration READY = Duration.ofSeconds(12);

  private final AgentSettings settings;
  private final Consumer<Event> events;
  private final SecureRandom random = new SecureRandom();
  private final EventLoop loop = new EventLoop("agent");
  private final HttpClient http = HttpClient.newHttpClient();
  private final CompletableFuture<TunnelIdentity> identity;
  private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
  private final CompletableFuture<AgentException> over = new CompletableFuture<>();
  private final Switchboard switchboard = new Switchboard();
  private final Map<String, PeerConnection> invitations = new HashMap<>();
  private final Map<String, PeerConnection> asked = new HashMap<>();
  private final Map<String, PeerConnection> byTunnel = new HashMap<>();
  private final Map<String, Credentials> credentials = new HashMap<>();
  private final Map<String, Crossing> crossings = new LinkedHashMap<>();
  private final CompletableFuture<SignalingClient> signaling = new CompletableFuture<>();
  private Optional<MainSocket> main = Optional.empty();
  private Optional<TransportAddress> stun = Optional.empty();
  private Optional<RelayClient.Access> relayAccess = Optional.empty();
  private Optional<RelayClient> relay = Optional.empty();
  private Optional<IpAddress> gateway = Optional.empty();
  private Optional<Mapping> portMapped = Optional.empty();
  private volatile Optional<PortMapper> mapper = Optional.empty();
  private Report report = Report.unknown();
  private final AtomicBoolean closed = new AtomicBoolean();
  private boolean examining;
  private Predicate<String> admission = _ -> false;
  private StreamService service = (_, _, stream) -> stream.abort().run();
  private int labels;

  private Agent(AgentSettings settings, Consumer<Event> events) {
    this.settings = settings;
    this.events = events;
    this.identity =
        CompletableFuture.supplyAsync(
            () -> TunnelIdentity.create(random, InstantSource.system()),
            task -> Thread.ofPlatform().daemon().name("identity").start(task));
  }

  /**
   * Enters.
   *
   * @param events is told what happens, on the loop's thread
   */
  public static Agent start(AgentSettings settings, Consumer<Event> events) throws AgentException {
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
    try {
      agent.ready.get(READY.toMillis(), TimeUnit.MILLISECONDS);
      return agent;
    } catch (TimeoutException e) {
      agent.close();
      throw new AgentException(
          Kind.UNREACHABLE, "the server does not say where it sees this host", e);
    } catch (ExecutionException e) {
      agent.loop.close();
      throw e.getCause() instanceof AgentException known
          ? known
          : new AgentException(Kind.FAILED, String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      agent.close();
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
      admission = admitted;
      service = served;
    });
  }

  /** Connects to a peer; the connection is encrypted and the peer is who the server says. */
  public Connection connect(String peer, Duration patience) throws AgentException {
    CompletableFuture<PeerConnection> made =
        loop.ask(() -> {
          String tunnel = secret();
          PeerConnection connection = new PeerConnection(this, peer, tunnel, true);
          byTunnel.put(tunnel, connection);
          ask(connection);
          return connection;
        });
    try {
      return made.get().ready().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AgentException(Kind.FAILED, peer + " was not reached in " + patience, e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof AgentException known
          ? known
          : new AgentException(Kind.FAILED, String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AgentException(Kind.FAILED, "interrupted", e);
    }
  }

  /** Asks the server for a way for a connection that this side made. */
  void ask(PeerConnection connection) {
    String label = "c" + ++labels;
    Credentials ice = Credentials.random(random);
    asked.put(label, connection);
    credentials.put(label, ice);
    tell(
        new FromPeer.Connect(
            Optional.of(label),
            connection.peer(),
            settings.wishes(),
            ice,
            Optional.of(Map.of("tunnel", connection.tunnel()))));
  }

  /** What nobody can guess: 256 bits. */
  String secret() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return java.util.HexFormat.of().formatHex(bytes);
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

  void forget(PeerConnection connection) {
    loop.execute(() -> byTunnel.remove(connection.tunnel(), connection));
  }

  private void tell(FromPeer frame) {
    signaling.getNow(null).send(PeerFrames.write(frame));
  }

  private void welcomed(Json welcome) throws IOException {
    List<IceServer> servers = IceServer.read(welcome.get("iceServers"));
    Resolution resolution = new Resolution(new SystemRecords());
    relayAccess = relayAccess(servers, resolution).or(() -> relayAccess);
    if (main.isEmpty()) {
      TransportAddress server =
          endpoints(servers, resolution, IceUri.Scheme.STUN).stream()
              .findFirst()
              .orElseThrow(() -> new IOException("the server names no STUN server"));
      stun = Optional.of(server);
      MainSocket opened = MainSocket.open(loop, random, server, this::accepted);
      opened.listener((end, from, datagram) ->
          switchboard
              .deliver(end, from, datagram)
              .filter(message -> !opened.received(from, message))
              .ifPresent(message -> {
                for (Crossing crossing : List.copyOf(crossings.values())) {
                  if (crossing.receivedAtMain(from, message)) {
                    return;
                  }
                }
              }));
      main = Optional.of(opened);
      mapPort(opened, server);
    }
    host();
  }

  /** Asks the router for a port of the main socket's number, where there is a router to ask. */
  private void mapPort(MainSocket socket, TransportAddress server) {
    Optional<IpAddress> self = LocalAddresses.towards(server);
    boolean askable =
        self.filter(address -> address.family() == IpAddress.Family.IPV4)
            .filter(address -> !LocalAddresses.isLoopback(address))
            .isPresent();
    if (!askable) {
      return;
    }
    gateway = Gateway.address();
    gateway.ifPresent(router ->
        mapper =
            Optional.of(
                PortMapper.open(
                    router,
                    self.get(),
                    http,
                    random,
                    socket.hosts().getFirst().port(),
                    mapping -> loop.execute(() -> mapped(mapping)))));
  }

  private void mapped(Optional<Mapping> mapping) {
    portMapped = mapping;
    events.accept(
        Event.of("port-mapping")
            .with("external", mapping.map(found -> found.external().toString()).orElse(null)));
    host();
  }

  private void host() {
    main.ifPresent(socket ->
        tell(
            new FromPeer.Host(
                Optional.empty(),
                socket.hosts(),
                gateway.map(IpAddress::toString).orElse(""),
                portMapped.map(Mapping::external),
                new Peer.Abilities(true, true, false, Peer.Abilities.usual().sockets()))));
  }

  private static List<TransportAddress> endpoints(
      List<IceServer> servers, Resolution resolution, IceUri.Scheme scheme) {
    return servers.stream()
        .flatMap(server -> server.uris().stream())
        .filter(uri -> uri.scheme() == scheme)
        .flatMap(uri -> resolution.resolve(uri).stream())
        .filter(endpoint -> endpoint.over() == ServerEndpoint.Over.UDP)
        .map(ServerEndpoint::address)
        .toList();
  }

  private static Optional<RelayClient.Access> relayAccess(
      List<IceServer> servers, Resolution resolution) {
    for (IceServer server : servers) {
      List<TransportAddress> found = endpoints(List.of(server), resolution, IceUri.Scheme.TURN);
      if (!found.isEmpty() && server.username().isPresent() && server.credential().isPresent()) {
        return Optional.of(
            new RelayClient.Access(
                found.getFirst(), server.username().get(), server.credential().get()));
      }
    }
    return Optional.empty();
  }

  private void accepted(TcpLink link) {
    TransportAddress remote;
    try {
      remote = link.remote();
    } catch (IOException e) {
      link.close();
      return;
    }
    link.listener(new Stranger(link, remote));
  }

  private void received(FromServer frame) {
    switch (frame) {
      case FromServer.Observed seen -> observed(seen);
      case FromServer.Probe probe -> tell(new FromPeer.Echo(probe.probe()));
      case FromServer.ReportTaken taken ->
          events.accept(
              Event.of("report-taken")
                  .with("standing", taken.standing().label())
                  .with("doubts", taken.doubts()));
      case FromServer.Connecting connecting -> connecting(connecting);
      case FromServer.ConnectRefused refused -> refused(refused);
      case FromServer.Invited invited -> invited(invited);
      case FromServer.Planned planned -> planned(planned);
      case FromServer.Go go -> {
        Crossing crossing = crossings.get(go.traversal());
        if (crossing != null) {
          crossing.go(go);
        }
      }
      case FromServer.Ended ended -> ended(ended);
    }
  }

  private void observed(FromServer.Observed seen) {
    main.ifPresent(socket -> socket.announce(seen.key()));
    boolean wanted = seen.want().why().isPresent() && settings.examine();
    if (seen.udp().isPresent() && wanted && !examining) {
      examine();
    } else if (seen.udp().isPresent() && !wanted) {
      ready.complete(null);
    }
  }

  private void examine() {
    examining = true;
    events.accept(Event.of("examining"));
    var _ =
        NatCheck.run(loop, DiscoverySettings.of(stun.orElseThrow()).withTcp())
            .whenComplete((found, _) -> loop.execute(() -> examined(found)));
  }

  private void examined(@Nullable Report found) {
    examining = false;
    if (found != null && found.udp() != Answer.UNKNOWN) {
      report = found;
      tell(new FromPeer.NatReport(Optional.empty(), found));
      events.accept(
          Event.of("examined")
              .with("mapping", found.mapping().label())
              .with("filtering", found.filtering().label()));
    }
    ready.complete(null);
  }

  private void connecting(FromServer.Connecting connecting) {
    connecting
        .id()
        .ifPresent(label -> {
          PeerConnection connection = asked.remove(label);
          Credentials ice = credentials.remove(label);
          if (connection != null && ice != null) {
            invitations.put(connecting.traversal(), connection);
            credentials.put(connecting.traversal(), ice);
            events.accept(
                Event.of("asked")
                    .with("peer", connecting.peer())
                    .with("traversal", connecting.traversal()));
          }
        });
  }

  private void refused(FromServer.ConnectRefused refused) {
    refused
        .id()
        .ifPresent(label -> {
          PeerConnection connection = asked.remove(label);
          credentials.remove(label);
          if (connection != null) {
            connection.refused(refused.code(), refused.message(), refused.retryAfter());
          }
        });
  }

  private void invited(FromServer.Invited invited) {
    if (!admission.test(invited.peer())) {
      events.accept(Event.of("turned-down").with("peer", invited.peer()));
      tell(new FromPeer.Refuse(invited.traversal(), "not allowed here"));
      return;
    }
    String tunnel =
        invited.data().map(Json::of).map(data -> data.get("tunnel").textOrEmpty()).orElse("");
    PeerConnection connection = byTunnel.get(tunnel);
    if (connection != null && !connection.peer().equals(invited.peer())) {
      tell(new FromPeer.Refuse(invited.traversal(), "that is somebody else's"));
      return;
    }
    try {
      if (connection == null) {
        connection = new PeerConnection(this, invited.peer(), tunnel, false);
        byTunnel.put(tunnel, connection);
      }
      Credentials ice = Credentials.random(random);
      credentials.put(invited.traversal(), ice);
      invitations.put(invited.traversal(), connection);
      tell(
          new FromPeer.Accept(
              invited.traversal(), settings.wishes(), ice, Optional.of(connection.offer())));
    } catch (RuntimeException e) {
      tell(new FromPeer.Refuse(invited.traversal(), "it does not work here"));
      throw e;
    }
  }

  private void planned(FromServer.Planned planned) {
    PeerConnection connection = invitations.get(planned.traversal());
    Credentials ours = credentials.get(planned.traversal());
    if (connection == null
        || ours == null
        || main.isEmpty()
        || crossings.containsKey(planned.traversal())) {
      return;
    }
    planned.data().ifPresent(data -> connection.told(Json.of(data)));
    Traversal.Setting setting =
        new Traversal.Setting(
            planned.side(),
            peer(planned.self(), report, portMapped.map(Mapping::external)),
            peer(planned.peer(), Report.unknown(), Optional.empty()),
            planned.plan(),
            ours,
            planned.ice(),
            planned.self().udp(),
            planned.self().tcp(),
            main.get().servers());
    events.accept(
        Event.of("plan")
            .with("peer", planned.peer().name())
            .with("nat", planned.peer().nat())
            .with(
                "steps",
                planned.plan().steps().stream()
                    .map(step -> step.method().label() + ": " + step.reason())
                    .toList()));
    crossings.put(
        planned.traversal(),
        new Crossing(
            loop,
            random,
            main.get(),
            switchboard,
            planned,
            setting,
            connection.paths(),
            new Surroundings(connection)));
  }

  private static Peer peer(
      FromServer.SideOfPlan side, Report nat, Optional<TransportAddress> portMapped) {
    return new Peer(
        side.name(), nat, side.hosts(), side.addresses(), portMapped, Peer.Abilities.usual());
  }

  private void ended(FromServer.Ended ended) {
    PeerConnection connection = invitations.remove(ended.traversal());
    credentials.remove(ended.traversal());
    Crossing crossing = crossings.remove(ended.traversal());
    if (connection != null) {
      events.accept(
          Event.of("explained")
              .with("peer", connection.peer())
              .with("result", ended.ending().label())
              .with("explanation", ended.explanation()));
      connection.ended(ended);
    }
    if (crossing != null) {
      crossing.close();
    }
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    // The goodbye first: it must not wait for tunnels that nobody answers any more.
    SignalingClient client = signaling.getNow(null);
    if (client != null) {
      client.close();
    }
    mapper.ifPresent(PortMapper::close);
    loop.execute(() -> {
      new ArrayList<>(byTunnel.values()).forEach(PeerConnection::close);
      relay.ifPresent(RelayClient::close);
    });
    loop.close();
    http.shutdownNow();
  }

  private final class Surroundings implements Crossing.Surroundings {

    private final PeerConnection connection;

    Surroundings(PeerConnection connection) {
      this.connection = connection;
    }

    @Override
    public void tell(FromPeer frame) {
      Agent.this.tell(frame);
    }

    @Override
    public RelayClient relay() throws IOException {
      if (relay.isEmpty() || relay.get().isOver()) {
        relay =
            Optional.of(
                new RelayClient(
                    loop,
                    random,
                    relayAccess.orElseThrow(() -> new IOException("there is no relay")),
                    incoming ->
                        switchboard.deliver(incoming.end(), incoming.from(), incoming.payload())));
      }
      return relay.get();
    }

    @Override
    public void found(Crossing crossing, Path path) {
      connection.found(crossing, path);
    }

    @Override
    public void finished(Crossing crossing, Outcome outcome) {
      connection.finished(outcome);
    }
  }

  private final class Stranger implements TcpLink.Listener {

    private final TcpLink link;
    private final TransportAddress remote;

    Stranger(TcpLink link, TransportAddress remote) {
      this.link = link;
      this.remote = remote;
    }

    @Override
    public void connected(TransportAddress local) {}

    @Override
    public void closed() {}

    @Override
    public void received(java.nio.ByteBuffer message) {
      if (org.bradawl.stun.Decoder.decode(message)
          instanceof org.bradawl.stun.StunMessage stunMessage) {
        for (Crossing crossing : List.copyOf(crossings.values())) {
          if (crossing.accepts(stunMessage)) {
            crossing.accepted(link, remote, stunMessage);
            return;
          }
        }
      }
      link.close();
    }
  }

  private final class Ear implements SignalingListener {

    @Override
    public void welcomed(Json welcome, boolean resumed) {
      try {
        Agent.this.welcomed(welcome);
      } catch (IOException e) {
        ready.completeExceptionally(
            new AgentException(Kind.FAILED, String.valueOf(e.getMessage()), e));
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
