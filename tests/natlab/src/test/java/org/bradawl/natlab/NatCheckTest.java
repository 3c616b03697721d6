package org.bradawl.natlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.bradawl.natlab.check.Answers.Verdict;
import org.bradawl.natlab.check.NatTrial;
import org.bradawl.natlab.program.StunServer;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.tests.support.Requires;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sample of what {@code ./bradawl lab check} examines in full. */
class NatCheckTest {

  private static @Nullable Internet internet;
  private static @Nullable StunServer server;
  private static @Nullable StunServer control;

  @BeforeAll
  static void build() {
    Requires.networkNamespaces();
    Requires.program("nft", "Debian package nftables");
    Requires.program("turnserver", "Debian package coturn");
    Requires.program("turnutils_natdiscovery", "Debian package coturn");
    Internet built = new Internet();
    internet = built;
    server = StunServer.own(built);
    control = StunServer.coturn(built);
  }

  @AfterAll
  static void takeDown() {
    if (control != null) {
      control.close();
    }
    if (server != null) {
      server.close();
    }
    if (internet != null) {
      internet.close();
    }
  }

  /** Each mapping, each filtering, each way of giving out ports. */
  @ParameterizedTest
  @ValueSource(
      strings = {"eim+eif:random:hairpin", "adm+adf:sequential=2", "apdm+apdf:preserving", "naive"})
  void aNatIsKnownForWhatItIs(String notation) {
    if (internet == null || server == null || control == null) {
      throw new AssertionError("built before all tests");
    }
    LabNat nat = LabNat.parse(notation).orElseThrow();

    NatTrial.Result result = new NatTrial(internet, server, Optional.of(control)).run(nat, 1);

    assertThat(result.answers())
        .allSatisfy(said ->
            assertThat(said.against(result.truth())).as("%s", said).isNotEqualTo(Verdict.WRONG));
    assertThat(result.control())
        .hasValueSatisfying(said ->
            assertThat(said.against(result.truth())).as("%s", said).isEqualTo(Verdict.RIGHT));
  }
}
