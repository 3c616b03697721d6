package org.bradawl.traversal.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.bradawl.nat.Report;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Targets;
import org.bradawl.traversal.Words;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;

/** What the server knows of one native peer for as long as its session lasts. */
final class NativePeer {

  private final Arrival arrival;
  private final String key;
  private final RoundTrip roundTrip = new RoundTrip();
  private final Pace connects;
  private final List<Meeting> meetings = new ArrayList<>();
  private final Map<IpAddress.Family, TransportAddress> udp = new EnumMap<>(IpAddress.Family.class);
  private final Map<IpAddress.Family, TransportAddress> tcp = new EnumMap<>(IpAddress.Family.class);
  private Optional<IpAddress> connection;
  private FromPeer.Host host;
  private Network network;
  private final Insight insight = new Insight();
  private Optional<FromServer.Reason> wanted = Optional.empty();
  private OptionalLong awaySinceNanos = OptionalLong.empty();
  private long heardNanos;

  NativePeer(Arrival arrival, String key, FromPeer.Host host, Pace connects, long now) {
    this.heardNanos = now;
    this.arrival = arrival;
    this.key = key;
    this.connection = arrival.address();
    this.host = host;
    this.connects = connects;
    this.network = currentNetwork();
  }

  String name() {
    return arrival.peer();
  }

  String session() {
    return arrival.session();
  }

  String key() {
    return key;
  }

  RoundTrip roundTrip() {
    return roundTrip;
  }

  Pace connects() {
    return connects;
  }

  /** Something has come from it, so it is there. */
  void heard(long now) {
    heardNanos = now;
    awaySinceNanos = OptionalLong.empty();
  }

  /** When something came from it last. */
  long heardNanos() {
    return heardNanos;
  }

  /** Its connection is lost; it may come back. */
  void lost(long now) {
    if (awaySinceNanos.isEmpty()) {
      awaySinceNanos = OptionalLong.of(now);
    }
  }

  boolean isAway() {
    return awaySinceNanos.isPresent();
  }

  /** For how long its connection has been lost; empty while there is one. */
  Optional<Duration> awayFor(long now) {
    return awaySinceNanos.isPresent()
        ? Optional.of(Duration.ofNanos(now - awaySinceNanos.getAsLong()))
        : Optional.empty();
  }

  /** Those it takes or took part in, as long as they are remembered; for reading. */
  List<Meeting> meetings() {
    return meetings;
  }

  void joins(Meeting meeting) {
    meetings.add(meeting);
  }

  void forgets(Meeting meeting) {
    meetings.remove(meeting);
  }

  /** In how many it takes part now. */
  long running() {
    return meetings.stream().filter(meeting -> !meeting.isEnded()).count();
  }

  Network network() {
    return network;
  }

  /** What is held of its NAT. */
  Insight insight() {
    return insight;
  }

  Optional<Profile> profile() {
    return insight.profile();
  }

  List<TransportAddress> hosts() {
    return host.hosts();
  }

  boolean udpSeen() {
    return !udp.isEmpty();
  }

  void host(FromPeer.Host newHost, Optional<IpAddress> from) {
    host = newHost;
    connection = from;
  }

  void connectedFrom(Optional<IpAddress> from) {
    connection = from;
  }

  /**
   * Whether it is news. What is encrypted has sockets of its own, which nothing is punched with.
   */
  boolean seen(FiveTuple.Transport transport, TransportAddress client) {
    IpAddress.Family family = client.address().family();
    return switch (transport) {
      case UDP -> !client.equals(udp.put(family, client));
      case TCP -> !client.equals(tcp.put(family, client));
      case TLS, DTLS -> false;
    };
  }

  /** Whether the network is another than before; what was known of the old one is let go. */
  boolean moved() {
    Network now = currentNetwork();
    if (now.equals(network)) {
      return false;
    }
    network = now;
    insight.forget(FromServer.Reason.NETWORK_CHANGED);
    return true;
  }

  /**
   * By the IPv4 address where there is one: that is what most NATs are about, and it comes first.
   */
  private Network currentNetwork() {
    return Network.around(
        observed().stream().min(Comparator.comparing(IpAddress::family)), host.gateway());
  }

  /**
   * Where it was seen, its datagrams first: a proxy may stand before the connection. If that shows
   * a private address where datagrams show a public one, it is the proxy's and does not count.
   */
  List<IpAddress> observed() {
    List<IpAddress> addresses = new ArrayList<>();
    udp.values().forEach(endpoint -> addresses.add(endpoint.address()));
    tcp.values().forEach(endpoint -> addresses.add(endpoint.address()));
    boolean globalSeen = addresses.stream().anyMatch(address -> !Places.isLocal(address));
    connection.filter(address -> !globalSeen || !Places.isLocal(address)).ifPresent(addresses::add);
    return addresses.stream().distinct().toList();
  }

  Optional<TransportAddress> udp() {
    return udp.values().stream().findFirst();
  }

  Optional<TransportAddress> udp(IpAddress.Family family) {
    return Optional.ofNullable(udp.get(family));
  }

  Optional<TransportAddress> tcp() {
    return tcp.values().stream().findFirst();
  }

  void want(Optional<FromServer.Reason> why) {
    wanted = why;
  }

  Optional<FromServer.Reason> wanted() {
    return wanted;
  }

  FromServer.Observed observed(Optional<String> id, Instant now) {
    Optional<Duration> age = profile().map(known -> known.age(now));
    Optional<Report> found =
        wanted.isPresent()
            ? Optional.empty()
            : profile()
                .map(known -> known.believed(now))
                .filter(report -> !report.equals(Report.unknown()));
    return new FromServer.Observed(
        id,
        key,
        observed(),
        udp(),
        tcp(),
        network.label(),
        new FromServer.Want(wanted, age, found));
  }

  /** What plans rest on. */
  Peer known(Instant now) {
    Report report = profile().map(mine -> mine.believed(now)).orElseGet(Report::unknown);
    return new Peer(name(), report, host.hosts(), observed(), host.portMapped(), host.abilities());
  }

  /** What the other side of a plan may know: of the claimed endpoints those it may write to. */
  FromServer.SideOfPlan side(Peer self, Peer other) {
    List<TransportAddress> shown = Targets.of(other, self).among(self.hosts());
    return new FromServer.SideOfPlan(
        name(), self.observed(), shown, udp(), tcp(), Words.about(self));
  }
}
