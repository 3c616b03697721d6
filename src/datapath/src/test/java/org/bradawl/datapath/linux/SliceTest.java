package org.bradawl.datapath.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** On the kernel that the test runs on. */
class SliceTest {

  @Test
  void isShortUntilItIsGivenBack() {
    assumeTrue(Abi.describesThisMachine(), "the engine knows Linux on x86-64 and aarch64");
    try (Arena arena = Arena.ofConfined()) {
      Slice slice = new Slice(new Libc(arena), arena);
      long before = slice.nanos();

      boolean shortened = slice.shorten();
      long during = slice.nanos();
      slice.restore();

      boolean known = knowsSlices(System.getProperty("os.version"));
      assertThat(shortened).isEqualTo(known);
      assertThat(during).isEqualTo(known ? Slice.SHORT_NANOS : before);
      assertThat(slice.nanos()).isEqualTo(before);
    }
  }

  /** Linux 6.12 and newer. */
  private static boolean knowsSlices(String version) {
    Matcher numbers = Pattern.compile("(\\d+)\\.(\\d+).*").matcher(version);
    assertThat(numbers.matches()).as(version).isTrue();
    int major = Integer.parseInt(numbers.group(1));
    return major > 6 || (major == 6 && Integer.parseInt(numbers.group(2)) >= 12);
  }
}
