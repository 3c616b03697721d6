package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.AlternateAddress;
import org.junit.jupiter.api.Test;

class ListenPlanTest {

  private static final List<IpAddress> LOCAL =
      Stream.of("192.0.2.1", "192.0.2.2", "127.0.0.1", "2001:db8::1", "::1")
          .map(IpAddress::parse)
          .toList();

  @Test
  void withoutAnAddressEveryLocalOneIsListenedOn() {
    ListenPlan plan = plan("", "");

    assertThat(plan.addresses()).isEqualTo(LOCAL);
    assertThat(plan.endpoints()).hasSize(5).allMatch(endpoint -> endpoint.port() == 3478);
    assertThat(plan.alternates()).isEmpty();
  }

  @Test
  void aWildcardMeansEveryAddressOfItsFamily() {
    assertThat(plan("0.0.0.0", "").addresses()).containsExactlyElementsOf(LOCAL.subList(0, 3));
    assertThat(plan("::", "").addresses()).containsExactlyElementsOf(LOCAL.subList(3, 5));
  }

  @Test
  void anAlternateAddressMakesFourEndpoints() {
    ListenPlan plan = plan("192.0.2.1", "192.0.2.2");

    assertThat(plan.endpoints())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder(
            "192.0.2.1:3478", "192.0.2.1:3479", "192.0.2.2:3478", "192.0.2.2:3479");
    assertThat(plan.alternates())
        .containsExactly(new AlternateAddress(LOCAL.get(0), LOCAL.get(1), 3478, 3479));
  }

  @Test
  void theAlternateIsNoPrimaryAndStandsBesideOneThatClientsCanReachToo() {
    ListenPlan plan = plan("", "192.0.2.1");

    assertThat(plan.addresses()).doesNotContain(LOCAL.getFirst());
    assertThat(plan.alternates().getFirst().primary()).isEqualTo(LOCAL.get(1));
    assertThat(plan("", "127.0.0.2").alternates().getFirst().primary()).isEqualTo(LOCAL.get(2));
  }

  @Test
  void anAlternateAloneInItsFamilyIsAProblem() {
    assertThatExceptionOfType(ConfigurationProblem.class)
        .isThrownBy(() -> plan("192.0.2.1", "2001:db8::1"))
        .satisfies(
            problem -> assertThat(problem.key()).isEqualTo("bradawl.listen.alternate-address"));
  }

  private static ListenPlan plan(String addresses, String alternate) {
    Map<String, String> values =
        Map.of("bradawl.listen.address", addresses, "bradawl.listen.alternate-address", alternate);
    return ListenPlan.of(
        DatapathSettings.from(key -> Optional.ofNullable(values.get(key))).listen(), LOCAL);
  }
}
