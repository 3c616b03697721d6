package org.bradawl.traversal;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.Report;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * What is known of one side when a plan is made.
 *
 * @param name what the other side calls it
 * @param nat what its discovery found; a claim
 * @param hosts where its main socket is bound, one for each interface; a claim
 * @param observed the addresses that the server itself has seen it at; a fact
 * @param portMapped an external endpoint that its router agreed to open; a claim
 */
public record Peer(
    String name,
    Report nat,
    List<TransportAddress> hosts,
    List<IpAddress> observed,
    Optional<TransportAddress> portMapped,
    Abilities abilities) {

  /**
   * What its host can do.
   *
   * @param udp whether it has UDP sockets at all; a browser has none of its own
   * @param tcp whether it can listen and connect from one TCP port
   * @param lowTtl whether it can send packets that die on the way
   * @param sockets how many sockets it may open for a search
   */
  public record Abilities(boolean udp, boolean tcp, boolean lowTtl, int sockets) {

    /** A native peer on an ordinary system. */
    public static Abilities usual() {
      return new Abilities(true, true, true, 256);
    }
  }

  /** Copies the lists. */
  public Peer {
    hosts = List.copyOf(hosts);
    observed = List.copyOf(observed);
  }

  /** The same as TCP sees it: most NATs treat both alike, so only what was measured differs. */
  public Peer overTcp() {
    return new Peer(name, nat.overTcp(), hosts, observed, portMapped, abilities);
  }

  /** Whether the server has seen it where it claims to be: else nothing it says of that counts. */
  public boolean isConfirmed(TransportAddress claimed) {
    return observed.contains(claimed.address());
  }

  /** Its mapping, or unknown where the server's own eyes contradict the claim. */
  public Behavior mapping() {
    boolean claimsToBePublic = nat.mapping() == Behavior.NONE;
    boolean seenOnAnInterface = hosts.stream().anyMatch(this::isConfirmed);
    return claimsToBePublic && !seenOnAnInterface ? Behavior.UNKNOWN : nat.mapping();
  }

  /** Its filtering; unknown is taken for the strictest, which every method for it also serves. */
  public Behavior filtering() {
    return nat.filtering() == Behavior.UNKNOWN
        ? Behavior.ADDRESS_AND_PORT_DEPENDENT
        : nat.filtering();
  }

  /** Whether anybody can reach it without its help. */
  public boolean isPublic() {
    return mapping() == Behavior.NONE && filtering() == Behavior.NONE;
  }

  /** Whether both are seen at one address, so at least one NAT is common to them. */
  public boolean sharesAddressWith(Peer other) {
    return observed.stream().anyMatch(other.observed::contains);
  }

  /** The host endpoints of a family that are global, as far as the server confirms them. */
  public Stream<TransportAddress> globalHosts(IpAddress.Family family) {
    return hosts.stream()
        .filter(host -> host.address().family() == family)
        .filter(this::isConfirmed);
  }
}
