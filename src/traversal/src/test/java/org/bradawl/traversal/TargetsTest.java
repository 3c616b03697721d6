package org.bradawl.traversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.traversal.Peers.endpoint;

import java.util.List;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.PortModel;
import org.bradawl.stun.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where probes may go. */
class TargetsTest {

  private static Peer at(String observed, String host) {
    return Peers.peer(
        "peer",
        observed,
        host,
        Behavior.ENDPOINT_INDEPENDENT,
        Behavior.ENDPOINT_INDEPENDENT,
        new PortModel.Preserving(1));
  }

  @Test
  void allowsThePeersObservedAddressAndNothingElse() {
    Targets targets = Targets.of(at("198.51.100.1", "192.168.1.2"), at("192.0.2.1", "10.0.0.2"));
    assertThat(targets.allows(endpoint("192.0.2.1", 40_000))).isTrue();
    assertThat(targets.allows(endpoint("192.0.2.1", 0))).isFalse();
    assertThat(targets.among(List.of(endpoint("10.0.0.2", 5000), endpoint("8.8.8.8", 53))))
        .isEmpty();
  }

  @Test
  void allowsPrivateEndpointsOfANeighbourButNoOthersOfThatHost() {
    Targets targets = Targets.of(at("192.0.2.1", "10.0.0.1"), at("192.0.2.1", "10.0.0.2"));
    assertThat(targets.allows(endpoint("10.0.0.2", 5000))).isTrue();
    assertThat(targets.allows(endpoint("10.0.0.2", 22))).isFalse();
  }

  @Test
  void aNeighbourCannotNameAStrangerAsItsHost() {
    Targets targets = Targets.of(at("192.0.2.1", "10.0.0.1"), at("192.0.2.1", "8.8.8.8"));
    assertThat(targets.allows(endpoint("8.8.8.8", 5000))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.1",
        "192.168.0.1",
        "100.64.0.1",
        "100.127.1.1",
        "169.254.1.1",
        "fd00::1",
        "fe80::1"
      })
  void knowsPrivateAddresses(String address) {
    assertThat(Targets.isPrivate(IpAddress.parse(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "11.0.0.1",
        "172.32.0.1",
        "192.169.0.1",
        "100.128.0.1",
        "100.63.0.1",
        "1.1.1.1",
        "2001:db8::1",
        "127.0.0.1",
        "::1",
        "ff02::1"
      })
  void knowsOthers(String address) {
    assertThat(Targets.isPrivate(IpAddress.parse(address))).isFalse();
  }
}
