package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Asks until the answer is the wanted one: records are written a moment after what they tell of.
 */
public final class Eventually {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Eventually() {}

  /**
   * The first answer that is wanted.
   *
   * @throws AssertionError with the last one if none comes within twenty seconds
   */
  public static JsonNode get(Api api, String path, Predicate<JsonNode> wanted) {
    Instant deadline = Instant.now().plus(PATIENCE);
    JsonNode last = api.get(path).json();
    while (!wanted.test(last)) {
      assertThat(Instant.now()).as("%s shows %s", path, last).isBefore(deadline);
      last = api.get(path).json();
    }
    return last;
  }

  /**
   * Waits until it is so.
   *
   * @throws AssertionError if it is not within twenty seconds
   */
  public static void that(String what, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
    }
  }
}
