package org.bradawl.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The project as it is keeps the rules. */
class ArchitectureTest {

  private static final JavaClasses PROJECT = ProjectClasses.all();

  static Stream<ArchRule> rules() {
    return rules("org.bradawl");
  }

  /** Every rule there is, for a project that begins at {@code root}. */
  static Stream<ArchRule> rules(String root) {
    return Stream.of(
            Stream.of(ModuleArrows.pointOneWay(root)),
            PureMachines.rules(root),
            Boundaries.rules(root),
            Names.rules(root))
        .flatMap(rules -> rules);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void isKept(ArchRule rule) {
    rule.check(PROJECT);
  }

  @Test
  void everyPackageSaysWhyItExists() throws IOException {
    for (Path sources : ProjectClasses.sources().toList()) {
      assertThat(PackageStories.missing(sources)).as("packages of %s", sources).isEmpty();
    }
  }

  /** A rule over nothing is kept by everybody. */
  @Test
  void theProjectIsThere() {
    for (String module :
        new String[] {
          "stun", "turn", "nat", "traversal", "signaling", "datapath", "server", "agent", "cli"
        }) {
      assertThat(PROJECT)
          .as(module)
          .anyMatch(javaClass -> javaClass.getPackageName().startsWith("org.bradawl." + module));
    }
  }
}
