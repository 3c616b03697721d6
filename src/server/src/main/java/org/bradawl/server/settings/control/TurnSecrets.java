package org.bradawl.server.settings.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.server.platform.control.SecretStore;
import org.bradawl.server.platform.control.Secrets;
import org.bradawl.server.platform.control.Transactions;

/**
 * The secret of ephemeral credentials, and for a stated time the one before it. Both last: a
 * restart during the overlap forgets neither.
 */
@ApplicationScoped
public class TurnSecrets {

  private static final String CURRENT = "turn-secret";
  private static final String BEFORE = "turn-secret-before";

  /** 256 bits, more than the HMAC-SHA1 it keys. */
  private static final int BYTES = 32;

  @Inject private Secrets atStart;
  @Inject private SecretStore store;
  @Inject private Transactions transactions;
  @Inject private InstantSource clock;
  @Inject private Event<SecretRotated> rotated;

  private final SecureRandom random = new SecureRandom();
  private volatile Ring ring = new Ring("", Optional.empty());

  /**
   * The secrets that are good.
   *
   * @param secret what new credentials are made with
   */
  public record Ring(String secret, Optional<Before> before) {
    /** Neither. */
    @Override
    public String toString() {
      return before.map(old -> "Ring[until " + old.until() + "]").orElse("Ring");
    }
  }

  /** A secret that was replaced, until when it is good, and when it was replaced. */
  public record Before(String secret, Instant until, Instant replaced) {
    /** Not the secret. */
    @Override
    public String toString() {
      return "Before[until " + until + "]";
    }
  }

  /** What is good now. */
  public Ring current() {
    return ring;
  }

  /** Takes what the start has found; to be called once the schema is there. */
  public synchronized void begin() {
    Optional<Before> before =
        transactions
            .call(() -> store.find(BEFORE))
            .flatMap(TurnSecrets::parse)
            .filter(old -> clock.instant().isBefore(old.until()));
    ring = new Ring(atStart.turnSecret(), before);
  }

  /**
   * Makes a new secret in place of the one that this server made.
   *
   * @param overlap how long the old one stays good; zero ends what was made with it
   * @param beside is done in the same transaction
   */
  public synchronized Ring rotate(Duration overlap, Runnable beside) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Ring next = next(fresh, overlap);
    transactions.call(() -> {
      store.replace(CURRENT, fresh, clock.instant());
      keepBefore(next);
      beside.run();
      return next;
    });
    return adopt(next);
  }

  /** Takes in a secret that the configuration has changed. */
  synchronized void configured(Configuration configuration) {
    Optional<String> given = configuration.datapath().turn().secret();
    if (given.isEmpty() || given.get().equals(ring.secret())) {
      return; // one that vanished from the configuration stays until the next start
    }
    Ring next = next(given.get(), configuration.operation().secretOverlap());
    transactions.call(() -> {
      keepBefore(next);
      return next;
    });
    adopt(next);
  }

  /** Forgets the secret before, when its time is over. */
  synchronized void forget() {
    Optional<Before> before = ring.before();
    if (before.isPresent() && !clock.instant().isBefore(before.get().until())) {
      adopt(new Ring(ring.secret(), Optional.empty()));
    }
  }

  private Ring next(String fresh, Duration overlap) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Ring(
        fresh,
        overlap.isZero()
            ? Optional.empty()
            : Optional.of(new Before(ring.secret(), now.plus(overlap), now)));
  }

  private void keepBefore(Ring next) {
    if (next.before().isPresent()) {
      Before before = next.before().get();
      store.replace(
          BEFORE,
          before.until() + " " + before.replaced() + " " + before.secret(),
          before.replaced());
    } else {
      store.remove(BEFORE);
    }
  }

  private static Optional<Before> parse(String text) {
    String[] parts = text.split(" ", 3);
    return parts.length == 3
        ? Optional.of(new Before(parts[2], Instant.parse(parts[0]), Instant.parse(parts[1])))
        : Optional.empty();
  }

  private Ring adopt(Ring next) {
    Ring last = ring;
    ring = next;
    rotated.fire(new SecretRotated(last, next));
    return next;
  }
}
