package org.bradawl.server.traversals.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bradawl.server.platform.control.DatabaseReady;
import org.bradawl.server.platform.control.Transactions;
import org.bradawl.traversal.History;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Transport;

/**
 * What traversals have taught, of all applications: NATs do not know whose they are. Read from the
 * record at the start and again from time to time, since other nodes learn too.
 */
@ApplicationScoped
public class Lessons {

  /** With a half-life of a month what is older than this weighs less than a sixteenth. */
  private static final Duration PAST = Duration.ofDays(120);

  /** What another node learned is known here this much later. */
  static final Duration AGAIN = Duration.ofMinutes(5);

  @Inject private TraversalStore traversals;
  @Inject private Transactions transactions;
  @Inject private InstantSource clock;

  private volatile History learned = History.none();

  void load(@Observes DatabaseReady event) {
    load();
  }

  /** Reads the record. */
  void load() {
    Instant now = clock.instant();
    List<Lesson> kept = transactions.call(() -> traversals.lessons(now.minus(PAST)));
    replace(new History(attempts(kept), now));
  }

  /** The attempts behind what the record sums up; words it does not know are passed over. */
  static List<History.Attempt> attempts(List<Lesson> kept) {
    List<History.Attempt> attempts = new ArrayList<>();
    for (Lesson lesson : kept) {
      Optional<Method> method =
          Arrays.stream(Method.values())
              .filter(one -> one.label().equals(lesson.method()))
              .findFirst();
      Optional<Transport> transport =
          Arrays.stream(Transport.values())
              .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(lesson.transport()))
              .findFirst();
      if (method.isPresent() && transport.isPresent()) {
        attempts.add(
            new History.Attempt(
                History.Kind.of(lesson.initiatorKind()),
                History.Kind.of(lesson.responderKind()),
                method.get(),
                transport.get(),
                lesson.outcome().equals("succeeded"),
                Instant.EPOCH.plus(Duration.ofDays(lesson.day())),
                lesson.count()));
      }
    }
    return attempts;
  }

  private synchronized void replace(History history) {
    learned = history;
  }

  /** What is known now. */
  public History history() {
    return learned.at(clock.instant());
  }

  /** Learns at once what is on its way to the record. */
  synchronized void learn(List<History.Attempt> attempts) {
    if (!attempts.isEmpty()) {
      learned = learned.with(attempts);
    }
  }
}
