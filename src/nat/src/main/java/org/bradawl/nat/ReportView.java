package org.bradawl.nat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * A report as the tree of names, texts, numbers and lists that programs read, in the order in which
 * people like to see it. What is unknown is {@code null} where the value is yes or no or a number,
 * and the word "unknown" where it is a word. Any JSON library writes it as it is.
 */
public final class ReportView {

  private ReportView() {}

  /** The tree; the map may be added to. */
  public static Map<String, @Nullable Object> of(Report report) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("udp", yesOrNo(report.udp()));
    view.put("mapping", report.mapping().label());
    view.put("filtering", report.filtering().label());
    view.put("legacyType", report.legacyType().label());
    view.put("hairpinning", yesOrNo(report.hairpinning()));
    view.put("portAllocation", portAllocation(report.portAllocation()));
    view.put("mappingLifetimeSeconds", lifetime(report));
    view.put("tcpMapping", report.tcpMapping().label());
    view.put("severalAddresses", yesOrNo(report.severalAddresses()));
    view.put("earlyPacketMovesPort", yesOrNo(report.earlyPacketMovesPort()));
    view.put("fragments", yesOrNo(report.fragments()));
    view.put("genericAlg", yesOrNo(report.genericAlg()));
    view.put("publicEndpoints", texts(report.publicEndpoints()));
    view.put("localEndpoints", texts(report.localEndpoints()));
    view.put("evidence", report.evidence().stream().map(ReportView::evidence).toList());
    return view;
  }

  /** An answer as programs read it; null if it is unknown. */
  public static @Nullable Boolean yesOrNo(Answer answer) {
    return switch (answer) {
      case YES -> true;
      case NO -> false;
      case UNKNOWN -> null;
    };
  }

  private static @Nullable Long lifetime(Report report) {
    return report.mappingLifetime().map(found -> found.atLeast().toSeconds()).orElse(null);
  }

  private static Map<String, @Nullable Object> portAllocation(PortModel model) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("kind", model.label());
    view.put("step", null);
    switch (model) {
      case PortModel.Contiguous contiguous -> {
        view.put("step", contiguous.step());
        view.put("keepsParity", contiguous.keepsParity());
      }
      case PortModel.Block block -> {
        view.put("first", block.first());
        view.put("size", block.size());
      }
      case PortModel.Preserving _, PortModel.Random _, PortModel.Unknown _ -> {}
    }
    view.put("confidence", model.confidence());
    return view;
  }

  private static Map<String, @Nullable Object> evidence(Evidence evidence) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("test", evidence.test());
    view.put("local", evidence.local().toString());
    view.put("sentTo", evidence.sentTo().toString());
    view.put("attempts", evidence.attempts());
    view.put("answers", evidence.answers());
    view.put("answeredBy", text(evidence.answeredBy()));
    view.put("mapped", text(evidence.mapped()));
    view.put("millis", evidence.roundTrip().map(Duration::toMillis).orElse(null));
    return view;
  }

  private static @Nullable String text(Optional<TransportAddress> address) {
    return address.map(TransportAddress::toString).orElse(null);
  }

  private static List<String> texts(List<TransportAddress> addresses) {
    return addresses.stream().map(TransportAddress::toString).toList();
  }
}
