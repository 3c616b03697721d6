package org.bradawl.natlab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.NatSpecification.Hairpin;
import org.bradawl.simulation.NatSpecification.Pooling;
import org.bradawl.simulation.PortAllocation;

/**
 * A NAT as a script of {@code nft}. The kernel's own NAT maps and filters by address and port; what
 * other NATs do is kept, for each transport, in tables that packets fill as they leave:
 *
 * <pre>
 *   map   internal endpoint [. remote address [. remote port]]  →  external port
 *   rev   external port                                          →  internal endpoint
 *   perm  external port . remote address                         (address-dependent filtering)
 * </pre>
 *
 * <p>A new flow outward takes the port that {@code map} holds, or is given one; a chain after the
 * kernel's NAT writes down what it became. A new flow inward that {@code perm} allows goes where
 * {@code rev} says. Whatever else comes from outside is dropped before connection tracking keeps
 * it, because it would take the port from a flow of the own side that is about to begin.
 *
 * <p>A packet that turns back inside (hairpinning) is not filtered.
 */
final class KernelRules {

  /** NATs leave the well-known ports alone. */
  private static final int LOWEST = 1024;

  /** Ports counted before the counter starts over: more than any search opens. */
  private static final int COUNTED = 4096;

  /** Above what {@code numgen} may count without leaving the range, whatever the step. */
  private static final int HIGHEST = 65_535;

  private final String external;
  private final String inside;
  private final RandomGenerator random;

  /**
   * Rules for a router.
   *
   * @param external its outer address
   * @param inside the range of addresses behind it
   */
  KernelRules(String external, String inside, RandomGenerator random) {
    this.external = external;
    this.inside = inside;
    this.random = random;
  }

  /** The script for a NAT. */
  String script(LabNat nat) {
    List<String> lines = new ArrayList<>();
    lines.add("table ip bradawl {");
    switch (nat.behavior()) {
      case LinuxRouterSpecification _ ->
          lines.add(nat("postrouting", "srcnat", "oifname \"wan\" masquerade"));
      case NatSpecification specified -> lines.addAll(tables(specified));
    }
    if (nat.ftpHelper()) {
      lines.add("ct helper ftp { type \"ftp\" protocol tcp; }");
      lines.add(
          filter(
              "helped",
              "prerouting",
              "-150",
              "iifname != \"wan\" tcp dport 21 ct helper set \"ftp\""));
    }
    if (nat.lossPercent() > 0) {
      String drop = "numgen random mod 100 < " + nat.lossPercent() + " drop";
      lines.add(filter("lost_in", "prerouting", "-300", "iifname \"wan\" " + drop));
      lines.add(filter("lost_out", "postrouting", "300", "oifname \"wan\" " + drop));
    }
    lines.add("}");
    return String.join("\n", lines) + "\n";
  }

  /** Has the connections of another zone forgotten: whatever passes begins anew in this one. */
  static String zone(int number) {
    String set = "ct zone set " + number;
    return String.join(
        "\n",
        "table ip zone {",
        filter("zone_in", "prerouting", "-300", set),
        filter("zone_out", "output", "-300", set),
        "}\n");
  }

  private List<String> tables(NatSpecification nat) {
    if (nat.pooling() != Pooling.PAIRED || nat.parity()) {
      throw new IllegalArgumentException(
          "the lab builds no NAT with several addresses or that keeps the parity of ports");
    }
    List<String> lines = new ArrayList<>();
    List<String> outward = new ArrayList<>();
    List<String> recorded = new ArrayList<>();
    List<String> inward = new ArrayList<>();
    String port = allocation(nat.ports());
    for (String protocol : List.of("udp", "tcp")) {
      // Ended TCP connections leave their mapping behind for a while, as the kernel's own do.
      String timeout = nat.udpLifetime().toSeconds() + "s";
      lines.add(
          table("map", protocol + "_map", mapKey(nat.mapping()) + " : inet_service", timeout));
      lines.add(
          table("map", protocol + "_rev", "inet_service : ipv4_addr . inet_service", timeout));
      lines.add(table("set", protocol + "_perm", "inet_service . ipv4_addr", timeout));
      outward.addAll(outward(nat, protocol, port));
      recorded.addAll(recorded(nat, protocol));
      inward.addAll(inward(nat, protocol));
    }
    lines.add(nat("postrouting", "srcnat", String.join("\n", outward)));
    lines.add(filter("record", "postrouting", "150", String.join("\n", recorded)));
    lines.add(nat("prerouting", "dstnat", String.join("\n", inward)));
    lines.add(filter("strangers", "input", "filter", strangers(nat)));
    return lines;
  }

  private static String mapKey(EndpointBehavior mapping) {
    return "ipv4_addr . inet_service"
        + switch (mapping) {
          case ENDPOINT_INDEPENDENT -> "";
          case ADDRESS_DEPENDENT -> " . ipv4_addr";
          case ADDRESS_AND_PORT_DEPENDENT -> " . ipv4_addr . inet_service";
        };
  }

  private List<String> outward(NatSpecification nat, String protocol, String port) {
    List<String> which = new ArrayList<>();
    which.add("oifname \"wan\" meta l4proto " + protocol);
    if (nat.hairpin() == Hairpin.EXTERNAL_SOURCE) {
      which.add(turningBack(inside) + " meta l4proto " + protocol);
    }
    List<String> lines = new ArrayList<>();
    for (String flow : which) {
      String internal = "ip saddr . " + protocol + " sport";
      String key =
          internal + remote(nat.mapping(), "ct original ip daddr", "ct original proto-dst");
      lines.add("%s snat to %s : %s map @%s_map".formatted(flow, external, key, protocol));
      switch (nat.ports()) {
        case PortAllocation.Preserving _ ->
            lines.add(
                "%s %s sport != @%s_rev snat to %s".formatted(flow, protocol, protocol, external));
        case PortAllocation.Contiguous _,
            PortAllocation.BlockRandom _,
            PortAllocation.Random _ -> {}
      }
      lines.add("%s snat to %s".formatted(flow, port));
    }
    return lines;
  }

  private String allocation(PortAllocation ports) {
    return switch (ports) {
      case PortAllocation.Preserving _, PortAllocation.Random _ ->
          external + ":" + LOWEST + "-" + HIGHEST + " fully-random";
      case PortAllocation.BlockRandom block -> {
        int blocks = (HIGHEST + 1 - LOWEST) / block.size();
        int first = LOWEST + block.size() * random.nextInt(blocks);
        yield external + ":" + first + "-" + (first + block.size() - 1) + " fully-random";
      }
      case PortAllocation.Contiguous contiguous -> {
        int start = random.nextInt(HIGHEST + 1 - LOWEST);
        String counted =
            IntStream.range(0, COUNTED)
                .mapToObj(i -> i + " : " + counted(start, (long) i * contiguous.step()))
                .collect(Collectors.joining(", "));
        // Not "offset": nft 1.0.6 swaps the bytes of a number that becomes a port.
        yield external + " : numgen inc mod " + COUNTED + " map { " + counted + " }";
      }
    };
  }

  private static int counted(int start, long onward) {
    return LOWEST + Math.floorMod(start + onward, HIGHEST + 1 - LOWEST);
  }

  private List<String> recorded(NatSpecification nat, String protocol) {
    String to = remote(nat.mapping(), "ct original ip daddr", "ct original proto-dst");
    // An answer to a flow that came in from outside: it left from the endpoint it came to.
    String back = remote(nat.mapping(), "ip daddr", protocol + " dport");
    List<String> lines = new ArrayList<>();
    String out = "oifname \"wan\" meta l4proto " + protocol;
    lines.addAll(record(protocol, out + " ct direction original", "ct original", to, "ip daddr"));
    lines.addAll(record(protocol, out + " ct direction reply", "ct reply", back, "ip daddr"));
    if (nat.hairpin() != Hairpin.NONE) {
      lines.addAll(
          record(
              protocol,
              turningBack(external) + " ct direction original meta l4proto " + protocol,
              "ct original",
              to,
              "ct original ip daddr"));
    }
    return lines;
  }

  private static List<String> record(
      String protocol, String flow, String side, String remote, String permitted) {
    String internal = side + " ip saddr . " + side + " proto-src";
    return List.of(
        "%s update @%s_map { %s%s : %s sport }"
            .formatted(flow, protocol, internal, remote, protocol),
        "%s update @%s_rev { %s sport : %s }".formatted(flow, protocol, protocol, internal),
        "%s update @%s_perm { %s sport . %s }".formatted(flow, protocol, protocol, permitted));
  }

  private static String remote(EndpointBehavior mapping, String address, String port) {
    return switch (mapping) {
      case ENDPOINT_INDEPENDENT -> "";
      case ADDRESS_DEPENDENT -> " . " + address;
      case ADDRESS_AND_PORT_DEPENDENT -> " . " + address + " . " + port;
    };
  }

  private List<String> inward(NatSpecification nat, String protocol) {
    List<String> lines = new ArrayList<>();
    String to = " dnat ip to " + protocol + " dport map @" + protocol + "_rev";
    String coming = "iifname \"wan\" ip daddr " + external + " ";
    switch (nat.filtering()) {
      case ENDPOINT_INDEPENDENT -> lines.add(coming + "meta l4proto " + protocol + to);
      case ADDRESS_DEPENDENT ->
          lines.add(coming + protocol + " dport . ip saddr @" + protocol + "_perm" + to);
      // Connection tracking lets nobody else in.
      case ADDRESS_AND_PORT_DEPENDENT -> {}
    }
    if (nat.hairpin() != Hairpin.NONE) {
      lines.add("iifname != \"wan\" ip daddr " + external + " meta l4proto " + protocol + to);
    }
    return lines;
  }

  private String turningBack(String source) {
    return "oifname != \"wan\" ip saddr " + source + " ct original ip daddr " + external;
  }

  private String strangers(NatSpecification nat) {
    String own = "iifname != \"wan\" ip daddr " + external + " meta l4proto { tcp, udp } drop";
    return switch (nat.unsolicited()) {
          case SILENCE -> "iifname \"wan\" meta l4proto { tcp, udp } drop";
          case REFUSAL ->
              "iifname \"wan\" meta l4proto tcp reject with tcp reset\n"
                  + "iifname \"wan\" meta l4proto udp reject with icmp port-unreachable";
        }
        + "\n"
        + own;
  }

  private static String table(String kind, String name, String type, String timeout) {
    return "%s %s { type %s; size 65535; flags dynamic,timeout; timeout %s; }"
        .formatted(kind, name, type, timeout);
  }

  private static String nat(String hook, String priority, String rules) {
    return "chain %s_nat { type nat hook %s priority %s;\n%s\n}"
        .formatted(hook, hook, priority, rules);
  }

  private static String filter(String name, String hook, String priority, String rules) {
    return "chain %s { type filter hook %s priority %s;\n%s\n}"
        .formatted(name, hook, priority, rules);
  }
}
