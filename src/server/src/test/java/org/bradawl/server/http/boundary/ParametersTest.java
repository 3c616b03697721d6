package org.bradawl.server.http.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.bradawl.server.http.control.PageRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {

  @Test
  void withoutParametersItIsTheFirstPage() {
    assertThat(Parameters.page(null, null))
        .isEqualTo(new PageRequest(0, PageRequest.DEFAULT_LIMIT));
    assertThat(Parameters.page("", "")).isEqualTo(new PageRequest(0, PageRequest.DEFAULT_LIMIT));
  }

  @Test
  void cursorsLeadThroughAListAndEndWithIt() {
    PageRequest page = Parameters.page("2", null);
    String second = page.next(5);
    PageRequest next = Parameters.page("2", second);
    PageRequest last = Parameters.page("2", next.next(5));

    assertThat(next).isEqualTo(new PageRequest(2, 2));
    assertThat(last).isEqualTo(new PageRequest(4, 2));
    assertThat(last.next(5)).isNull();
    assertThat(page.next(2)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "501", "x", "1.5", "99999999999999", " 5"})
  void aWrongLimitIsNamed(String limit) {
    ProblemException problem =
        catchThrowableOfType(ProblemException.class, () -> Parameters.page(limit, null));

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
        assertThat(Parameters.page(null, cursor).offset()).isNotNegative();
      } catch (ProblemException e) {
        assertThat(e.problem().detail()).contains("\"cursor\"");
      }
    }
  }
}
