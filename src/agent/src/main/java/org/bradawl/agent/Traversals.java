package org.bradawl.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.net.TcpLink;
import org.bradawl.agent.path.Crossing;
import org.bradawl.agent.path.Path;
import org.bradawl.agent.path.RelayClient;
import org.bradawl.nat.Report;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Traversal;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.Wishes;

/**
 * The traversals of this host, asked for or invited to: from the server's frames to crossings and
 * the connections that they are for. On the loop's thread alone.
 */
final class Traversals implements Whereabouts.Strays {

  /**
   * A peer's first check follows its connection at once; who only connects makes room for others.
   */
  private static final int MOST_STRANGERS = 64;

  /** While a traversal is under way, a connection to the server that carries nothing costs it. */
  private static final long WATCH_NANOS = 1_000_000_000L;

  private final Agent agent;
  private final Whereabouts whereabouts;
  private final Map<String, PeerConnection> byTunnel = new HashMap<>();

  /** By the label of our request, until the server gives the traversal an id. */
  private final Map<String, PeerConnection> asked = new HashMap<>();

  /** By the traversal's id. */
  private final Map<String, PeerConnection> invitations = new HashMap<>();

  /** Ours for checks, by label or id. */
  private final Map<String, Credentials> credentials = new HashMap<>();

  /** Closed, and their peers are being told. */
  private final Set<PeerConnection> leaving = new HashSet<>();

  private final Map<String, Crossing> crossings = new LinkedHashMap<>();

  private final Pending pending;

  /** Connections whose first check has not come, the oldest first. */
  private final Deque<TcpLink> strangers = new ArrayDeque<>();

  private final EventLoop.Alarm watch;
  private Predicate<String> admission = _ -> false;
  private boolean watching;
  private int labels;

  Traversals(Agent agent, Whereabouts whereabouts) {
    this.agent = agent;
    this.whereabouts = whereabouts;
    this.pending = new Pending(agent::tellUrgently);
    this.watch = agent.loop().alarm(this::watch);
  }

  /** The server speaks when it has something to say; until then nobody else would notice. */
  private void watch() {
    watching = !asked.isEmpty() || !invitations.isEmpty();
    if (watching) {
      agent.expectAnswer();
      watch.in(WATCH_NANOS);
    }
  }

  private void beginToWatch() {
    if (!watching) {
      watching = true;
      watch.in(WATCH_NANOS);
    }
  }

  /** Says which peers may connect to this host. */
  void admit(Predicate<String> admitted) {
    admission = admitted;
  }

  /** Begins a connection to a peer. */
  PeerConnection connect(String peer) {
    String tunnel = agent.secret();
    PeerConnection connection = new PeerConnection(agent, peer, tunnel, true);
    byTunnel.put(tunnel, connection);
    ask(connection);
    return connection;
  }

  /** Its peer is being told; after that, nothing of it is left. */
  void leaving(PeerConnection connection) {
    byTunnel.remove(connection.tunnel(), connection);
    leaving.add(connection);
    var _ = connection.gone().thenRunAsync(() -> leaving.remove(connection), agent.loop());
  }

  /**
   * The server can be told again.
   *
   * @param resumed whether it still knows what it was told before
   */
  void backAgain(boolean resumed) {
    byTunnel.values().forEach(PeerConnection::wasCutOff);
    if (resumed) {
      pending.repeat();
      return;
    }
    pending.forgetTraversals();
    List<PeerConnection> waiting =
        invitations.values().stream()
            .filter(connection -> connection.isAsking() && connection.path().isEmpty())
            .distinct()
            .toList();
    invitations.keySet().forEach(credentials::remove);
    invitations.clear();
    crossings.values().forEach(Crossing::close);
    crossings.clear();
    pending.repeat();
    waiting.forEach(this::ask);
  }

  /** Asks the server for a way for a connection that this side made. */
  void ask(PeerConnection connection) {
    String label = "c" + ++labels;
    Credentials ice = Credentials.random(agent.random());
    asked.put(label, connection);
    credentials.put(label, ice);
    beginToWatch();
    pending.ask(
        label,
        new FromPeer.Connect(
            Optional.of(label),
            connection.peer(),
            connection.isEstablished()
                ? relayFirst(agent.settings().wishes())
                : agent.settings().wishes(),
            ice,
            Optional.of(connection.request())));
  }

  /** What stands already and has lost its way goes on by the first one there is. */
  private static Wishes relayFirst(Wishes wishes) {
    return new Wishes(
        true, wishes.relayAllowed(), wishes.methods(), wishes.transports(), wishes.probes());
  }

  /** This host is in another network, or behind another address; ways that began here are gone. */
  void moved(boolean relayLost) {
    Set<IpAddress> here = Set.copyOf(LocalAddresses.all());
    Predicate<Path> gone =
        path ->
            path.isRelayed()
                ? relayLost
                : !here.contains(path.local().address())
                    && !LocalAddresses.isLoopback(path.local().address());
    List.copyOf(byTunnel.values()).forEach(connection -> connection.moved(gone));
  }

  /** The server has seen where this host is now: connections that were moved get new ways. */
  void seen() {
    List.copyOf(byTunnel.values()).forEach(PeerConnection::seen);
  }

  void connecting(FromServer.Connecting connecting) {
    connecting.id().ifPresent(label -> begun(label, connecting));
    if (invitations.containsKey(connecting.traversal())) {
      connecting
          .away()
          .ifPresent(away ->
              agent.happened(
                  Event.of("away")
                      .with("peer", connecting.peer())
                      .with("seconds", away.toSeconds())
                      .with("waits", connecting.patience().toSeconds())));
    }
  }

  private void begun(String label, FromServer.Connecting connecting) {
    pending.answered(label);
    PeerConnection connection = asked.remove(label);
    Credentials ice = credentials.remove(label);
    if (connection != null && ice != null) {
      connection.heard();
      invitations.put(connecting.traversal(), connection);
      credentials.put(connecting.traversal(), ice);
      agent.happened(
          Event.of("asked")
              .with("peer", connecting.peer())
              .with("traversal", connecting.traversal()));
    }
  }

  void refused(FromServer.ConnectRefused refused) {
    refused
        .id()
        .ifPresent(label -> {
          pending.answered(label);
          PeerConnection connection = asked.remove(label);
          credentials.remove(label);
          if (connection != null) {
            connection.refused(refused.code(), refused.message(), refused.retryAfter());
          }
        });
  }

  void invited(FromServer.Invited invited) {
    String tunnel =
        invited.data().map(Json::of).map(data -> data.get("tunnel").textOrEmpty()).orElse("");
    PeerConnection connection = byTunnel.get(tunnel);
    // Who is connected already may ask for another way, whichever side asked first.
    if (connection == null && !admission.test(invited.peer())) {
      agent.happened(Event.of("turned-down").with("peer", invited.peer()));
      agent.tell(new FromPeer.Refuse(invited.traversal(), "not allowed here"));
      return;
    }
    if (connection != null && !connection.peer().equals(invited.peer())) {
      agent.tell(new FromPeer.Refuse(invited.traversal(), "that is somebody else's"));
      return;
    }
    try {
      if (connection == null) {
        connection = new PeerConnection(agent, invited.peer(), tunnel, false);
        byTunnel.put(tunnel, connection);
      }
      if (invitations.containsKey(invited.traversal())) {
        // The answer got lost, and is said again; another one would not fit what may have arrived.
        return;
      }
      Credentials ice = Credentials.random(agent.random());
      credentials.put(invited.traversal(), ice);
      invitations.put(invited.traversal(), connection);
      beginToWatch();
      pending.tell(
          new FromPeer.Accept(
              invited.traversal(),
              agent.settings().wishes(),
              ice,
              Optional.of(connection.offer())));
    } catch (RuntimeException e) {
      agent.tell(new FromPeer.Refuse(invited.traversal(), "it does not work here"));
      throw e;
    }
  }

  void planned(FromServer.Planned planned) {
    PeerConnection connection = invitations.get(planned.traversal());
    Credentials ours = credentials.get(planned.traversal());
    if (connection == null
        || ours == null
        || whereabouts.main().isEmpty()
        || crossings.containsKey(planned.traversal())) {
      return;
    }
    planned.data().ifPresent(data -> connection.told(Json.of(data)));
    Traversal.Setting setting =
        new Traversal.Setting(
            planned.side(),
            peer(planned.self(), agent.report(), whereabouts.portMapped()),
            peer(planned.peer(), Report.unknown(), Optional.empty()),
            planned.plan(),
            ours,
            planned.ice(),
            planned.self().udp(),
            planned.self().tcp(),
            whereabouts.main().get().servers());
    agent.happened(
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
            agent.loop(),
            agent.random(),
            whereabouts.main().get(),
            whereabouts.switchboard(),
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

  void ended(FromServer.Ended ended) {
    pending.ended(ended.traversal());
    PeerConnection connection = invitations.remove(ended.traversal());
    credentials.remove(ended.traversal());
    Crossing crossing = crossings.remove(ended.traversal());
    if (connection != null) {
      agent.happened(
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

  /** The other side is prepared for a step. */
  void go(FromServer.Go go) {
    Crossing crossing = crossings.get(go.traversal());
    if (crossing != null) {
      crossing.go(go);
    }
  }

  @Override
  public void received(TransportAddress from, StunMessage message) {
    for (Crossing crossing : List.copyOf(crossings.values())) {
      if (crossing.receivedAtMain(from, message)) {
        return;
      }
    }
  }

  @Override
  public void connected(TcpLink link) {
    TransportAddress remote;
    try {
      remote = link.remote();
    } catch (IOException e) {
      link.close();
      return;
    }
    link.listener(new Stranger(link, remote));
    strangers.add(link);
    if (strangers.size() > MOST_STRANGERS) {
      strangers.remove().close();
    }
  }

  /** Closes all connections; done when their peers have had the time to hear of it. */
  CompletableFuture<Void> close() {
    watch.remove();
    List.copyOf(byTunnel.values()).forEach(PeerConnection::close);
    CompletableFuture<Void> heard = new CompletableFuture<>();
    // Each of them is leaving when the loop comes to what comes after it.
    agent
        .loop()
        .execute(() -> {
          var _ =
              CompletableFuture.allOf(
                      leaving.stream()
                          .map(PeerConnection::gone)
                          .toArray(CompletableFuture<?>[]::new))
                  .thenRun(() -> heard.complete(null));
        });
    return heard;
  }

  private final class Surroundings implements Crossing.Surroundings {

    private final PeerConnection connection;

    Surroundings(PeerConnection connection) {
      this.connection = connection;
    }

    @Override
    public void tell(FromPeer.About frame) {
      pending.tell(frame);
    }

    @Override
    public RelayClient relay() throws IOException {
      return whereabouts.relay();
    }

    @Override
    public void connected(TcpLink link) {
      Traversals.this.connected(link);
    }

    @Override
    public void found(Crossing crossing, Path path) {
      connection.found(crossing, path);
    }

    @Override
    public void finished(Crossing crossing, Outcome outcome) {
      connection.finished(crossing.planned().plan(), outcome);
    }
  }

  /** A connection that somebody has made to us, until its first check says for what. */
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
    public void closed() {
      strangers.remove(link);
    }

    @Override
    public void received(ByteBuffer message) {
      if (Decoder.decode(message) instanceof StunMessage stunMessage) {
        for (Crossing crossing : List.copyOf(crossings.values())) {
          if (crossing.accepts(stunMessage)) {
            strangers.remove(link);
            crossing.accepted(link, remote, stunMessage);
            return;
          }
        }
      }
      strangers.remove(link);
      link.close();
    }
  }
}
