package org.bradawl.server.telemetry.control;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.bradawl.server.platform.control.DatabaseWatch;
import org.bradawl.server.platform.control.RecordQueue;

/** How the queue of records and the database behind it are doing. */
final class RecordMeters implements MeterBinder {

  private final RecordQueue queue;
  private final DatabaseWatch database;

  RecordMeters(RecordQueue queue, DatabaseWatch database) {
    this.queue = queue;
    this.database = database;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge("bradawl.records.waiting", "Records not yet written", s -> s.waiting(), registry);
    gauge("bradawl.records.capacity", "Records that find room", s -> s.capacity(), registry);
    counter("bradawl.records.written", "Records written", s -> s.written(), registry);
    counter("bradawl.records.dropped", "Records that found no room", s -> s.dropped(), registry);
    counter(
        "bradawl.records.rejected",
        "Records the database did not take",
        s -> s.rejected(),
        registry);
    Gauge.builder("bradawl.database.up", database, d -> d.awaySince().isPresent() ? 0 : 1)
        .description("1, or 0 while the database does not answer")
        .register(registry);
  }

  private void gauge(
      String name,
      String description,
      ToDoubleFunction<RecordQueue.Status> value,
      MeterRegistry registry) {
    Gauge.builder(name, queue, q -> value.applyAsDouble(q.status()))
        .description(description)
        .register(registry);
  }

  private void counter(
      String name,
      String description,
      ToDoubleFunction<RecordQueue.Status> value,
      MeterRegistry registry) {
    FunctionCounter.builder(name, queue, q -> value.applyAsDouble(q.status()))
        .description(description)
        .register(registry);
  }
}
