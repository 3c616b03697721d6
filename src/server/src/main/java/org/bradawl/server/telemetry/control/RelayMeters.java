package org.bradawl.server.telemetry.control;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.SecureStatistics.Failure;
import org.bradawl.server.allocations.control.RelayDrops;
import org.bradawl.turn.server.TurnCounters.Event;

/** What the relay does: traffic, allocations, what was dropped and why. */
final class RelayMeters implements MeterBinder {

  private final Supplier<DatapathStatistics> statistics;

  RelayMeters(Supplier<DatapathStatistics> statistics) {
    this.statistics = statistics;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    traffic(registry);
    allocations(registry);
    for (Event event : Event.values()) {
      if (RelayDrops.REFUSALS.contains(event)) {
        drop(registry, event, s -> s.turn().count(event));
      } else {
        counter(
                "bradawl.relay.events",
                "Requests and other ordinary events",
                s -> s.turn().count(event))
            .tag("event", RelayDrops.name(event))
            .register(registry);
      }
    }
    for (Drop cause : Drop.values()) {
      drop(registry, cause, s -> s.dropped(cause));
    }
    secured(registry);
    counter("bradawl.relay.faults", "Broken invariants, each costing one session", s -> s.faults())
        .register(registry);
  }

  private void traffic(MeterRegistry registry) {
    String bytes = "Application bytes relayed; up is from clients to peers";
    String packets = "Packets relayed; up is from clients to peers";
    directed("bradawl.relay.bytes", bytes, "up", s -> s.turn().traffic().bytesUp(), registry);
    directed("bradawl.relay.bytes", bytes, "down", s -> s.turn().traffic().bytesDown(), registry);
    directed("bradawl.relay.packets", packets, "up", s -> s.turn().traffic().packetsUp(), registry);
    directed(
        "bradawl.relay.packets", packets, "down", s -> s.turn().traffic().packetsDown(), registry);
    String wireBytes = "Bytes of datagrams and stream messages, without UDP and IP headers";
    String wirePackets = "Datagrams and stream messages, from and to clients and peers";
    directed("bradawl.datapath.bytes", wireBytes, "in", s -> s.bytesIn(), registry);
    directed("bradawl.datapath.bytes", wireBytes, "out", s -> s.bytesOut(), registry);
    directed("bradawl.datapath.packets", wirePackets, "in", s -> s.packetsIn(), registry);
    directed("bradawl.datapath.packets", wirePackets, "out", s -> s.packetsOut(), registry);
  }

  private void secured(MeterRegistry registry) {
    String handshakes = "Handshakes completed";
    String sessions = "Secured sessions open";
    counter("bradawl.relay.handshakes", handshakes, s -> s.secured().tlsHandshakes())
        .tag("transport", "tls")
        .register(registry);
    counter("bradawl.relay.handshakes", handshakes, s -> s.secured().dtlsHandshakes())
        .tag("transport", "dtls")
        .register(registry);
    for (Failure cause : Failure.values()) {
      counter(
              "bradawl.relay.handshakes.failed",
              "Secured sessions that did not begin, or ended badly",
              s -> s.secured().failed(cause))
          .tag("cause", RelayDrops.name(cause))
          .register(registry);
    }
    counter(
            "bradawl.relay.dtls.cookies",
            "DTLS clients asked to show that they are where they say",
            s -> s.secured().cookiesSent())
        .register(registry);
    gauge("bradawl.relay.tls.sessions", sessions, s -> s.secured().tlsSessions(), registry);
    gauge("bradawl.relay.dtls.sessions", sessions, s -> s.secured().dtlsSessions(), registry);
  }

  private void allocations(MeterRegistry registry) {
    gauge(
        "bradawl.relay.allocations",
        "Allocations that live",
        s -> s.turn().allocations(),
        registry);
    counter(
            "bradawl.relay.allocations.started",
            "Allocations made",
            s -> s.turn().count(Event.ALLOCATED))
        .register(registry);
    counter(
            "bradawl.relay.allocations.ended",
            "Allocations ended",
            s -> s.turn().count(Event.ENDED))
        .register(registry);
    gauge("bradawl.datapath.connections", "TCP connections open", s -> s.connections(), registry);
    counter(
            "bradawl.datapath.connections.accepted",
            "TCP connections accepted",
            s -> s.connectionsAccepted())
        .register(registry);
    gauge(
        "bradawl.datapath.shards",
        "Shards that run; none means no relay",
        s -> s.shards(),
        registry);
  }

  private void drop(
      MeterRegistry registry, Enum<?> cause, ToDoubleFunction<DatapathStatistics> count) {
    counter("bradawl.relay.drops", "What was dropped or refused", count)
        .tag("cause", RelayDrops.name(cause))
        .register(registry);
  }

  private void directed(
      String name,
      String description,
      String direction,
      ToDoubleFunction<DatapathStatistics> count,
      MeterRegistry registry) {
    counter(name, description, count).tag("direction", direction).register(registry);
  }

  private FunctionCounter.Builder<Supplier<DatapathStatistics>> counter(
      String name, String description, ToDoubleFunction<DatapathStatistics> count) {
    return FunctionCounter.builder(name, statistics, s -> count.applyAsDouble(s.get()))
        .description(description);
  }

  private void gauge(
      String name,
      String description,
      ToDoubleFunction<DatapathStatistics> value,
      MeterRegistry registry) {
    Gauge.builder(name, statistics, s -> value.applyAsDouble(s.get()))
        .description(description)
        .register(registry);
  }
}
