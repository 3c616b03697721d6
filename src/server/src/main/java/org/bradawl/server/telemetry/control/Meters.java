package org.bradawl.server.telemetry.control;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import org.bradawl.datapath.Datapath;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.server.allocations.control.Relay;
import org.bradawl.server.applications.control.ApplicationRegistry;
import org.bradawl.server.platform.control.DatabaseWatch;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.signaling.control.Halls;
import org.bradawl.server.signaling.control.SendFailures;
import org.bradawl.signaling.ExchangeStatistics;

/** The registry of all meters, and its text for Prometheus. */
@ApplicationScoped
public class Meters {

  @Inject private Relay relay;
  @Inject private RecordQueue records;
  @Inject private DatabaseWatch database;
  @Inject private ApplicationRegistry applications;
  @Inject private Halls halls;
  @Inject private SendFailures sendFailures;

  // What the meters read: one look at each component for one reading of all meters.
  private volatile DatapathStatistics relayed = DatapathStatistics.NONE;
  private volatile Collection<ExchangeStatistics> signaled = List.of();

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  // Kept, because the registry refers only weakly to what its meters read.
  private final RelayMeters relayMeters = new RelayMeters(() -> relayed);
  private final SignalingMeters signalingMeters = new SignalingMeters(() -> signaled);

  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  @PostConstruct
  void bind() {
    relayMeters.bindTo(registry);
    signalingMeters.bindTo(registry);
    new RecordMeters(records, database).bindTo(registry);
    Gauge.builder("bradawl.applications", applications, ApplicationRegistry::applications)
        .description("Applications with a live key")
        .register(registry);
    FunctionCounter.builder("bradawl.signaling.send.failures", sendFailures, SendFailures::count)
        .description("Sockets closed because a frame could not be sent on them")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  @PreDestroy
  void close() {
    garbageCollection.close();
    registry.close();
  }

  /** For components that count what nobody else publishes. */
  @Produces
  @Singleton
  MeterRegistry registry() {
    return registry;
  }

  /**
   * All meters as text.
   *
   * @param contentType {@code text/plain; version=0.0.4} or OpenMetrics
   */
  public String scrape(String contentType) {
    relayed = relay.running().map(Datapath::statistics).orElse(relayed);
    signaled = List.copyOf(halls.statistics().values());
    return registry.scrape(contentType);
  }
}
