package org.bradawl.tests.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class SkippedTestsTest {

  @Test
  void abortedAndDisabledTestsArePrintedWithTheirReasons() {
    String printed = printedWhenRunning(Sample.class);

    assertThat(printed.lines())
        .containsExactlyInAnyOrder(
            "SKIPPED " + Sample.class.getName() + ".aborted: needs a program",
            "SKIPPED " + Sample.class.getName() + ".disabled: no reason to run");
  }

  private static String printedWhenRunning(Class<?> tests) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build();
    LauncherConfig alone =
        LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    LauncherFactory.create(alone).execute(request, new SkippedTests(out));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Not found by the build's own search for tests, which takes top-level classes. */
  static final class Sample {
    @Test
    void aborted() {
      Assumptions.abort("needs a program");
    }

    @Test
    @Disabled("no reason to run")
    void disabled() {}

    @Test
    void passes() {}
  }
}
