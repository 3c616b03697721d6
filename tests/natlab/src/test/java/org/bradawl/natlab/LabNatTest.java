package org.bradawl.natlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.NatSpecification.Hairpin;
import org.bradawl.simulation.NatSpecification.Unsolicited;
import org.bradawl.simulation.PortAllocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The notation of NATs on the command line. */
class LabNatTest {

  @Test
  void everyWordIsUnderstood() {
    LabNat nat =
        LabNat.parse("APDM+ADF:sequential=2:hairpin:refuse:lifetime=30:loss=5").orElseThrow();

    NatSpecification expected =
        NatSpecification.of(
                EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT, EndpointBehavior.ADDRESS_DEPENDENT)
            .with(new PortAllocation.Contiguous(2))
            .with(Hairpin.EXTERNAL_SOURCE)
            .with(Unsolicited.REFUSAL)
            .with(Duration.ofSeconds(30));
    assertThat(nat).isEqualTo(new LabNat(expected, 5, false, java.util.Set.of()));
    assertThat(nat).hasToString("APDM+ADF:sequential=2:hairpin:loss=5");
  }

  @Test
  void oldNamesAreNamesOfFour() {
    assertThat(LabNat.parse("symmetric")).isEqualTo(LabNat.parse("apdm+apdf"));
    assertThat(LabNat.parse("full-cone")).isEqualTo(LabNat.parse("eim+eif"));
    assertThat(LabNat.parse("public")).isEmpty();
  }

  @Test
  void nineAreNine() {
    assertThat(LabNat.nine("random")).doesNotHaveDuplicates().hasSize(9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cone",
        "eim",
        "eim+eim",
        "xm+eif",
        "eim+eif:often",
        "eim+eif:loss=x",
        "eim+eif:loss=101",
        "naive:random",
        "eim+eif:sequential=0"
      })
  void nonsenseIsRefused(String text) {
    assertThatThrownBy(() -> LabNat.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
