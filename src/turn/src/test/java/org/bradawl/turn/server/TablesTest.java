package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.Principal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of the hot path against those of the JDK. */
class TablesTest {

  private record Key(long a, long b, long c) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aKeyTableIsAMap(long seed) {
    Random random = new Random(seed);
    KeyTable<Integer> table = new KeyTable<>(seed);
    Map<Key, Integer> model = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      Key key = new Key(random.nextInt(3), random.nextInt(20), random.nextInt(5));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          table.put(key.a, key.b, key.c, i);
          model.put(key, i);
        }
        case 3, 4, 5 -> assertThat(table.remove(key.a, key.b, key.c)).isEqualTo(model.remove(key));
        case 6 -> {
          int divisor = 2 + random.nextInt(5);
          table.removeIf(value -> value % divisor == 0);
          model.values().removeIf(value -> value % divisor == 0);
        }
        default -> assertThat(table.get(key.a, key.b, key.c)).isEqualTo(model.get(key));
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
    Set<Integer> values = new HashSet<>();
    table.forEach(values::add);
    assertThat(values).isEqualTo(new HashSet<>(model.values()));
    model.forEach((key, value) -> assertThat(table.get(key.a, key.b, key.c)).isEqualTo(value));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aRelayMapIsAMap(long seed) {
    Random random = new Random(seed);
    RelayMap<Integer> table = new RelayMap<>(seed);
    Map<RelayId, Integer> model = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      RelayId relay = new RelayId(random.nextInt(300));
      switch (random.nextInt(3)) {
        case 0 -> {
          table.put(relay, i);
          model.put(relay, i);
        }
        case 1 -> assertThat(table.remove(relay)).isEqualTo(model.remove(relay));
        default -> assertThat(table.get(relay)).isEqualTo(model.get(relay));
      }
    }
    model.forEach((relay, value) -> assertThat(table.get(relay)).isEqualTo(value));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFiveTupleTableIsAMap(long seed) {
    Random random = new Random(seed);
    FiveTupleTable table = new FiveTupleTable(seed);
    Map<FiveTuple, Allocation> model = new HashMap<>();
    Bench bench = new Bench();
    for (int i = 0; i < 20_000; i++) {
      FiveTuple path = path(random);
      assertThat(table.get(path)).isSameAs(model.get(path));
      if (model.containsKey(path)) {
        table.remove(path);
        model.remove(path);
      } else {
        Allocation allocation = allocation(bench, path);
        table.add(allocation);
        model.put(path, allocation);
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
    model.forEach((path, allocation) -> assertThat(table.get(path)).isSameAs(allocation));
  }

  private static FiveTuple path(Random random) {
    return new FiveTuple(
        random.nextBoolean() ? FiveTuple.Transport.UDP : FiveTuple.Transport.TCP,
        new TransportAddress(IpAddress.v4(1), random.nextInt(2)),
        new TransportAddress(
            random.nextBoolean() ? IpAddress.v4(random.nextInt(9)) : IpAddress.v6(1, 2),
            random.nextInt(30)));
  }

  private static Allocation allocation(Bench bench, FiveTuple path) {
    RelayPort port = new RelayPort(RelayAddress.plain(Bench.RELAY_V4), 50_000);
    AllocationInfo info =
        new AllocationInfo(
            new AllocationId(1), Principal.of("alice"), path, port.advertised(), bench.now);
    TurnCounters counters = new TurnCounters();
    DeadlineQueue deadlines = new DeadlineQueue();
    Clients clients = new Clients(bench.shell, bench.shared.mobility());
    PeerConnections connections =
        new PeerConnections(
            bench.shared.connections(),
            deadlines,
            new Answers(
                "",
                clients,
                new UnprovenReplies(bench.shared.replyLimit(), clients, counters),
                counters),
            bench.shell.streams(),
            counters);
    Allocations owner =
        new Allocations(
            bench.shared, deadlines, bench.random, connections, bench.shell, clients, counters);
    return new Allocation(
        info, port, new RelayId(1), false, owner, new Lifetimes.Term(600, false), 0);
  }

  /** Notes when it was due. */
  private static final class Alarm extends Timed {

    private final List<Alarm> rung;

    Alarm(List<Alarm> rung) {
      this.rung = rung;
    }

    @Override
    void due(long nowNanos) {
      assertThat(deadlineNanos() - nowNanos).isLessThanOrEqualTo(0);
      rung.add(this);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aDeadlineQueueRingsEverythingInOrder(long seed) {
    Random random = new Random(seed);
    DeadlineQueue queue = new DeadlineQueue();
    List<Alarm> rung = new ArrayList<>();
    List<Alarm> alarms = new ArrayList<>();
    TreeMap<Long, Set<Alarm>> model = new TreeMap<>();
    long now = Long.MAX_VALUE - 5_000; // deadlines overflow on the way
    long start = now;
    for (int i = 0; i < 200; i++) {
      alarms.add(new Alarm(rung));
    }
    for (int i = 0; i < 20_000; i++) {
      Alarm alarm = alarms.get(random.nextInt(alarms.size()));
      model.values().forEach(set -> set.remove(alarm));
      model.values().removeIf(Set::isEmpty);
      if (random.nextInt(4) == 0) {
        queue.cancel(alarm);
      } else {
        long deadline = now + 1 + random.nextInt(1000);
        queue.schedule(alarm, deadline);
        model.computeIfAbsent(deadline - start, key -> new HashSet<>()).add(alarm);
      }
      now += random.nextInt(10);
      queue.advance(now);
      var due = model.headMap(now - start, true);
      Set<Alarm> expected = new HashSet<>();
      due.values().forEach(expected::addAll);
      due.clear();
      assertThat(new HashSet<>(rung)).isEqualTo(expected);
      rung.clear();
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
      if (!model.isEmpty()) {
        assertThat(queue.earliestNanos() - start).isEqualTo(model.firstKey());
      }
    }
  }
}
