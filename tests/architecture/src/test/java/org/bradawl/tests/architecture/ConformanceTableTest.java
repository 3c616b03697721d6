package org.bradawl.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads in the table that a test shows something finds that test. */
class ConformanceTableTest {

  private static final Map<String, Set<String>> TESTS = Map.of("SomeTest", Set.of("works"));

  @Test
  void everyRowNamesTestsThatExistOrSaysWhyNot() throws IOException {
    Path root = Path.of(Objects.requireNonNull(System.getenv("BRADAWL_ROOT")));
    String table = Files.readString(root.resolve("src/CONFORMANCE.md"));

    assertThat(ConformanceTable.rows(table)).isGreaterThan(100);
    assertThat(ConformanceTable.problems(table, ConformanceTable.tests(root))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "| 1 | something |  | |",
        "| 1 | something | SomeTest#fails | |",
        "| 1 | something | OtherTest#works | |",
        "| 1 | something | SomeTest | |",
        "| 1 | something | SomeTest#works, SomeTest#fails | |",
        "| 1 | something | not applicable: | |",
        "| 1 | something | not yet | |"
      })
  void aRowWithoutATestIsFound(String row) {
    assertThat(ConformanceTable.problems(row, TESTS)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "| 1 | something | SomeTest#works | |",
        "| something | SomeTest#works, SomeTest#works | note |",
        "| 1 | something | not applicable: nobody asks for it here | |"
      })
  void aRowWithATestIsFine(String row) {
    assertThat(ConformanceTable.problems(row, TESTS)).isEmpty();
  }
}
