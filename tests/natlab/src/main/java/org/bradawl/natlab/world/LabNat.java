package org.bradawl.natlab.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.GatewaySpecification;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.NatSpecification.Hairpin;
import org.bradawl.simulation.NatSpecification.Unsolicited;
import org.bradawl.simulation.PortAllocation;

/**
 * A NAT to build.
 *
 * @param behavior what it does, as the simulation understands it too
 * @param lossPercent how many of a hundred packets vanish on its outer link, each way
 * @param ftpHelper whether the kernel rewrites active FTP (an application-layer gateway)
 * @param opens how hosts behind it may ask for an open port
 */
public record LabNat(
    GatewaySpecification behavior,
    int lossPercent,
    boolean ftpHelper,
    Set<PortMappingDaemon.Protocol> opens) {

  /** How a NAT is written, for people. */
  public static final String NOTATION =
      "MAPPING+FILTERING[:OPTION]..., for example eim+apdf:random or apdm+apdf:sequential=2:hairpin."
          + " Mapping is eim, adm or apdm; filtering is eif, adf or apdf. full-cone, restricted-cone,"
          + " port-restricted-cone and symmetric are other names of four of them; naive is a Linux"
          + " router with masquerade and nothing else; public is no NAT at all. Options: preserving"
          + " (the usual), sequential[=STEP], random, block[=SIZE]; hairpin; refuse (answers what"
          + " nobody asked for with RST or ICMP, instead of silence); lifetime=SECONDS; loss=PERCENT;"
          + " ftp (helps active FTP);"
          + " upnp, nat-pmp, pcp (opens ports to those who ask)";

  private static final int USUAL_BLOCK = 1024;

  /** Rejects what is no percentage. */
  public LabNat {
    if (lossPercent < 0 || lossPercent > 100) {
      throw new IllegalArgumentException("loss is a percentage, not " + lossPercent);
    }
  }

  /** A NAT that loses nothing. */
  public static LabNat of(GatewaySpecification behavior) {
    return new LabNat(behavior, 0, false, Set.of());
  }

  /**
   * All nine combinations of mapping and filtering.
   *
   * @param options as in the notation, such as {@code random}
   */
  public static List<LabNat> nine(String options) {
    List<LabNat> nats = new ArrayList<>();
    for (String mapping : List.of("eim", "adm", "apdm")) {
      for (String filtering : List.of("eif", "adf", "apdf")) {
        nats.add(parse(mapping + "+" + filtering + ":" + options).orElseThrow());
      }
    }
    return nats;
  }

  /**
   * Reads the notation.
   *
   * @return nothing for a public host
   * @throws IllegalArgumentException in words for people
   */
  public static Optional<LabNat> parse(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split(":", -1);
    if (parts[0].equals("public")) {
      return Optional.empty();
    }
    LabNat nat = of(base(parts[0]));
    for (int i = 1; i < parts.length; i++) {
      nat = nat.with(parts[i]);
    }
    return Optional.of(nat);
  }

  private static GatewaySpecification base(String name) {
    return switch (name) {
      case "naive" -> LinuxRouterSpecification.naive();
      case "full-cone" -> base("eim+eif");
      case "restricted-cone" -> base("eim+adf");
      case "port-restricted-cone" -> base("eim+apdf");
      case "symmetric" -> base("apdm+apdf");
      default -> {
        String[] two = name.split("\\+", -1);
        if (two.length != 2 || !two[0].endsWith("m") || !two[1].endsWith("f")) {
          throw new IllegalArgumentException(name + " is no NAT. A NAT is written " + NOTATION);
        }
        yield NatSpecification.of(behavior(two[0]), behavior(two[1]));
      }
    };
  }

  private static EndpointBehavior behavior(String word) {
    return switch (word.substring(0, word.length() - 1)) {
      case "ei" -> EndpointBehavior.ENDPOINT_INDEPENDENT;
      case "ad" -> EndpointBehavior.ADDRESS_DEPENDENT;
      case "apd" -> EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT;
      default ->
          throw new IllegalArgumentException(
              word + " is no behaviour. A NAT is written " + NOTATION);
    };
  }

  private LabNat with(String option) {
    String[] pair = option.split("=", 2);
    int number = pair.length == 2 ? number(pair[1]) : 0;
    return switch (pair[0]) {
      case "preserving" -> with(new PortAllocation.Preserving());
      case "sequential" -> with(new PortAllocation.Contiguous(pair.length == 2 ? number : 1));
      case "random" -> with(new PortAllocation.Random());
      case "block" -> with(new PortAllocation.BlockRandom(pair.length == 2 ? number : USUAL_BLOCK));
      case "hairpin" -> of(nat().with(Hairpin.EXTERNAL_SOURCE)).like(this);
      case "refuse" -> of(nat().with(Unsolicited.REFUSAL)).like(this);
      case "lifetime" -> of(nat().with(Duration.ofSeconds(number))).like(this);
      case "loss" -> withLoss(number);
      case "ftp" -> new LabNat(behavior, lossPercent, true, opens);
      case "upnp" -> opening(PortMappingDaemon.Protocol.UPNP);
      case "nat-pmp" -> opening(PortMappingDaemon.Protocol.NAT_PMP);
      case "pcp" -> opening(PortMappingDaemon.Protocol.PCP);
      default ->
          throw new IllegalArgumentException(
              option + " is no option. A NAT is written " + NOTATION);
    };
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(text + " is no number", e);
    }
  }

  private NatSpecification nat() {
    return switch (behavior) {
      case NatSpecification nat -> nat;
      case LinuxRouterSpecification _ ->
          throw new IllegalArgumentException(
              "the naive router takes no options but loss, ftp, upnp, nat-pmp and pcp");
    };
  }

  private LabNat opening(PortMappingDaemon.Protocol protocol) {
    Set<PortMappingDaemon.Protocol> more = EnumSet.of(protocol);
    more.addAll(opens);
    return new LabNat(behavior, lossPercent, ftpHelper, more);
  }

  private LabNat like(LabNat other) {
    return new LabNat(behavior, other.lossPercent, other.ftpHelper, other.opens);
  }

  /** The same with other ports. */
  public LabNat with(PortAllocation ports) {
    return of(nat().with(ports)).like(this);
  }

  /** The same with hairpinning. */
  public LabNat hairpinning() {
    return with("hairpin");
  }

  /** The same, losing packets. */
  public LabNat withLoss(int percent) {
    return new LabNat(behavior, percent, ftpHelper, opens);
  }

  /** Its name without its options: {@code EIM+APDF}. */
  public String kind() {
    return switch (behavior) {
      case LinuxRouterSpecification _ -> "naive";
      case NatSpecification nat -> initials(nat.mapping()) + "M+" + initials(nat.filtering()) + "F";
    };
  }

  private static String initials(EndpointBehavior behavior) {
    return switch (behavior) {
      case ENDPOINT_INDEPENDENT -> "EI";
      case ADDRESS_DEPENDENT -> "AD";
      case ADDRESS_AND_PORT_DEPENDENT -> "APD";
    };
  }

  /** How its ports are given out, in the words of the notation. */
  public String ports() {
    return switch (behavior) {
      case LinuxRouterSpecification _ -> "preserving";
      case NatSpecification nat ->
          switch (nat.ports()) {
            case PortAllocation.Preserving _ -> "preserving";
            case PortAllocation.Contiguous contiguous -> "sequential=" + contiguous.step();
            case PortAllocation.BlockRandom block -> "block=" + block.size();
            case PortAllocation.Random _ -> "random";
          };
    };
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind() + ":" + ports());
    if (behavior instanceof NatSpecification nat && nat.hairpin() != Hairpin.NONE) {
      text.append(":hairpin");
    }
    if (lossPercent > 0) {
      text.append(":loss=").append(lossPercent);
    }
    opens.stream().sorted().forEach(protocol -> text.append(':').append(protocol.label()));
    return text.toString();
  }
}
