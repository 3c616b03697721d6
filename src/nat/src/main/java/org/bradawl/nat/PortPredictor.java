package org.bradawl.nat;

import java.util.ArrayList;
import java.util.List;

/** Which external ports a NAT will give out next, by its {@link PortModel}. */
public final class PortPredictor {

  private PortPredictor() {}

  /** Where the next mapping will be. */
  public sealed interface Prediction {}

  /** One of these ports, the likeliest first. */
  public record Likely(List<Integer> ports) implements Prediction {
    /** Copies the list. */
    public Likely {
      ports = List.copyOf(ports);
    }
  }

  /** Any of the {@code size} ports from {@code first} up, each as likely as the next. */
  public record Somewhere(int first, int size) implements Prediction {}

  /**
   * The ports that follow.
   *
   * @param localPort of the socket that will make the mapping
   * @param last the port that the NAT gave out last, for a counter
   * @param count how many to name at most; a counter moves on when neighbours use it
   */
  public static Prediction next(PortModel model, int localPort, int last, int count) {
    return switch (model) {
      case PortModel.Preserving _ -> new Likely(List.of(localPort));
      case PortModel.Contiguous contiguous ->
          new Likely(counted(contiguous, localPort, last, count));
      case PortModel.Block block -> new Somewhere(block.first(), block.size());
      case PortModel.Random _, PortModel.Unknown _ ->
          new Somewhere(PortModel.LOWEST_PORT, PortModel.PORTS);
    };
  }

  private static List<Integer> counted(
      PortModel.Contiguous model, int localPort, int last, int count) {
    List<Integer> ports = new ArrayList<>();
    for (int i = 1; ports.size() < count && i <= 2 * count; i++) {
      int offset = last - PortModel.LOWEST_PORT + i * model.step();
      int port = PortModel.LOWEST_PORT + Math.floorMod(offset, PortModel.PORTS);
      if (!model.keepsParity() || ((port ^ localPort) & 1) == 0) {
        ports.add(port);
      }
    }
    return ports;
  }
}
