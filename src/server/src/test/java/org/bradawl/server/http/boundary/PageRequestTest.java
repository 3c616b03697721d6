package org.bradawl.server.http.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.bradawl.server.http.boundary.PageRequest.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRequestTest {

  @Test
  void withoutParametersItIsTheFirstPage() {
    PageRequest page = PageRequest.of(null, null);

    assertThat(page.limit()).isEqualTo(PageRequest.DEFAULT_LIMIT);
    assertThat(page.after()).isEmpty();
  }

  @Test
  void aCursorComesBackAsItWas() {
    for (Position position :
        List.of(
            new Position(Instant.parse("2026-03-01T12:00:00.123456789Z"), "a|b.c"),
            new Position(Instant.EPOCH.minusSeconds(5), ""),
            new Position(Instant.MAX, "x"))) {
      assertThat(PageRequest.of("7", position.cursor()))
          .isEqualTo(new PageRequest(7, java.util.Optional.of(position)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "501", "x", "1.5", "99999999999999", " 5"})
  void aWrongLimitIsNamed(String limit) {
    ProblemException problem =
        catchThrowableOfType(ProblemException.class, () -> PageRequest.of(limit, null));

    assertThat(problem.problem().status()).isEqualTo(400);
    assertThat(problem.problem().detail())
        .isEqualTo("\"limit\" must be a whole number from 1 to 500");
  }

  @Test
  void noCursorMakesItThrowAnythingElse() {
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[random.nextInt(1, 30)];
      random.nextBytes(bytes);
      String cursor =
          random.nextBoolean()
              ? Base64.getUrlEncoder().encodeToString(bytes)
              : new String(bytes, StandardCharsets.ISO_8859_1);
      try {
        assertThat(PageRequest.of(null, cursor).after()).isPresent();
      } catch (ProblemException e) {
        assertThat(e.problem().detail()).contains("\"cursor\"");
      }
    }
  }
}
