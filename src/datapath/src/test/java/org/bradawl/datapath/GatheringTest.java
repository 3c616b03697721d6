package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {

  private final Gathering gathering = new Gathering();
  private long now = 5_000_000_000L;

  @Test
  void neverPaysAtTwentyThousandPacketsASecond() {
    for (int packet = 0; packet < 20_000; packet++) {
      now += 50_000;
      gathering.came(1, now);
      assertThat(gathering.pays(now)).isFalse();
    }
  }

  @Test
  void paysUnderLoadAfterAStretchOfIt() {
    load(Gathering.STRETCH_NANOS / 2);
    assertThat(paysAfter(4)).as("a burst alone").isFalse();
    load(2 * Gathering.STRETCH_NANOS);
    assertThat(paysAfter(4)).isTrue();
  }

  @Test
  void doesNotPayAfterATurnThatWasFull() {
    load(3 * Gathering.STRETCH_NANOS);

    assertThat(paysAfter(Gathering.ENOUGH)).isFalse();
    assertThat(paysAfter(Gathering.ENOUGH - 1)).isTrue();
  }

  @Test
  void isOverWithTheLoad() {
    load(3 * Gathering.STRETCH_NANOS);
    assertThat(paysAfter(4)).isTrue();

    now += 2 * Gathering.STRETCH_NANOS;

    assertThat(gathering.pays(now)).isFalse();
    gathering.came(1, now);
    assertThat(gathering.pays(now + Gathering.STRETCH_NANOS)).isFalse();
  }

  @Test
  void abstainsEverLongerWhereASleepTakesTooLong() {
    load(3 * Gathering.STRETCH_NANOS);
    assertThat(paysAfter(4)).isTrue();

    oversleep();
    load(Gathering.FIRST_ABSTENTION_NANOS - 1_000_000);
    assertThat(paysAfter(4)).isFalse();
    load(2_000_000);
    assertThat(paysAfter(4)).isTrue();

    oversleep();
    load(2 * Gathering.FIRST_ABSTENTION_NANOS - 1_000_000);
    assertThat(paysAfter(4)).isFalse();
    load(2_000_000);
    assertThat(paysAfter(4)).isTrue();

    gathering.paused(now, now + Gathering.PAUSE_NANOS);
    oversleep();
    load(Gathering.FIRST_ABSTENTION_NANOS + 1_000_000);
    assertThat(paysAfter(4)).as("one that was short shows that it can").isTrue();
  }

  private void oversleep() {
    now += Gathering.OVERSLEPT_NANOS;
    gathering.paused(now - Gathering.OVERSLEPT_NANOS, now);
  }

  private boolean paysAfter(int datagrams) {
    gathering.came(datagrams, now);
    return gathering.pays(now);
  }

  /** 200,000 packets a second, four in a turn. */
  private void load(long nanos) {
    for (long until = now + nanos; now < until; now += 20_000) {
      paysAfter(4);
    }
  }
}
