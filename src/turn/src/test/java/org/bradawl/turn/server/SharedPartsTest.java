package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.server.AllocationQuota.Place;
import org.bradawl.turn.server.TurnSettings.Quotas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedPartsTest {

  private static final RelayAddress RELAY = RelayAddress.plain(IpAddress.parse("192.0.2.1"));

  @Test
  void aPoolLendsEveryPortOnceAndTakesThemBack() {
    PortPool pool = new PortPool(49_152, 49_161, new Random(1));
    Set<Integer> lent = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      lent.add(pool.lend().orElseThrow());
    }
    assertThat(lent).hasSize(10).allMatch(port -> port >= 49_152 && port <= 49_161);
    assertThat(pool.lend()).isEmpty();
    assertThat(pool.lendEven()).isEmpty();
    assertThat(pool.lendPair()).isEmpty();
    lent.forEach(pool::giveBack);
    assertThat(pool.free()).isEqualTo(pool.size());
  }

  @ParameterizedTest
  @CsvSource({"49152, 49161, 5", "49153, 49161, 4", "49152, 49160, 4", "49153, 49153, 0"})
  void aPoolLendsPairsAsLongAsThereAreAny(int min, int max, int pairs) {
    PortPool pool = new PortPool(min, max, new Random(2));
    for (int i = 0; i < pairs; i++) {
      OptionalInt even = pool.lendPair();
      assertThat(even.orElseThrow() % 2).isZero();
    }
    assertThat(pool.lendPair()).isEmpty();
    assertThat(pool.free()).isEqualTo(pool.size() - 2 * pairs);
  }

  @Test
  void givingBackWhatIsNotLentIsABug() {
    PortPool pool = new PortPool(49_152, 49_161, new Random(1));
    int port = pool.lend().orElseThrow();
    pool.giveBack(port);
    assertThatThrownBy(() -> pool.giveBack(port)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pool.giveBack(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aReservationIsRedeemedOnceAndInTime() {
    Reservations reservations = new Reservations(new Random(3));
    RelayPort port = new RelayPort(RELAY, 49_153);
    long token = reservations.reserve(port, 1000);
    assertThat(reservations.redeem(token + 1, 0)).isEmpty();
    assertThat(reservations.redeem(token, 999)).contains(port);
    assertThat(reservations.redeem(token, 999)).isEmpty();
    assertThat(reservations.drop(token)).isEmpty();
    long late = reservations.reserve(port, 1000);
    assertThat(reservations.redeem(late, 1000)).isEmpty();
    assertThat(reservations.drop(late)).contains(port);
    assertThat(reservations.size()).isZero();
  }

  @Test
  void quotasHoldPerUserAndInTotal() {
    AllocationQuota quota = new AllocationQuota(new Quotas(3, 2, 1, 1));
    assertThat(quota.take(Principal.of("a"))).isEqualTo(Place.TAKEN);
    assertThat(quota.take(Principal.of("a"))).isEqualTo(Place.TAKEN);
    assertThat(quota.take(Principal.of("a"))).isEqualTo(Place.USER_FULL);
    assertThat(quota.take(Principal.of("b"))).isEqualTo(Place.TAKEN);
    assertThat(quota.take(Principal.of("b"))).isEqualTo(Place.SERVER_FULL);
    quota.giveBack(Principal.of("a"));
    assertThat(quota.take(Principal.of("b"))).isEqualTo(Place.TAKEN);
    quota.giveBack(Principal.of("a"));
    assertThatThrownBy(() -> quota.giveBack(Principal.of("a")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(quota.total()).isEqualTo(2);
    assertThat(quota.users()).isEqualTo(1);
  }

  @Test
  void racingShardsCannotTakeMoreThanThereIs() throws InterruptedException {
    AllocationQuota quota = new AllocationQuota(new Quotas(1000, 700, 1, 1));
    PortPool pool = new PortPool(1, 1000, new Random(4));
    Thread[] shards = new Thread[4];
    for (int i = 0; i < shards.length; i++) {
      shards[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < 20_000; n++) {
                  takeAndGiveBack(quota, pool);
                }
              });
    }
    for (Thread shard : shards) {
      shard.join();
    }
    assertThat(quota.total()).isZero();
    assertThat(pool.free()).isEqualTo(1000);
  }

  private static void takeAndGiveBack(AllocationQuota quota, PortPool pool) {
    if (quota.take(Principal.of("a")) == Place.TAKEN) {
      OptionalInt port = pool.lend();
      port.ifPresent(pool::giveBack);
      quota.giveBack(Principal.of("a"));
    }
  }
}
