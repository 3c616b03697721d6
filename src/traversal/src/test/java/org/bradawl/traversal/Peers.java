package org.bradawl.traversal;

import java.util.List;
import java.util.Optional;
import org.bradawl.nat.Answer;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.PortModel;
import org.bradawl.nat.Report;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** Peers to plan for. */
final class Peers {

  private Peers() {}

  static Peer alice(Behavior mapping, Behavior filtering, PortModel ports) {
    return peer("alice", "198.51.100.1", "192.168.1.2", mapping, filtering, ports);
  }

  static Peer bob(Behavior mapping, Behavior filtering, PortModel ports) {
    return peer("bob", "192.0.2.1", "192.168.1.2", mapping, filtering, ports);
  }

  static Peer open(String name, String address) {
    return peer(name, address, address, Behavior.NONE, Behavior.NONE, new PortModel.Preserving(1));
  }

  static Peer peer(
      String name,
      String observed,
      String host,
      Behavior mapping,
      Behavior filtering,
      PortModel ports) {
    return new Peer(
        name,
        report(mapping, filtering, ports, Answer.UNKNOWN, Answer.YES),
        List.of(endpoint(host, 5000)),
        List.of(IpAddress.parse(observed)),
        Optional.empty(),
        Peer.Abilities.usual());
  }

  static Report report(
      Behavior mapping, Behavior filtering, PortModel ports, Answer hairpinning, Answer udp) {
    return new Report(
        udp,
        mapping,
        filtering,
        Behavior.UNKNOWN,
        hairpinning,
        Optional.empty(),
        ports,
        Answer.UNKNOWN,
        Answer.UNKNOWN,
        Answer.UNKNOWN,
        Answer.UNKNOWN,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of());
  }

  static Peer with(Peer peer, Report report) {
    return new Peer(
        peer.name(), report, peer.hosts(), peer.observed(), peer.portMapped(), peer.abilities());
  }

  static TransportAddress endpoint(String address, int port) {
    return new TransportAddress(IpAddress.parse(address), port);
  }
}
