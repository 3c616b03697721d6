package org.bradawl.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models from samples, and what they predict. */
class PortModelTest {

  private static final TransportAddress SERVER =
      new TransportAddress(IpAddress.parse("203.0.113.1"), 3478);

  private static List<PortSample> samples(int count, IntUnaryOperator portOf) {
    List<PortSample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(sample(i, 50_000 + 7 * i, portOf.applyAsInt(i), true));
    }
    return samples;
  }

  private static PortSample sample(int order, int local, int port, boolean ordered) {
    TransportAddress mapped = new TransportAddress(IpAddress.parse("198.51.100.1"), port);
    return new PortSample(local, SERVER, mapped, order, ordered);
  }

  @Test
  void equalPortsArePreserved() {
    assertThat(PortModel.of(samples(8, i -> 50_000 + 7 * i)))
        .isEqualTo(new PortModel.Preserving(1));
  }

  @Test
  void mostlyEqualPortsArePreservedWithLessConfidence() {
    PortModel model = PortModel.of(samples(8, i -> i % 4 == 3 ? 1024 + 999 * i : 50_000 + 7 * i));
    assertThat(model).isEqualTo(new PortModel.Preserving(0.75));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, -1, -2, 5, 16})
  void equalStepsAreACounter(int step) {
    PortModel model = PortModel.of(samples(8, i -> 30_000 + step * i));
    assertThat(model)
        .isInstanceOfSatisfying(
            PortModel.Contiguous.class,
            counter -> {
              assertThat(counter.step()).isEqualTo(step);
              assertThat(counter.last()).isEqualTo(30_000 + 7 * step);
              assertThat(counter.confidence()).isEqualTo(1);
            });
  }

  @Test
  void aCounterMayGoRoundTheEnd() {
    PortModel model =
        PortModel.of(samples(8, i -> 1024 + Math.floorMod(64_508 + i, PortModel.PORTS)));
    assertThat(model)
        .isInstanceOfSatisfying(
            PortModel.Contiguous.class, counter -> assertThat(counter.step()).isEqualTo(1));
  }

  @Test
  void gapsLowerTheConfidenceAndNotTheStep() {
    int[] ports = {0, 2, 4, 8, 10, 12, 16, 18};
    PortModel model = PortModel.of(samples(8, i -> 20_000 + ports[i]));
    assertThat(model)
        .isInstanceOfSatisfying(
            PortModel.Contiguous.class,
            counter -> {
              assertThat(counter.step()).isEqualTo(2);
              assertThat(counter.confidence()).isLessThan(1);
            });
  }

  @Test
  void portsOutOfOrderAreNoCounterAndNoBlock() {
    int[] ports = {0, 7, 1, 2, 6, 3, 5, 4};
    assertThat(PortModel.of(samples(8, i -> 20_000 + ports[i])))
        .isInstanceOf(PortModel.Unknown.class);
  }

  @Test
  void fewSamplesProveNothing() {
    assertThat(PortModel.of(samples(5, i -> 20_000 + i))).isInstanceOf(PortModel.Unknown.class);
    assertThat(PortModel.of(List.of())).isInstanceOf(PortModel.Unknown.class);
  }

  @Test
  void randomIsNeverTakenForACounterNorABlockForRandom() {
    RandomGenerator random = new SplittableRandom(3);
    for (int run = 0; run < 100_000; run++) {
      PortModel anywhere =
          PortModel.of(samples(10, _ -> PortModel.LOWEST_PORT + random.nextInt(PortModel.PORTS)));
      assertThat(anywhere.label()).isIn("random", "unknown");
      int start = PortModel.LOWEST_PORT + 1024 * random.nextInt(PortModel.PORTS / 1024);
      PortModel inside = PortModel.of(samples(10, _ -> start + random.nextInt(1024)));
      assertThat(inside.label()).isIn("block-random", "unknown");
      if (inside instanceof PortModel.Block block) {
        assertThat(block.first()).isGreaterThanOrEqualTo(start);
        assertThat(block.first() + block.size()).isLessThanOrEqualTo(start + 1024);
      }
    }
  }

  @Test
  void predictsWhatComesNext() {
    assertThat(PortPredictor.next(new PortModel.Preserving(1), 4711, 1, 5))
        .isEqualTo(new PortPredictor.Likely(List.of(4711)));
    assertThat(PortPredictor.next(new PortModel.Contiguous(2, false, 0, 1), 1, 65_533, 3))
        .isEqualTo(new PortPredictor.Likely(List.of(65_535, 1025, 1027)));
    assertThat(PortPredictor.next(new PortModel.Contiguous(1, true, 0, 1), 6000, 7000, 2))
        .isEqualTo(new PortPredictor.Likely(List.of(7002, 7004)));
    assertThat(PortPredictor.next(new PortModel.Block(2048, 512, 1), 1, 1, 1))
        .isEqualTo(new PortPredictor.Somewhere(2048, 512));
  }
}
