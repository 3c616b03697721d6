package org.bradawl.nat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 3489's names: four of the nine have one. */
class LegacyTypeTest {

  @ParameterizedTest
  @CsvSource({
    "YES, NONE, NONE, open-internet",
    "YES, NONE, ADDRESS_DEPENDENT, symmetric-udp-firewall",
    "YES, NONE, UNKNOWN, unclassified",
    "YES, ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, full-cone",
    "YES, ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, restricted-cone",
    "YES, ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, port-restricted-cone",
    "YES, ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, symmetric",
    "YES, ADDRESS_AND_PORT_DEPENDENT, ADDRESS_DEPENDENT, unclassified",
    "YES, ADDRESS_DEPENDENT, ADDRESS_DEPENDENT, unclassified",
    "YES, UNKNOWN, UNKNOWN, unclassified",
    "NO, UNKNOWN, UNKNOWN, udp-blocked",
    "UNKNOWN, UNKNOWN, UNKNOWN, unclassified"
  })
  void names(Answer udp, Behavior mapping, Behavior filtering, String label) {
    assertThat(LegacyType.of(udp, mapping, filtering).label()).isEqualTo(label);
  }
}
