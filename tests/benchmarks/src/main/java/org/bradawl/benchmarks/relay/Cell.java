package org.bradawl.benchmarks.relay;

import java.util.ArrayList;
import java.util.List;

/** One thing that is measured. */
sealed interface Cell {

  /** Its name on the command line and in the table. */
  String name();

  /** Which way data goes. An echo crosses the server twice. */
  enum Direction {
    ECHO,
    UP,
    DOWN;

    String key() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** How many packets the server relays for one that arrives at the end. */
    int crossings() {
      return switch (this) {
        case ECHO -> 2;
        case UP, DOWN -> 1;
      };
    }
  }

  /**
   * ChannelData through allocations.
   *
   * @param window packets of each client on their way
   * @param rate round trips begun a second; 0 for as many as the window lets through
   * @param bulk whether flows come in bursts, as a network card hands over a fast flow
   */
  record Flow(
      String name, int clients, int bytes, Direction direction, int window, int rate, boolean bulk)
      implements Cell {}

  /** Binding requests, as many as are answered. */
  record Binding(String name, int clients, int window) implements Cell {}

  /** Allocations made, with a permission and a channel, and given back. */
  record SetUp(String name, int allocations) implements Cell {}

  /** What idle allocations with permission and channel cost in memory. Measured once. */
  record Idle(String name, int allocations) implements Cell {}

  /** The whole matrix. */
  static List<Cell> matrix() {
    List<Cell> cells = new ArrayList<>();
    cells.add(new Idle("idle", 5_000));
    for (int clients : new int[] {1, 16, 100, 1_000}) {
      for (int bytes : new int[] {160, 1_200}) {
        for (Direction direction : Direction.values()) {
          String name = direction.key() + "-" + bytes + "x" + clients;
          cells.add(new Flow(name, clients, bytes, direction, window(clients), 0, false));
        }
      }
    }
    for (Direction direction : Direction.values()) {
      cells.add(new Flow("bulk-" + direction.key(), 4, 1_200, direction, 128, 0, true));
    }
    cells.add(new Flow("paced-20000x16", 16, 160, Direction.ECHO, 512, 10_000, false));
    cells.add(new Binding("binding", 16, 16));
    cells.add(new SetUp("set-up", 2_000));
    return cells;
  }

  /** What `--quick` leaves of it. */
  static boolean isQuick(Cell cell) {
    return switch (cell) {
      case Flow flow -> flow.direction() == Direction.ECHO && (flow.bulk() || flow.bytes() == 160);
      case Binding _, SetUp _ -> true;
      case Idle _ -> false;
    };
  }

  /** Many clients send little each: with 1000, one packet. */
  private static int window(int clients) {
    return switch (clients) {
      case 1 -> 64;
      case 16 -> 16;
      case 100 -> 4;
      default -> 1;
    };
  }
}
