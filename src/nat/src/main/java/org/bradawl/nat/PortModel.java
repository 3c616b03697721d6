package org.bradawl.nat;

import java.util.List;

/** What a NAT's choice of ports looks like from the mappings it made. */
public sealed interface PortModel {

  /** Lowest and highest port that NATs give out; the lower ones are left alone. */
  int LOWEST_PORT = 1024;

  int HIGHEST_PORT = 65535;

  /** How many ports that is: N of the birthday formula. */
  int PORTS = HIGHEST_PORT - LOWEST_PORT + 1;

  /** Chance that the model is wrong although every sample fits it, taken from 1. */
  double confidence();

  /** The word that programs read. */
  String label();

  /** The external port is the internal one, as long as it is free. */
  record Preserving(double confidence) implements PortModel {
    @Override
    public String label() {
      return "preserving";
    }
  }

  /**
   * A counter.
   *
   * @param step added for every mapping, negative when it counts down
   * @param keepsParity whether every sample had the parity of its internal port
   * @param last the port given out last
   */
  record Contiguous(int step, boolean keepsParity, int last, double confidence)
      implements PortModel {
    @Override
    public String label() {
      return "contiguous";
    }
  }

  /**
   * Any port of one block.
   *
   * @param first lowest port of the block as far as it can be told
   * @param size how many ports it has
   */
  record Block(int first, int size, double confidence) implements PortModel {
    @Override
    public String label() {
      return "block-random";
    }
  }

  /** Any port at all. */
  record Random(double confidence) implements PortModel {
    @Override
    public String label() {
      return "random";
    }
  }

  /** The samples are too few or fit nothing. */
  record Unknown() implements PortModel {
    @Override
    public double confidence() {
      return 0;
    }

    @Override
    public String label() {
      return "unknown";
    }
  }

  /** The model that these samples support; they may come in any order. */
  static PortModel of(List<PortSample> samples) {
    return new PortInference(samples).model();
  }
}
