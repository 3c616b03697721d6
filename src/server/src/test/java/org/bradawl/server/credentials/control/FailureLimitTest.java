package org.bradawl.server.credentials.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FailureLimitTest {

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final FailureLimit limit = new FailureLimit(6, () -> now);

  @Test
  void anAddressIsClosedAfterItsFailuresAndOpensWithTime() {
    for (int i = 0; i < 6; i++) {
      assertThat(limit.waitFor("192.0.2.1")).as("failure " + i).isZero();
      limit.failed("192.0.2.1");
    }

    assertThat(limit.waitFor("192.0.2.1")).isEqualTo(Duration.ofSeconds(10));
    assertThat(limit.waitFor("192.0.2.2")).isZero();

    now = now.plusSeconds(10);
    assertThat(limit.waitFor("192.0.2.1")).isZero();
    limit.failed("192.0.2.1");
    assertThat(limit.waitFor("192.0.2.1")).isEqualTo(Duration.ofSeconds(10));

    now = now.plusSeconds(60);
    for (int i = 0; i < 6; i++) {
      assertThat(limit.waitFor("192.0.2.1")).as("again, failure " + i).isZero();
      limit.failed("192.0.2.1");
    }
  }

  @Test
  void anIpv6ClientIsCountedByItsNetwork() {
    for (int i = 0; i < 6; i++) {
      limit.failed("2001:db8:0:1::" + i);
    }

    assertThat(limit.waitFor("2001:db8:0:1:ffff::1")).isPositive();
    assertThat(limit.waitFor("2001:db8:0:2::1")).isZero();
  }

  /** A proxy may write IPv4 this way; else all such clients would share one count. */
  @Test
  void aMappedIpv4ClientIsCountedAsItself() {
    for (int i = 0; i < 6; i++) {
      limit.failed("::ffff:192.0.2.1");
    }

    assertThat(limit.waitFor("192.0.2.1")).isPositive();
    assertThat(limit.waitFor("::ffff:192.0.2.2")).isZero();
  }

  @Test
  void manyAddressesDoNotGrowItWithoutBound() {
    for (int i = 0; i < 6; i++) {
      limit.failed("192.0.2.1");
    }
    for (int i = 0; i < 10_000; i++) {
      limit.failed("10.0." + i / 256 + "." + i % 256);
    }

    assertThat(limit.waitFor("192.0.2.1")).as("the eldest is forgotten").isZero();
    assertThat(limit.waitFor("10.0.39.15")).isZero();
  }
}
