package org.bradawl.natlab.check;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.bradawl.agent.json.Json;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.NatSpecification.Hairpin;
import org.bradawl.simulation.PortAllocation;

/**
 * What is said about a NAT.
 *
 * @param words an answer for each question; {@code unknown} is one
 */
public record Answers(Map<String, String> words) {

  private static final String UNKNOWN = "unknown";

  /** How answers compare with what is true. */
  public enum Verdict {
    RIGHT,
    /** Nothing wrong, but something unknown. */
    UNKNOWN,
    WRONG
  }

  /** Copies the answers. */
  public Answers {
    words = new LinkedHashMap<>(words);
  }

  /** The truth about a NAT. */
  public static Answers about(LabNat nat) {
    Map<String, String> words = new LinkedHashMap<>();
    switch (nat.behavior()) {
      case LinuxRouterSpecification _ -> {
        words.put("mapping", label(EndpointBehavior.ENDPOINT_INDEPENDENT));
        words.put("filtering", label(EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT));
        words.put("ports", "preserving");
        words.put("hairpinning", "no");
      }
      case NatSpecification specified -> {
        words.put("mapping", label(specified.mapping()));
        words.put("filtering", label(specified.filtering()));
        words.put("ports", ports(specified.ports()));
        words.put("hairpinning", specified.hairpin() == Hairpin.NONE ? "no" : "yes");
      }
    }
    return new Answers(words);
  }

  /** What {@code check --json} printed. */
  public static Answers of(Json check) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("mapping", check.get("mapping").textOrEmpty());
    words.put("filtering", check.get("filtering").textOrEmpty());
    Json ports = check.get("portAllocation");
    String kind = ports.get("kind").textOrEmpty();
    words.put(
        "ports",
        kind.equals("contiguous") ? kind + " " + ports.get("step").number().orElse(0) : kind);
    Json hairpinning = check.get("hairpinning");
    words.put("hairpinning", hairpinning.isTrue() ? "yes" : hairpinning.isFalse() ? "no" : UNKNOWN);
    return new Answers(words);
  }

  /** What turnutils_natdiscovery printed. */
  public static Answers ofControl(String output) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("mapping", control(output, "Mapping"));
    words.put("filtering", control(output, "Filtering"));
    return new Answers(words);
  }

  private static String control(String output, String question) {
    for (EndpointBehavior behavior : EndpointBehavior.values()) {
      String[] parts = label(behavior).split("-", -1);
      String spelled =
          java.util.Arrays.stream(parts)
              .map(word -> word.equals("and") ? word : capital(word))
              .collect(Collectors.joining(" "));
      if (output.contains("NAT with " + spelled + " " + question)) {
        return label(behavior);
      }
    }
    return UNKNOWN;
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static String label(EndpointBehavior behavior) {
    return switch (behavior) {
      case ENDPOINT_INDEPENDENT -> "endpoint-independent";
      case ADDRESS_DEPENDENT -> "address-dependent";
      case ADDRESS_AND_PORT_DEPENDENT -> "address-and-port-dependent";
    };
  }

  private static String ports(PortAllocation ports) {
    return switch (ports) {
      case PortAllocation.Preserving _ -> "preserving";
      case PortAllocation.Contiguous contiguous -> "contiguous " + contiguous.step();
      case PortAllocation.BlockRandom _ -> "block-random";
      case PortAllocation.Random _ -> "random";
    };
  }

  /** How these answers, which may be fewer, compare with the truth. */
  public Verdict against(Answers truth) {
    Verdict verdict = Verdict.RIGHT;
    for (Map.Entry<String, String> answer : words.entrySet()) {
      if (answer.getValue().equals(UNKNOWN) || answer.getValue().isEmpty()) {
        // A NAT that filters may keep from its own hosts whether it hairpins.
        boolean excused = answer.getKey().equals("hairpinning") || verdict == Verdict.WRONG;
        verdict = excused ? verdict : Verdict.UNKNOWN;
      } else if (!answer.getValue().equals(truth.words.get(answer.getKey()))) {
        verdict = Verdict.WRONG;
      }
    }
    return verdict;
  }

  /** Only those that differ from the truth. */
  public String differences(Answers truth) {
    return words.entrySet().stream()
        .filter(answer -> !answer.getValue().equals(truth.words.get(answer.getKey())))
        .map(answer -> answer.getKey() + " " + answer.getValue())
        .collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return String.join(", ", words.values());
  }
}
