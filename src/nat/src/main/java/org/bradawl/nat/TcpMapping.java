package org.bradawl.nat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.OtherAddress;

/**
 * RFC 5780 §4.3's three mapping tests over TCP: three connections from one local port. TCP repeats
 * what is lost, so each question is asked once.
 */
final class TcpMapping {

  private final DiscoveryActions actions;
  private final RandomGenerator random;
  private final TransportAddress server;
  private final List<Probe> probes = new ArrayList<>();
  private Optional<TransportAddress> local = Optional.empty();
  private int failures;

  TcpMapping(DiscoveryActions actions, RandomGenerator random, TransportAddress server) {
    this.actions = actions;
    this.random = random;
    this.server = server;
  }

  void start() {
    if (probes.isEmpty()) {
      begin("tcp mapping I", server);
    }
  }

  boolean isStarted() {
    return !probes.isEmpty();
  }

  void connected(int connection, TransportAddress from, long now) {
    if (connection < probes.size()) {
      local = Optional.of(from);
      Probe probe = probes.get(connection);
      actions.sendOver(connection, probe.attempt(TransactionId.random(random), now, 0));
    }
  }

  void failed() {
    failures++;
  }

  void received(int connection, StunMessage message, long now) {
    if (connection >= probes.size()) {
      return;
    }
    Probe probe = probes.get(connection);
    boolean fresh = probe.take(probe.to(), message, now);
    if (fresh && connection == 0 && probes.size() == 1) {
      message
          .first(OtherAddress.class)
          .map(OtherAddress::address)
          .ifPresentOrElse(this::askElsewhere, this::failed);
    }
  }

  private void askElsewhere(TransportAddress other) {
    begin("tcp mapping II", new TransportAddress(other.address(), server.port()));
    begin("tcp mapping III", other);
  }

  private void begin(String name, TransportAddress to) {
    probes.add(new Probe(name, probes.size(), to, List.of()));
    actions.connect(probes.size() - 1, to);
  }

  boolean isAnswered() {
    return !probes.isEmpty() && probes.getFirst().reply().isPresent();
  }

  boolean isSettled() {
    return failures > 0
        || (probes.size() == 3 && probes.stream().allMatch(probe -> probe.reply().isPresent()));
  }

  Behavior behavior() {
    if (local.isEmpty() || probes.size() < 3) {
      return Behavior.UNKNOWN;
    }
    return Classifier.mapping(
        local.get(), probes.get(0).mapped(), probes.get(1).mapped(), probes.get(2).mapped());
  }

  List<Evidence> evidence() {
    return local
        .map(from -> probes.stream().map(probe -> probe.evidence(from)).toList())
        .orElse(List.of());
  }
}
