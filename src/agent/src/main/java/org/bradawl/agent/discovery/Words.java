package org.bradawl.agent.discovery;

import java.util.ArrayList;
import java.util.List;
import org.bradawl.nat.Answer;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.PortModel;
import org.bradawl.nat.Report;

/** A report in plain words. */
final class Words {

  private Words() {}

  static List<String> about(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(report));
    if (report.publicEndpoints().isEmpty()) {
      return lines;
    }
    lines.add("  seen from outside at  " + report.publicEndpoints().getFirst());
    lines.add("  mapping               " + mapping(report));
    lines.add("  filtering             " + filtering(report));
    lines.add("  RFC 3489 calls it     " + report.legacyType().label());
    if (report.mapping() != Behavior.NONE) {
      lines.add("  ports                 " + ports(report.portAllocation()));
      lines.add("  hairpinning           " + yesOrNo(report.hairpinning()));
    }
    if (report.tcpMapping() != Behavior.UNKNOWN) {
      lines.add("  mapping over TCP      " + report.tcpMapping().label());
    }
    report
        .mappingLifetime()
        .ifPresent(lifetime ->
            lines.add(
                "  an idle mapping lives "
                    + lifetime.atLeast().toSeconds()
                    + " s at least"
                    + lifetime
                        .lessThan()
                        .map(less -> ", less than " + less.toSeconds() + " s")
                        .orElse("")));
    remarks(report).forEach(remark -> lines.add("  " + remark));
    return lines;
  }

  private static String headline(Report report) {
    if (report.udp() == Answer.NO) {
      return "UDP does not get through: only TCP reaches the server.";
    }
    if (report.publicEndpoints().isEmpty()) {
      return "The server did not answer.";
    }
    return switch (report.mapping()) {
      case NONE ->
          report.filtering() == Behavior.NONE
              ? "This host is on the open internet: there is no NAT on the way."
              : "This host has a public address.";
      case ENDPOINT_INDEPENDENT ->
          "This host is behind a NAT that is easy to get through: its mapping is the same for"
              + " everybody.";
      case ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT ->
          "This host is behind a NAT that is hard to get through: its mapping changes with who is"
              + " written to.";
      case UNKNOWN -> "What the NAT does could not be told apart.";
    };
  }

  private static String mapping(Report report) {
    return report.mapping().label()
        + switch (report.mapping()) {
          case NONE -> "";
          case ENDPOINT_INDEPENDENT -> ": one socket, one public endpoint";
          case ADDRESS_DEPENDENT -> ": another public endpoint for every address written to";
          case ADDRESS_AND_PORT_DEPENDENT ->
              ": another public endpoint for every address and port written to";
          case UNKNOWN -> ": does the server have two addresses?";
        };
  }

  private static String filtering(Report report) {
    return report.filtering().label()
        + switch (report.filtering()) {
          case NONE -> ": everybody gets in";
          case ENDPOINT_INDEPENDENT -> ": everybody gets in once a mapping exists";
          case ADDRESS_DEPENDENT -> ": only addresses that were written to get in";
          case ADDRESS_AND_PORT_DEPENDENT -> ": only endpoints that were written to get in";
          case UNKNOWN -> ": does the server have two addresses?";
        };
  }

  private static String ports(PortModel model) {
    return model.label()
        + switch (model) {
          case PortModel.Preserving _ -> ": the public port is the local one";
          case PortModel.Contiguous contiguous -> ": one after the other, by " + contiguous.step();
          case PortModel.Block block ->
              ": anywhere in " + block.size() + " ports from " + block.first();
          case PortModel.Random _ -> ": nobody can tell the next one";
          case PortModel.Unknown _ -> "";
        };
  }

  private static List<String> remarks(Report report) {
    List<String> remarks = new ArrayList<>();
    if (report.severalAddresses() == Answer.YES) {
      remarks.add("The NAT gives connections of this host different public addresses.");
    }
    if (report.earlyPacketMovesPort() == Answer.YES) {
      remarks.add("A peer's packet that comes too early makes the NAT change the port.");
    }
    if (report.fragments() == Answer.NO) {
      remarks.add("Datagrams larger than a packet do not get through.");
    }
    return remarks;
  }

  /** What is known of gateways that change what is inside packets. */
  static List<String> aboutGateways(Answer generic, Answer ftp) {
    List<String> lines = new ArrayList<>();
    switch (generic) {
      case YES ->
          lines.add(
              "  Something on the way rewrites addresses inside any packet (an application-layer"
                  + " gateway).");
      case NO -> lines.add("  inside packets        addresses are left as they are");
      case UNKNOWN -> {}
    }
    switch (ftp) {
      case YES ->
          lines.add(
              "  active FTP            works: a gateway in the NAT reads along and rewrites"
                  + " addresses");
      case NO ->
          lines.add(
              "  active FTP            does not work: no gateway in the NAT helps it; passive FTP"
                  + " needs none");
      case UNKNOWN -> {}
    }
    return lines;
  }

  private static String yesOrNo(Answer answer) {
    return switch (answer) {
      case YES -> "yes: hosts behind this NAT reach each other by their public endpoints";
      case NO -> "no";
      case UNKNOWN -> "unknown";
    };
  }
}
