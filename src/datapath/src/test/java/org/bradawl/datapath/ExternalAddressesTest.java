package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.RelayAddress;
import org.junit.jupiter.api.Test;

class ExternalAddressesTest {

  private static final IpAddress V4 = IpAddress.parse("10.0.0.5");
  private static final IpAddress V6 = IpAddress.parse("fd00::5");
  private static final IpAddress OUTSIDE = IpAddress.parse("203.0.113.7");
  private static final IpAddress MOVED = IpAddress.parse("203.0.113.8");

  private final List<List<RelayAddress>> told = new ArrayList<>();
  private boolean turned;
  private Optional<IpAddress> answer = Optional.of(OUTSIDE);

  @Test
  void withoutOneEveryAddressIsToldAsItIs() {
    assertThat(external("").relayAddresses())
        .containsExactly(RelayAddress.plain(V4), RelayAddress.plain(V6));
    assertThat(external("").mayChange()).isFalse();
  }

  @Test
  void eachFamilyHasItsOwn() {
    assertThat(external("2001:db8::7,203.0.113.7").relayAddresses())
        .containsExactly(
            new RelayAddress(V4, OUTSIDE), new RelayAddress(V6, IpAddress.parse("2001:db8::7")));
  }

  @Test
  void aNameIsResolvedAgainAndOnlyAChangeIsTold() {
    ExternalAddresses external = external("relay.example.org");
    assertThat(external.mayChange()).isTrue();
    assertThat(external.relayAddresses())
        .containsExactly(new RelayAddress(V4, OUTSIDE), RelayAddress.plain(V6));

    external.refresh(told::add);
    assertThat(told).isEmpty();
    answer = Optional.of(MOVED);
    external.refresh(told::add);

    assertThat(told).containsExactly(List.of(new RelayAddress(V4, MOVED), RelayAddress.plain(V6)));
    assertThat(external.relayAddresses()).isEqualTo(told.getFirst());
  }

  @Test
  void aPairIsForOneAddressAndTheOthersGetTheRest() {
    assertThat(external("10.0.0.5/203.0.113.8, fd00::5/2001:db8::8, 203.0.113.7").relayAddresses())
        .containsExactly(
            new RelayAddress(V4, MOVED), new RelayAddress(V6, IpAddress.parse("2001:db8::8")));
    assertThat(external("10.0.0.5/relay.example.org").relayAddresses())
        .containsExactly(new RelayAddress(V4, OUTSIDE), RelayAddress.plain(V6));
    assertThat(external("10.0.0.5/relay.example.org").mayChange()).isTrue();
    assertThatExceptionOfType(ConfigurationProblem.class)
        .isThrownBy(() -> external("10.9.9.9/203.0.113.8"))
        .satisfies(problem -> assertThat(problem.remedy()).contains("10.0.0.5"));
  }

  @Test
  void aNameWithSeveralAddressesInTurnIsNoChange() {
    ExternalAddresses external = external("turns.example.org");
    assertThat(external.relayAddresses()).contains(new RelayAddress(V4, OUTSIDE));
    turned = true;
    external.refresh(told::add);
    assertThat(told).isEmpty();
  }

  @Test
  void aNameThatVanishesKeepsItsLastAddress() {
    ExternalAddresses external = external("relay.example.org");
    answer = Optional.empty();
    external.refresh(told::add);

    assertThat(told).isEmpty();
    assertThat(external.relayAddresses()).contains(new RelayAddress(V4, OUTSIDE));
  }

  @Test
  void aNameThatNeverResolvedIsAProblemOfItsKey() {
    answer = Optional.empty();

    assertThatExceptionOfType(ConfigurationProblem.class)
        .isThrownBy(() -> external("relay.example.org"))
        .satisfies(
            problem -> assertThat(problem.key()).isEqualTo("bradawl.relay.external-address"));
  }

  private ExternalAddresses external(String value) {
    Map<String, String> values = Map.of("bradawl.relay.external-address", value);
    DatapathSettings settings = DatapathSettings.from(key -> Optional.ofNullable(values.get(key)));
    return new ExternalAddresses(settings.relay(), List.of(V4, V6), this::resolve);
  }

  private InetAddress[] resolve(String name) throws UnknownHostException {
    if (name.startsWith("turns")) {
      return turned
          ? new InetAddress[] {MOVED.toInetAddress(), OUTSIDE.toInetAddress()}
          : new InetAddress[] {OUTSIDE.toInetAddress(), MOVED.toInetAddress()};
    }
    return new InetAddress[] {
      answer.orElseThrow(() -> new UnknownHostException(name)).toInetAddress()
    };
  }
}
