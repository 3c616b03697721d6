package org.bradawl.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.bradawl.stun.IpAddress;
import org.junit.jupiter.api.Test;

class ResolutionTest {

  /**
   * A zone like those of RFC 5928 §4: rules that lead to addresses, to more rules and to services.
   */
  private static final Records ZONE =
      new Records() {
        @Override
        public List<Service> services(String name) {
          return switch (name) {
            case "_turn._udp.example.com" -> List.of(new Service(0, 0, 3478, "a.example.com"));
            case "_turn._udp.example.net" ->
                List.of(
                    new Service(10, 1, 3478, "b.example.com"),
                    new Service(0, 0, 5000, "a.example.com"),
                    new Service(10, 9, 3479, "a.example.com"));
            case "_stun._udp.example.com" -> List.of(new Service(0, 0, 3480, "a.example.com"));
            case "_turns._tcp.example.com" -> List.of(new Service(0, 0, 443, "a.example.com"));
            case "_turn._tcp.example.com" -> List.of(new Service(0, 0, 0, "."));
            default -> List.of();
          };
        }

        @Override
        public List<Rule> rules(String name) {
          return switch (name) {
            case "example.net" ->
                List.of(
                    new Rule(200, 10, "", "RELAY:turn.udp:turn.tls", "datagram.example.net"),
                    new Rule(100, 10, "a", "RELAY:turn.tcp", "a.example.com"),
                    new Rule(50, 10, "u", "E2U+sip", "nothing.example.net"));
            case "datagram.example.net" ->
                List.of(new Rule(100, 10, "S", "RELAY:turn.udp", "_turn._udp.example.net"));
            case "loop.example.net" ->
                List.of(new Rule(1, 1, "", "RELAY:turn.udp", "loop.example.net"));
            default -> List.of();
          };
        }

        @Override
        public List<IpAddress> addresses(String name) {
          return Map.of(
                  "a.example.com", List.of(IpAddress.parse("192.0.2.1")),
                  "b.example.com",
                      List.of(IpAddress.parse("2001:db8::2"), IpAddress.parse("192.0.2.2")),
                  "plain.example.org", List.of(IpAddress.parse("192.0.2.9")))
              .getOrDefault(name, List.of());
        }
      };

  private static List<String> resolve(String uri) throws Unresolved {
    return new Resolution(ZONE)
        .resolve(IceUri.parse(uri)).stream()
            .map(found -> found.over() + " " + found.address())
            .toList();
  }

  @Test
  void anAddressNeedsNobody() throws Unresolved {
    assertThat(resolve("stun:192.0.2.7"))
        .containsExactly("UDP 192.0.2.7:3478", "TCP 192.0.2.7:3478");
    assertThat(resolve("turns:[2001:db8::1]:443?transport=tcp"))
        .containsExactly("TLS [2001:db8::1]:443");
  }

  @Test
  void aPortEndsTheSearchForServices() throws Unresolved {
    assertThat(resolve("turn:b.example.com:5000?transport=udp"))
        .containsExactly("UDP [2001:db8::2]:5000", "UDP 192.0.2.2:5000");
  }

  @Test
  void rulesComeFirstInTheirOrder() throws Unresolved {
    assertThat(resolve("turn:example.net"))
        .containsExactly(
            "TCP 192.0.2.1:3478",
            "UDP 192.0.2.1:5000",
            "UDP 192.0.2.1:3479",
            "UDP [2001:db8::2]:3478",
            "UDP 192.0.2.2:3478");
  }

  @Test
  void aTransportInTheUriLeavesTheOthersOut() throws Unresolved {
    assertThat(resolve("turn:example.net?transport=tcp")).containsExactly("TCP 192.0.2.1:3478");
  }

  @Test
  void withoutRulesServicesAreAsked() throws Unresolved {
    assertThat(resolve("turn:example.com")).containsExactly("UDP 192.0.2.1:3478");
    assertThat(resolve("turns:example.com")).containsExactly("TLS 192.0.2.1:443");
    assertThat(resolve("stun:example.com")).containsExactly("UDP 192.0.2.1:3480");
  }

  @Test
  void withoutServicesTheNameItselfIs() throws Unresolved {
    assertThat(resolve("turn:plain.example.org"))
        .containsExactly("UDP 192.0.2.9:3478", "TCP 192.0.2.9:3478");
  }

  @Test
  void rulesThatGoInCirclesEnd() throws Unresolved {
    assertThat(resolve("turn:loop.example.net")).isEmpty();
  }
}
