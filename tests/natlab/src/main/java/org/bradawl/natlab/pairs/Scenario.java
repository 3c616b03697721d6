package org.bradawl.natlab.pairs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bradawl.agent.json.Json;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.natlab.world.Topology;

/**
 * A place for two agents, and the way that they should find.
 *
 * @param name in words
 * @param alice the NAT of her who asks, in the notation
 * @param bob the NAT of him who is asked
 * @param carrier the carrier's NAT, where there is one
 * @param transports {@code udp}, {@code tcp} or {@code both}
 * @param expected the ways that are right
 */
public record Scenario(
    String name,
    Topology topology,
    String alice,
    String bob,
    String carrier,
    String transports,
    Set<String> expected) {

  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration CONNECTED = Duration.ofSeconds(75);
  private static final String ROUTER = "eim+eif";
  private static final String OPENED = "port-mapped";

  /**
   * How one went.
   *
   * @param path the way, or {@code failed}
   * @param remote the other's endpoint
   * @param millis to the first byte
   * @param said all that both sides said
   */
  public record Result(String path, String remote, double millis, String said) {}

  /** The article's four topologies, IPv6, routers of many homes, and routers that open ports. */
  public static List<Scenario> all() {
    return List.of(
        two("behind a NAT to public", "eim+apdf", "public", "direct"),
        two("public to behind a NAT", "public", "eim+apdf", "reverse"),
        two("public to behind a symmetric NAT", "public", "apdm+apdf:random", "reverse"),
        new Scenario(
            "in one home", Topology.ONE_HOME, "eim+apdf", "", ROUTER, "both", Set.of("local")),
        two("two port-restricted homes", "eim+apdf", "eim+apdf", "punched"),
        new Scenario(
            "two homes with one private range",
            Topology.OVERLAPPING,
            "eim+apdf",
            "eim+apdf",
            ROUTER,
            "both",
            Set.of("punched")),
        carrier("behind a carrier that hairpins", "eim+eif:hairpin", "hairpin"),
        carrier("behind a carrier that does not", "eim+apdf", "relayed"),
        two("two naive Linux routers", "naive", "naive", "punched"),
        two("a naive router to a full cone", "naive", "eim+eif", "punched", "direct"),
        ipv6("IPv6 in both homes", Topology.IPV6_BOTH, "apdm+apdf:random", "direct", "punched"),
        ipv6("IPv6 in one home", Topology.IPV6_ONE, "eim+apdf", "punched"),
        two("UPnP at a symmetric router", "apdm+apdf:random", "apdm+apdf:random:upnp", OPENED),
        two("NAT-PMP there", "apdm+apdf:random", "apdm+apdf:random:nat-pmp", OPENED),
        two("PCP there", "apdm+apdf:random", "apdm+apdf:random:pcp", OPENED),
        two(
            "two symmetric homes, ports at random",
            "apdm+apdf:random",
            "apdm+apdf:random",
            "relayed"),
        tcp("TCP between two port-restricted homes", "eim+apdf", "eim+apdf", "punched"),
        tcp("TCP to a NAT that refuses", "eim+apdf:refuse", "eim+apdf:refuse", "punched"),
        tcp("TCP to public", "eim+apdf", "public", "direct"),
        tcp("TCP from public", "public", "eim+apdf", "reverse"),
        tcp("TCP to ports that count", "eim+apdf", "apdm+apdf:sequential=1", "predicted"),
        new Scenario(
            "TCP over IPv6 in both homes",
            Topology.IPV6_BOTH,
            "apdm+apdf:random",
            "apdm+apdf:random",
            ROUTER,
            "tcp",
            Set.of("direct")));
  }

  private static Scenario two(String name, String alice, String bob, String... expected) {
    return new Scenario(name, Topology.TWO_HOMES, alice, bob, ROUTER, "both", Set.of(expected));
  }

  private static Scenario tcp(String name, String alice, String bob, String... expected) {
    return new Scenario(name, Topology.TWO_HOMES, alice, bob, ROUTER, "tcp", Set.of(expected));
  }

  private static Scenario ipv6(String name, Topology topology, String nat, String... expected) {
    return new Scenario(name, topology, nat, nat, ROUTER, "both", Set.of(expected));
  }

  private static Scenario carrier(String name, String carrier, String expected) {
    return new Scenario(
        name, Topology.CARRIER, "eim+apdf", "eim+apdf", carrier, "both", Set.of(expected));
  }

  /** Builds the place, has Alice connect to Bob, and takes it down. */
  public Result run(Internet internet, String suffix) {
    Optional<LabNat> bobs = bob.isEmpty() ? Optional.empty() : LabNat.parse(bob);
    LabNat outer = LabNat.parse(carrier).orElseThrow();
    try (Topology.Standing standing = topology.build(internet, LabNat.parse(alice), bobs, outer);
        PeerProcess a =
            PeerProcess.start(standing.alice().namespace(), "alice" + suffix, false, transports);
        PeerProcess b =
            PeerProcess.start(standing.bob().namespace(), "bob" + suffix, false, transports)) {
      for (PeerProcess peer : List.of(a, b)) {
        if (peer.await("ready", 0, READY).isEmpty()) {
          throw new LabFailure(peer.name() + " does not get ready:\n" + peer.said(0));
        }
      }
      if (!LabNat.parse(alice).map(LabNat::opens).orElse(Set.of()).isEmpty()) {
        a.await("port-mapping", 0, READY);
      }
      if (!bobs.map(LabNat::opens).orElse(Set.of()).isEmpty()) {
        b.await("port-mapping", 0, READY);
      }
      a.order("connect " + b.name());
      a.await("done", 0, CONNECTED);
      Optional<Json> first = a.await("first-byte", 0, Duration.ZERO);
      return new Result(
          first.map(event -> event.get("path").textOrEmpty()).orElse("failed"),
          first.map(event -> event.get("remote").textOrEmpty()).orElse(""),
          first.map(event -> event.get("millis").fraction(0)).orElse(0.0),
          a.said(0) + "\nand the asked side:\n" + b.said(0));
    }
  }
}
