package org.bradawl.traversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.traversal.Peers.endpoint;

import org.junit.jupiter.api.Test;

/** RFC 8445's numbers. */
class CandidateTest {

  @Test
  void aHostCandidateOfTheBestInterfaceHasTheUsualPriority() {
    Candidate host = Candidate.host(Transport.UDP, endpoint("192.0.2.1", 5000), 65_535);
    assertThat(host.priority()).isEqualTo(2_130_706_431L);
  }

  @Test
  void bothSidesGiveAPairTheSamePriority() {
    assertThat(Candidate.pairPriority(5, 3)).isEqualTo((3L << 32) + 10 + 1);
    assertThat(Candidate.pairPriority(3, 5)).isEqualTo((3L << 32) + 10);
  }

  @Test
  void whatComesFromOneBaseSharesItsFoundation() {
    Candidate one = Candidate.host(Transport.UDP, endpoint("192.0.2.1", 5000), 1);
    Candidate other = Candidate.host(Transport.UDP, endpoint("192.0.2.1", 6000), 1);
    Candidate tcp = Candidate.host(Transport.TCP, endpoint("192.0.2.1", 5000), 1);
    assertThat(one.foundation()).isEqualTo(other.foundation()).isNotEqualTo(tcp.foundation());
  }
}
