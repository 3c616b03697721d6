package org.bradawl.nat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bradawl.stun.IpAddress;

/**
 * Reads a {@link PortModel} out of samples. Each claim is made only when the chance of seeing such
 * samples from a NAT of another kind is below {@link #TOLERATED_ERROR}; between the claims lies
 * "unknown".
 */
final class PortInference {

  /** One wrong claim in a million checks; a check takes far too few samples for fewer. */
  private static final double TOLERATED_ERROR = 1e-6;

  /** Below this many the chance of a coincidence is too high for anything but preservation. */
  private static final int FEWEST = 6;

  /** The smallest block a carrier gives a subscriber (RFC 7422 §2 speaks of 1024 and fewer). */
  private static final int SMALLEST_BLOCK = 64;

  /** The largest span still called a block. */
  private static final int LARGEST_BLOCK = 8192;

  /** Other hosts may take up to three ports between two of ours before a counter looks random. */
  private static final int NOISE = 4;

  private final List<PortSample> samples;

  PortInference(List<PortSample> samples) {
    this.samples = samples.stream().sorted(Comparator.comparingInt(PortSample::order)).toList();
  }

  PortModel model() {
    return preserving().or(this::amongOneAddress).orElseGet(PortModel.Unknown::new);
  }

  private Optional<PortModel> preserving() {
    long kept =
        samples.stream().filter(sample -> sample.mapped().port() == sample.localPort()).count();
    // One match in 64512 is chance, two are 1 in 10^9; the rest may have collided with neighbours.
    if (kept < 2 || 2 * kept < samples.size()) {
      return Optional.empty();
    }
    return Optional.of(new PortModel.Preserving((double) kept / samples.size()));
  }

  /** Counters and blocks belong to an external address, so only samples of one are compared. */
  private Optional<PortModel> amongOneAddress() {
    Map<IpAddress, List<PortSample>> byAddress =
        samples.stream().collect(Collectors.groupingBy(sample -> sample.mapped().address()));
    return byAddress.values().stream()
        .max(Comparator.comparingInt(List::size))
        .flatMap(PortInference::ofOneAddress);
  }

  private static Optional<PortModel> ofOneAddress(List<PortSample> samples) {
    if (samples.size() < FEWEST) {
      return Optional.empty();
    }
    return contiguous(samples).or(() -> scattered(samples));
  }

  private static Optional<PortModel> contiguous(List<PortSample> samples) {
    List<PortSample> ordered = samples.stream().filter(PortSample::ordered).toList();
    if (ordered.size() < FEWEST) {
      return Optional.empty();
    }
    List<Integer> up = deltas(ordered, 1);
    List<Integer> down = deltas(ordered, -1);
    int direction = sum(up) <= sum(down) ? 1 : -1;
    List<Integer> deltas = direction == 1 ? up : down;
    int step = deltas.stream().reduce(0, PortInference::greatestCommonDivisor);
    long travelled = sum(deltas);
    double chance = chanceOfRun(ordered.size(), travelled, Math.max(1, step));
    if (travelled > (long) NOISE * step * deltas.size() || chance > TOLERATED_ERROR) {
      return Optional.empty();
    }
    boolean parity =
        samples.stream()
            .allMatch(sample -> ((sample.mapped().port() ^ sample.localPort()) & 1) == 0);
    long regular = deltas.stream().filter(delta -> delta == step).count();
    return Optional.of(
        new PortModel.Contiguous(
            direction * step,
            parity,
            ordered.getLast().mapped().port(),
            (regular + 1.0) / (deltas.size() + 1.0)));
  }

  /** How far each sample lies beyond the one before it, going round at the end of the range. */
  private static List<Integer> deltas(List<PortSample> ordered, int direction) {
    List<Integer> deltas = new ArrayList<>();
    for (int i = 1; i < ordered.size(); i++) {
      int delta = ordered.get(i).mapped().port() - ordered.get(i - 1).mapped().port();
      deltas.add(Math.floorMod(direction * delta, PortModel.PORTS));
    }
    return deltas;
  }

  /**
   * Chance that ports drawn at random rise by no more than {@code travelled} in all, only by
   * multiples of {@code step}, and in the very order in which they were asked for. The block they
   * could be drawn from is taken to be as small as blocks get.
   */
  private static double chanceOfRun(int count, long travelled, int step) {
    int block = (int) Math.max(SMALLEST_BLOCK, travelled + 1);
    double chance = within(count, travelled / step, block);
    for (int i = 2; i <= count; i++) {
      chance /= i;
    }
    return 2 * chance;
  }

  /** Upper bound of the chance that {@code count} draws out of {@code range} span so little. */
  private static double within(int count, long span, int range) {
    return Math.min(1, count * Math.pow(Math.min(1, (span + 1.0) / range), count - 1));
  }

  private static Optional<PortModel> scattered(List<PortSample> samples) {
    int[] ports = samples.stream().mapToInt(sample -> sample.mapped().port()).sorted().toArray();
    int span = circularSpan(ports);
    double chance = within(ports.length, span, PortModel.PORTS);
    if (span > 2 * LARGEST_BLOCK) {
      // Ports this far apart come neither from a block nor from a counter that anyone shares.
      return Optional.of(new PortModel.Random(1 - Math.pow(0.5, ports.length)));
    }
    boolean block = span <= LARGEST_BLOCK && chance <= TOLERATED_ERROR && !mayBeCounted(ports);
    return block && span == ports[ports.length - 1] - ports[0]
        ? Optional.of(block(ports, chance))
        : Optional.empty();
  }

  /** The shortest way round the range that passes all of the sorted ports. */
  private static int circularSpan(int[] ports) {
    int largestGap = PortModel.PORTS - (ports[ports.length - 1] - ports[0]);
    for (int i = 1; i < ports.length; i++) {
      largestGap = Math.max(largestGap, ports[i] - ports[i - 1]);
    }
    return PortModel.PORTS - largestGap;
  }

  /**
   * Whether a counter with some noise could have given out these ports. Their order does not count
   * here: repeated requests have shuffled it, or the counter would have been recognised.
   */
  private static boolean mayBeCounted(int[] ports) {
    int step = 0;
    for (int i = 1; i < ports.length; i++) {
      step = greatestCommonDivisor(step, ports[i] - ports[i - 1]);
    }
    return ports[ports.length - 1] - ports[0] <= NOISE * step * ports.length;
  }

  private static PortModel block(int[] ports, double chance) {
    int size = SMALLEST_BLOCK;
    while (blockStart(ports[0], size) + size <= ports[ports.length - 1]) {
      size *= 2;
    }
    return new PortModel.Block(blockStart(ports[0], size), size, 1 - chance);
  }

  /** Carriers' blocks start at multiples of their size above the well-known ports. */
  private static int blockStart(int port, int size) {
    return PortModel.LOWEST_PORT + (port - PortModel.LOWEST_PORT) / size * size;
  }

  private static long sum(List<Integer> deltas) {
    return deltas.stream().mapToLong(Integer::longValue).sum();
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
