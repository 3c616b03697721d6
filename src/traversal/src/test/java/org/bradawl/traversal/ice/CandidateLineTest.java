package org.bradawl.traversal.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.SplittableRandom;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Candidate;
import org.bradawl.traversal.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as RFC 8839 and RFC 6544 show them, and as nobody should write them. */
class CandidateLineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host",
        "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998",
        "candidate:1 1 TCP 2128609279 203.0.113.141 9 typ host tcptype active",
        "candidate:2 1 TCP 2124414975 203.0.113.141 8998 typ host tcptype passive",
        "candidate:3 1 TCP 2120220671 203.0.113.141 8999 typ host tcptype so",
        "candidate:4 1 TCP 1688207359 192.0.2.3 9 typ srflx raddr 203.0.113.141 rport 9"
            + " tcptype active",
        "candidate:a/+ 2 UDP 16777215 2001:db8::1 3478 typ relay raddr 2001:db8::2 rport 1"
      })
  void saysAgainWhatItReads(String line) {
    assertThat(CandidateLine.parse(line).map(CandidateLine::format)).contains(line);
    assertThat(CandidateLine.parse("a=" + line + "\r\n").map(CandidateLine::format)).contains(line);
  }

  @Test
  void ignoresExtensionsOfOthers() {
    Optional<IceCandidate> read =
        CandidateLine.parse(
            "candidate:842163049 1 udp 1677729535 192.0.2.3 43481 typ srflx raddr 10.0.0.1 rport"
                + " 43481 generation 0 ufrag sXfn network-cost 999");
    assertThat(read)
        .contains(
            new IceCandidate(
                "842163049",
                1,
                Transport.UDP,
                Optional.empty(),
                1_677_729_535,
                new TransportAddress(IpAddress.parse("192.0.2.3"), 43_481),
                Candidate.Type.SERVER_REFLEXIVE,
                Optional.of(new TransportAddress(IpAddress.parse("10.0.0.1"), 43_481))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "candidate:",
        "candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ",
        "candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ hosts",
        "candidate:1 1 UDP 2130706431 203.0.113.141 65536 typ host",
        "candidate:1 1 UDP 2130706431 203.0.113.141 -1 typ host",
        "candidate:1 0 UDP 2130706431 203.0.113.141 8998 typ host",
        "candidate:1 257 UDP 2130706431 203.0.113.141 8998 typ host",
        "candidate:1 1 UDP 4294967296 203.0.113.141 8998 typ host",
        "candidate:1 1 UDP 0 203.0.113.141 8998 typ host",
        "candidate:1 1 SCTP 2130706431 203.0.113.141 8998 typ host",
        "candidate:1 1 TCP 2130706431 203.0.113.141 8998 typ host",
        "candidate:1 1 UDP 2130706431 5e7c.local 8998 typ host",
        "candidate:123456789012345678901234567890123 1 UDP 1 203.0.113.141 8998 typ host",
        "m=audio 9 RTP/AVP 0"
      })
  void ignoresWhatItCannotUse(String line) {
    assertThat(CandidateLine.parse(line)).isEmpty();
  }

  @Test
  void survivesNoise() {
    SplittableRandom random = new SplittableRandom(7);
    String line = "candidate:1 1 TCP 2128609279 203.0.113.141 9 typ host tcptype active";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder noisy = new StringBuilder(line);
      for (int j = random.nextInt(1, 6); j > 0; j--) {
        noisy.setCharAt(random.nextInt(noisy.length()), (char) random.nextInt(32, 256));
      }
      noisy.setLength(random.nextInt(noisy.length() + 1));
      CandidateLine.parse(noisy.toString())
          .ifPresent(candidate ->
              assertThat(CandidateLine.parse(CandidateLine.format(candidate))).contains(candidate));
    }
  }
}
