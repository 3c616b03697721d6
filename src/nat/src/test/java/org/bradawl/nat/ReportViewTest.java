package org.bradawl.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The names that programs depend on. */
class ReportViewTest {

  @Test
  void hasTheNamesOfTheContract() {
    assertThat(ReportView.of(Report.unknown()))
        .containsKeys(
            "mapping",
            "filtering",
            "legacyType",
            "hairpinning",
            "portAllocation",
            "mappingLifetimeSeconds",
            "publicEndpoints",
            "localEndpoints",
            "evidence");
  }

  @Test
  void whatIsUnknownIsAWordOrNothing() {
    Map<String, ?> view = ReportView.of(Report.unknown());
    assertThat(view.get("mapping")).isEqualTo("unknown");
    assertThat(view.get("legacyType")).isEqualTo("unclassified");
    assertThat(view.get("hairpinning")).isNull();
    assertThat(view.get("mappingLifetimeSeconds")).isNull();
  }
}
