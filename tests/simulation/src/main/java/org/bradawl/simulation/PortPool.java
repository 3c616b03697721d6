package org.bradawl.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.bradawl.stun.IpAddress;

/** The ports of one external address and one transport. */
final class PortPool {

  /** NATs leave the well-known ports alone. */
  private static final int LOWEST = 1024;

  private static final int COUNT = 65536 - LOWEST;

  private final NatSpecification specification;
  private final RandomGenerator random;
  private final Set<Integer> taken = new HashSet<>();
  private final Map<IpAddress, Integer> blocks = new HashMap<>();
  private int counter;

  PortPool(NatSpecification specification, RandomGenerator random) {
    this.specification = specification;
    this.random = random;
    this.counter = random.nextInt(COUNT);
  }

  /** A free port for a mapping of this host's port, or nothing when there is none left. */
  Optional<Integer> take(IpAddress host, int internalPort) {
    IntPredicate free =
        port ->
            !taken.contains(port) && (!specification.parity() || (port & 1) == (internalPort & 1));
    Optional<Integer> port =
        switch (specification.ports()) {
          case PortAllocation.Preserving _ ->
              free.test(internalPort) && internalPort >= LOWEST
                  ? Optional.of(internalPort)
                  : anyOf(LOWEST, COUNT, free);
          case PortAllocation.Contiguous contiguous -> next(contiguous.step(), free);
          case PortAllocation.BlockRandom block ->
              anyOf(blockOf(host, block.size()), block.size(), free);
          case PortAllocation.Random _ -> anyOf(LOWEST, COUNT, free);
        };
    port.ifPresent(taken::add);
    return port;
  }

  void release(int port) {
    taken.remove(port);
  }

  private Optional<Integer> next(int step, IntPredicate free) {
    counter = Math.floorMod(counter + step, COUNT);
    for (int tries = 0; tries < COUNT; tries++) {
      if (free.test(LOWEST + counter)) {
        return Optional.of(LOWEST + counter);
      }
      counter = Math.floorMod(counter + Integer.signum(step), COUNT);
    }
    return Optional.empty();
  }

  private Optional<Integer> anyOf(int first, int count, IntPredicate free) {
    int start = random.nextInt(count);
    // A few throws of the dice keep it uniform; walking on from the last finds what is left.
    for (int tries = 0; tries < 16; tries++) {
      start = random.nextInt(count);
      if (free.test(first + start)) {
        return Optional.of(first + start);
      }
    }
    for (int offset = 0; offset < count; offset++) {
      int port = first + (start + offset) % count;
      if (free.test(port)) {
        return Optional.of(port);
      }
    }
    return Optional.empty();
  }

  private int blockOf(IpAddress host, int size) {
    return LOWEST + size * blocks.computeIfAbsent(host, _ -> random.nextInt(COUNT / size));
  }
}
