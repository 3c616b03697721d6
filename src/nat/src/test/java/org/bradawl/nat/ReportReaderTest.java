package org.bradawl.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReportReaderTest {

  private static final TransportAddress LOCAL = at("192.168.1.2:40000");
  private static final TransportAddress MAPPED = at("203.0.113.5:40000");
  private static final TransportAddress SERVER = at("[2001:db8::1]:3478");

  private static TransportAddress at(String text) {
    return Tree.endpointOf(text).orElseThrow();
  }

  static List<PortModel> models() {
    return List.of(
        new PortModel.Preserving(1),
        new PortModel.Contiguous(-2, true, PortModel.LOWEST_PORT, 0.9),
        new PortModel.Block(2048, 1024, 0.99),
        new PortModel.Random(0.999),
        new PortModel.Unknown());
  }

  @ParameterizedTest
  @MethodSource("models")
  void readsWhatTheViewWrote(PortModel ports) {
    Report report =
        new Report(
            Answer.YES,
            Behavior.ADDRESS_DEPENDENT,
            Behavior.ADDRESS_AND_PORT_DEPENDENT,
            Behavior.ENDPOINT_INDEPENDENT,
            Answer.NO,
            Optional.empty(),
            ports,
            Answer.UNKNOWN,
            Answer.YES,
            Answer.NO,
            Answer.NO,
            Optional.of(new MappingLifetime(Duration.ofMinutes(2), Optional.empty())),
            List.of(MAPPED),
            List.of(LOCAL),
            List.of(
                new Evidence(
                    "mapping I",
                    LOCAL,
                    SERVER,
                    2,
                    1,
                    Optional.of(SERVER),
                    Optional.of(MAPPED),
                    Optional.of(Duration.ofMillis(21)))));
    assertThat(ReportReader.read(Tree.of(ReportView.of(report)))).contains(report);
  }

  @Test
  void whatIsMissingIsUnknown() {
    assertThat(ReportReader.read(Tree.of(Map.of()))).contains(Report.unknown());
  }

  static List<Map<String, Object>> wrong() {
    return List.of(
        Map.of("mapping", "symmetric"),
        Map.of("mapping", 3),
        Map.of("udp", "yes"),
        Map.of("publicEndpoints", List.of("203.0.113.5")),
        Map.of("publicEndpoints", "203.0.113.5:1"),
        Map.of("localEndpoints", List.of("evil.example:80")),
        Map.of("localEndpoints", List.of("10.0.0.1:70000")),
        Map.of("portAllocation", Map.of("kind", "contiguous", "step", 0)),
        Map.of("portAllocation", Map.of("kind", "block-random", "first", 65000, "size", 4096)),
        Map.of("portAllocation", Map.of("kind", "telepathic")),
        Map.of("portAllocation", Map.of("kind", "random", "confidence", 7)),
        Map.of("mappingLifetimeSeconds", 1.5),
        Map.of("evidence", List.of(Map.of("test", "x"))),
        Map.of("evidence", java.util.Collections.nCopies(65, Map.of())));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsNotAReportIsNone(Map<String, Object> claimed) {
    Map<String, Object> members = new LinkedHashMap<>(claimed);
    assertThat(ReportReader.read(Tree.of(members))).isEmpty();
  }

  @Test
  void onlyAnObjectIsATree() {
    assertThat(ReportReader.read(Tree.of(List.of()))).isEmpty();
    assertThat(ReportReader.read(Tree.of(null))).isEmpty();
  }
}
