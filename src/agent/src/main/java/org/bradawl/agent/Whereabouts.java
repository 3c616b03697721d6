package org.bradawl.agent;

import java.io.IOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.net.TcpLink;
import org.bradawl.agent.path.MainSockets;
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
import org.bradawl.agent.server.Unresolved;
import org.bradawl.datapath.linux.LowTtl;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.frame.FromPeer;

/**
 * Where this host can be reached: the main socket, what STUN and a router say of it, and the relay.
 * On the loop's thread alone, but for {@link #takeBackPort}.
 */
final class Whereabouts {

  /** Gets what comes to the main socket and belongs to no way that stands. */
  interface Strays {

    /** A STUN message. */
    void received(TransportAddress from, StunMessage message);

    /** A TCP connection. */
    void connected(TcpLink link);
  }

  private final EventLoop loop;
  private final SecureRandom random;
  private final HttpClient http;
  private final Consumer<FromPeer> tell;
  private final Consumer<Event> events;
  private final Switchboard switchboard = new Switchboard();
  private Optional<MainSockets> main = Optional.empty();
  private Optional<TransportAddress> stun = Optional.empty();
  private Optional<RelayClient.Access> relayAccess = Optional.empty();
  private Optional<RelayClient> relay = Optional.empty();
  private Optional<IpAddress> gateway = Optional.empty();
  private Optional<Mapping> portMapped = Optional.empty();
  private volatile Optional<PortMapper> mapper = Optional.empty();

  Whereabouts(
      EventLoop loop,
      SecureRandom random,
      HttpClient http,
      Consumer<FromPeer> tell,
      Consumer<Event> events) {
    this.loop = loop;
    this.random = random;
    this.http = http;
    this.tell = tell;
    this.events = events;
  }

  /** The socket that direct ways over UDP and TCP begin at, once the server is known. */
  Optional<MainSockets> main() {
    return main;
  }

  /** What hands incoming datagrams to the ways they belong to. */
  Switchboard switchboard() {
    return switchboard;
  }

  /** The server's STUN endpoint; only after the welcome. */
  TransportAddress stun() {
    return stun.orElseThrow();
  }

  /** The external address that a router gave the main socket's port. */
  Optional<TransportAddress> portMapped() {
    return portMapped.map(Mapping::external);
  }

  /** Whether the server has seen the main socket wherever it can be seen. */
  boolean isSeen() {
    return main.filter(MainSockets::areAnswered).isPresent();
  }

  /** Shows the server's STUN that the main socket is this session's. */
  void announce(String key) {
    main.ifPresent(socket -> socket.announce(key));
  }

  /**
   * Takes in what the server says of itself, and tells it where this host is.
   *
   * @param strays gets what comes to the main socket and belongs to no way
   */
  void welcomed(Json welcome, Strays strays) throws IOException {
    List<IceServer> servers = IceServer.read(welcome.get("iceServers"));
    Resolution resolution = new Resolution(new SystemRecords());
    relayAccess = relayAccess(servers, resolution).or(() -> relayAccess);
    if (main.isEmpty()) {
      List<TransportAddress> stuns = endpoints(servers, resolution, IceUri.Scheme.STUN);
      MainSockets opened = MainSockets.open(loop, random, stuns, strays::connected);
      TransportAddress server = stuns.getFirst();
      stun = Optional.of(server);
      opened.listener((end, from, datagram) ->
          switchboard
              .deliver(end, from, datagram)
              .filter(message -> !opened.received(from, message))
              .ifPresent(message -> strays.received(from, message)));
      main = Optional.of(opened);
      // Its first use would otherwise come late, in the middle of a traversal.
      Thread.ofPlatform().name("low-ttl").daemon().start(LowTtl::prepare);
      mapPort(opened, server);
    }
    host();
  }

  /** Asks the router for a port of the main socket's number, where there is a router to ask. */
  private void mapPort(MainSockets socket, TransportAddress server) {
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
        tell.accept(
            new FromPeer.Host(
                Optional.empty(),
                socket.hosts(),
                gateway.map(IpAddress::toString).orElse(""),
                portMapped.map(Mapping::external),
                new Peer.Abilities(
                    true, true, LowTtl.isAvailable(), Peer.Abilities.usual().sockets()))));
  }

  private static List<TransportAddress> endpoints(
      List<IceServer> servers, Resolution resolution, IceUri.Scheme scheme) throws Unresolved {
    List<IceUri> uris =
        servers.stream()
            .flatMap(server -> server.uris().stream())
            .filter(uri -> uri.scheme() == scheme)
            .toList();
    return resolution.resolve(uris).stream()
        .filter(endpoint -> endpoint.over() == ServerEndpoint.Over.UDP)
        .map(ServerEndpoint::address)
        .toList();
  }

  private static Optional<RelayClient.Access> relayAccess(
      List<IceServer> servers, Resolution resolution) {
    for (IceServer server : servers) {
      List<TransportAddress> found;
      try {
        found = endpoints(List.of(server), resolution, IceUri.Scheme.TURN);
      } catch (Unresolved e) {
        // Direct ways need no relay; a plan that does says that there is none.
        continue;
      }
      if (!found.isEmpty() && server.username().isPresent() && server.credential().isPresent()) {
        return Optional.of(
            new RelayClient.Access(
                found.getFirst(), server.username().get(), server.credential().get()));
      }
    }
    return Optional.empty();
  }

  /** The relay of this host; allocated when it is first asked for, and again when it has ended. */
  RelayClient relay() throws IOException {
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

  /** The server may see this host elsewhere by now: it is told where it is. */
  void again() {
    main.ifPresent(MainSockets::again);
  }

  /**
   * This host has come to another network.
   *
   * @return whether the relay has been lost by that
   */
  boolean moved() {
    Optional<PortMapper> old = mapper;
    mapper = Optional.empty();
    portMapped = Optional.empty();
    gateway = Optional.empty();
    // The old router is out of reach, and waiting for it takes a while.
    old.ifPresent(before -> Thread.ofVirtual().name("port taken back").start(before::close));
    main.ifPresent(socket -> {
      socket.moved();
      mapPort(socket, stun());
    });
    return relay.filter(client -> LocalAddresses.all().contains(client.base())).isEmpty()
        && dropRelay();
  }

  /** Does without the relay there is; whether there was one. */
  boolean dropRelay() {
    boolean there = relay.isPresent();
    closeRelay();
    relay = Optional.empty();
    return there;
  }

  /** Gives the router its port back; from any thread. */
  void takeBackPort() {
    mapper.ifPresent(PortMapper::close);
  }

  void closeRelay() {
    relay.ifPresent(RelayClient::close);
  }
}
