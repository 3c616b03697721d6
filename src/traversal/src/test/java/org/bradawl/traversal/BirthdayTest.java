package org.bradawl.traversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bradawl.nat.PortModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table that searches are sized by. */
class BirthdayTest {

  @ParameterizedTest
  @CsvSource({
    "256, 256, 0.64", "256, 512, 0.87", "256, 1024, 0.984", "256, 2048, 0.9997",
    "84, 256, 0.28", "84, 512, 0.49", "84, 1024, 0.74", "84, 2048, 0.93"
  })
  void meetsAsOftenAsTheTableSays(int sockets, int probes, double chance) {
    assertThat(Birthday.chance(PortModel.PORTS, sockets, probes)).isCloseTo(chance, within(0.006));
  }

  @Test
  void aKnownBlockNeedsFarLess() {
    assertThat(Birthday.chance(1024, 32, 64)).isCloseTo(0.88, within(0.01));
  }

  @Test
  void sizesASearch() {
    int probes = Birthday.probesFor(0.9, PortModel.PORTS, 256);
    assertThat(Birthday.chance(PortModel.PORTS, 256, probes)).isGreaterThanOrEqualTo(0.9);
    assertThat(Birthday.chance(PortModel.PORTS, 256, probes - 1)).isLessThan(0.9);
  }

  @Test
  void twoRandomSidesAreHopeless() {
    assertThat(Birthday.probesForBoth(0.5)).isBetween(53_000L, 55_000L);
  }

  @Test
  void certaintyAndImpossibilityAreTheEnds() {
    assertThat(Birthday.chance(100, 60, 50)).isEqualTo(1);
    assertThat(Birthday.chance(100, 0, 50)).isZero();
  }
}
