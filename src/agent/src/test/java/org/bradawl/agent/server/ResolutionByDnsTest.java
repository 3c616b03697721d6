package org.bradawl.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URIs resolved by a real DNS server: what is asked, in which order, and what comes of it. */
class ResolutionByDnsTest {

  /** The zone of RFC 5928 Appendix A's kind, names without rules, and names that lead nowhere. */
  private static final String ZONE =
      """
      rules.example.      NAPTR 100 10 "" "RELAY:turn.udp" "" rules-udp.example.
      rules.example.      NAPTR 100 20 "S" "RELAY:turn.tcp:turn.tls" "" _turn._tcp.rules.example.
      rules.example.      NAPTR 200 10 "A" "RELAY:turn.udp" "" last.example.
      rules.example.      NAPTR 50 10 "S" "SIP+D2U" "" _sip._udp.rules.example.
      rules-udp.example.  NAPTR 100 10 "S" "RELAY:turn.udp" "" _turn._udp.rules.example.
      _turn._udp.rules.example. SRV 1 0 3478 a.example.
      _turn._udp.rules.example. SRV 2 0 3479 b.example.
      _turn._tcp.rules.example. SRV 0 0 5000 a.example.
      a.example.          A 192.0.2.1
      a.example.          AAAA 2001:db8::1
      b.example.          A 192.0.2.2
      last.example.       A 192.0.2.9
      _stun._udp.services.example. SRV 10 1 3478 b.example.
      _stun._udp.services.example. SRV 10 9 3480 a.example.
      _stuns._tcp.services.example. SRV 0 0 5349 b.example.
      services.example.   A 192.0.2.77
      _turn._udp.off.example. SRV 0 0 0 .
      plain.example.      A 192.0.2.5
      plain.example.      AAAA 2001:db8::5
      """;

  private final LoopbackNameServer server;
  private final Resolution resolution;

  ResolutionByDnsTest() throws IOException {
    server = new LoopbackNameServer(ZONE);
    resolution = new Resolution(NameServer.at(server.address()));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private List<String> resolve(String uri) throws Unresolved {
    return resolution.resolve(IceUri.parse(uri)).stream()
        .map(found -> found.over() + " " + found.address())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Rules by order and preference; one that leads to another rule, then S, then A.
        "turn:rules.example?transport=udp | UDP [2001:db8::1]:3478, UDP 192.0.2.1:3478,"
            + " UDP 192.0.2.2:3479, UDP 192.0.2.9:3478",
        "turns:rules.example?transport=tcp | TLS [2001:db8::1]:5000, TLS 192.0.2.1:5000",
        // No rules: services by priority, then by weight.
        "stun:services.example | UDP [2001:db8::1]:3480, UDP 192.0.2.1:3480, UDP 192.0.2.2:3478",
        "stuns:services.example | TLS 192.0.2.2:5349",
        // Neither: the name's own addresses and the usual ports.
        "stun:plain.example | UDP [2001:db8::5]:3478, UDP 192.0.2.5:3478,"
            + " TCP [2001:db8::5]:3478, TCP 192.0.2.5:3478",
        "turns:plain.example?transport=udp | DTLS [2001:db8::5]:5349, DTLS 192.0.2.5:5349",
        // A port ends the search.
        "turn:services.example:1234?transport=udp | UDP 192.0.2.77:1234",
        // Names that are nowhere.
        "stun:nowhere.example | ''"
      })
  void findsEndpointsInTheirOrder(String uri, String endpoints) throws Unresolved {
    assertThat(String.join(", ", resolve(uri))).isEqualTo(endpoints);
  }

  @Test
  void asksForRulesThenServicesThenAddresses() throws Unresolved {
    assertThat(resolve("turn:asked.example?transport=udp")).isEmpty();
    assertThat(server.questions())
        .containsExactly(
            "NAPTR asked.example",
            "SRV _turn._udp.asked.example",
            "AAAA asked.example",
            "A asked.example");
  }

  @Test
  void asksNothingForAnAddressAndNoRulesForStun() throws Unresolved {
    assertThat(resolve("turn:192.0.2.8?transport=tcp")).containsExactly("TCP 192.0.2.8:3478");
    assertThat(server.questions()).isEmpty();
    resolve("stun:unasked.example");
    assertThat(server.questions()).noneMatch(question -> question.startsWith("NAPTR"));
  }
}
