package org.bradawl.traversal.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bradawl.nat.Answer;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.Evidence;
import org.bradawl.nat.Report;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.frame.Standing;

/** Holds a report against what the server sees, and against the report's own evidence. */
final class ReportCheck {

  private final Report report;
  private final List<IpAddress> observed;
  private final List<String> doubts = new ArrayList<>();
  private final boolean udpSeen;

  /**
   * A check.
   *
   * @param observed the addresses the server has seen the peer at
   * @param udpSeen whether a datagram from it has come
   */
  ReportCheck(
      Report report, List<TransportAddress> hosts, List<IpAddress> observed, boolean udpSeen) {
    this.report = report;
    this.observed = observed;
    this.udpSeen = udpSeen;
    elsewhere();
    publicWithout(hosts);
    silent();
    againstItself();
  }

  List<String> doubts() {
    return doubts;
  }

  Standing standing() {
    if (!doubts.isEmpty()) {
      return Standing.DOUBTED;
    }
    boolean confirmed =
        udpSeen
            && report.publicEndpoints().stream()
                .anyMatch(endpoint -> observed.contains(endpoint.address()));
    return confirmed ? Standing.CONFIRMED : Standing.UNCONFIRMED;
  }

  /** Where it says it was seen, of a family that the server has seen it in. */
  private void elsewhere() {
    boolean pooled = report.severalAddresses() == Answer.YES;
    for (TransportAddress claimed : report.publicEndpoints()) {
      IpAddress address = claimed.address();
      boolean familySeen = observed.stream().anyMatch(seen -> seen.family() == address.family());
      if (udpSeen && familySeen && !observed.contains(address) && !pooled) {
        doubts.add("it says it was seen at " + address + ", where the server does not see it");
      }
    }
  }

  private void publicWithout(List<TransportAddress> hosts) {
    boolean claims = report.mapping() == Behavior.NONE;
    boolean onAnInterface = hosts.stream().anyMatch(host -> observed.contains(host.address()));
    if (claims && !onAnInterface) {
      doubts.add("it says there is no NAT, but none of its own addresses is one it is seen at");
    }
  }

  private void silent() {
    if (report.udp() == Answer.NO && udpSeen) {
      doubts.add("it says no UDP gets through, but the server got a datagram from it");
    }
  }

  /** A mapping that is the same for everybody cannot have been seen at two endpoints. */
  private void againstItself() {
    if (report.mapping() != Behavior.ENDPOINT_INDEPENDENT
        || report.severalAddresses() == Answer.YES) {
      return;
    }
    Set<TransportAddress> mapped =
        report.evidence().stream()
            .filter(test -> test.test().startsWith("mapping"))
            .map(Evidence::mapped)
            .flatMap(java.util.Optional::stream)
            .collect(java.util.stream.Collectors.toSet());
    if (mapped.size() > 1) {
      doubts.add("its own evidence shows several endpoints where it claims one");
    }
  }
}
