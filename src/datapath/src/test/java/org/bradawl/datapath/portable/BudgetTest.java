package org.bradawl.datapath.portable;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BudgetTest {

  private final Budget budget = new Budget();
  private int reads;

  @Test
  void aBusySocketIsReadInBatchesButNotWithoutEnd() {
    for (int turn = 0; turn < 20; turn++) {
      turn(1000);
    }
    assertThat(budget.size()).isEqualTo(64);
  }

  @Test
  void aSparseSocketIsSeldomAskedInVain() {
    for (int turn = 0; turn < 1000; turn++) {
      turn(1);
    }
    assertThat(reads).isLessThan(1000 + 1000 / 8);
  }

  @Test
  void aBurstAfterLongSparsenessIsMetSoon() {
    for (int turn = 0; turn < 1000; turn++) {
      turn(1);
    }
    int turns = 0;
    for (int waiting = 200; waiting > 0; waiting -= Math.min(waiting, budget.size())) {
      turn(waiting);
      turns++;
    }
    assertThat(turns).isLessThan(30);
  }

  /** What a socket does with {@code waiting} datagrams. */
  private void turn(int waiting) {
    int size = budget.size();
    reads += Math.min(size, waiting + 1);
    if (waiting < size) {
      budget.ranDry();
    } else {
      budget.usedUp();
    }
  }
}
