package org.bradawl.server.telemetry.control;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.bradawl.signaling.ExchangeStatistics;

/** What signaling does, summed over the applications: sessions, messages, what was refused. */
final class SignalingMeters implements MeterBinder {

  private static final String MESSAGES = "bradawl.signaling.messages";
  private static final String SESSIONS = "bradawl.signaling.sessions";

  private final Supplier<Collection<ExchangeStatistics>> statistics;

  SignalingMeters(Supplier<Collection<ExchangeStatistics>> statistics) {
    this.statistics = statistics;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    String peers = "Peers with a session; one that is away may come back";
    gauge("bradawl.signaling.peers", peers, s -> s.peers() - s.away())
        .tag("state", "connected")
        .register(registry);
    gauge("bradawl.signaling.peers", peers, ExchangeStatistics::away)
        .tag("state", "away")
        .register(registry);
    gauge("bradawl.signaling.rooms", "Rooms with somebody in them", ExchangeStatistics::rooms)
        .register(registry);
    gauge(
            "bradawl.signaling.kept.chars",
            "Characters of messages kept until they are acknowledged",
            ExchangeStatistics::keptChars)
        .register(registry);
    message("relayed", ExchangeStatistics::relayed, registry);
    message("delivered", ExchangeStatistics::delivered, registry);
    message("failed", ExchangeStatistics::failed, registry);
    message("duplicate", ExchangeStatistics::duplicates, registry);
    session("started", ExchangeStatistics::started, registry);
    session("resumed", ExchangeStatistics::resumed, registry);
    session("replaced", ExchangeStatistics::replaced, registry);
    session("expired", ExchangeStatistics::expired, registry);
    session("dropped", ExchangeStatistics::dropped, registry);
    counter(
            "bradawl.signaling.refused.frames",
            "Frames answered by an error",
            ExchangeStatistics::refusedFrames)
        .register(registry);
  }

  private void message(
      String outcome, ToDoubleFunction<ExchangeStatistics> count, MeterRegistry registry) {
    counter(MESSAGES, "Messages between peers", count).tag("outcome", outcome).register(registry);
  }

  private void session(
      String event, ToDoubleFunction<ExchangeStatistics> count, MeterRegistry registry) {
    counter(SESSIONS, "What became of sessions", count).tag("event", event).register(registry);
  }

  private FunctionCounter.Builder<Supplier<Collection<ExchangeStatistics>>> counter(
      String name, String description, ToDoubleFunction<ExchangeStatistics> count) {
    return FunctionCounter.builder(name, statistics, all -> sum(all.get(), count))
        .description(description);
  }

  private Gauge.Builder<Supplier<Collection<ExchangeStatistics>>> gauge(
      String name, String description, ToDoubleFunction<ExchangeStatistics> value) {
    return Gauge.builder(name, statistics, all -> sum(all.get(), value)).description(description);
  }

  private static double sum(
      Collection<ExchangeStatistics> all, ToDoubleFunction<ExchangeStatistics> count) {
    return all.stream().mapToDouble(count).sum();
  }
}
