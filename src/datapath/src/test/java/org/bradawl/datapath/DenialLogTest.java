package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.server.Cidr;
import org.bradawl.turn.server.PeerDenial;
import org.bradawl.turn.server.PeerDenial.Rule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DenialLogTest {

  private static final long SECOND = 1_000_000_000L;

  private final List<String> lines = new ArrayList<>();
  private long now = Long.MAX_VALUE - SECOND;
  private final DenialLog log = new DenialLog(RelayObserver.none(), () -> now, lines::add);

  @Test
  void aLineNamesUserPeerAndRule() {
    deny("shop/alice", Rule.DENIED, "198.51.100.0/24");
    deny("shop/alice", Rule.NOT_GLOBAL, "10.0.0.0/8");
    assertThat(lines)
        .containsExactly(
            "peer 10.1.2.3:80 denied to user \"shop/alice\" from 192.0.2.9:1234:"
                + " in 198.51.100.0/24 of bradawl.relay.denied-peers",
            "peer 10.1.2.3:80 denied to user \"shop/alice\" from 192.0.2.9:1234:"
                + " not global 10.0.0.0/8, and not in bradawl.relay.allowed-peers");
  }

  @Test
  void aNameCannotForgeALine() {
    deny("a\"b\\\r\nc\u0000\u2028\u202e" + "x".repeat(600), Rule.OWN_SERVICE, null);
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .contains("\"a\\\"b\\\\\\u{d}\\u{a}c\\u{0}\\u{2028}\\u{202e}xxx")
        .contains("…\" from")
        .hasSizeLessThan(250)
        .matches("\\P{Cntrl}+");
  }

  @Test
  void aScanFillsNoDisk() {
    for (int i = 0; i < 100_000; i++) {
      deny("scanner", Rule.NOT_GLOBAL, "10.0.0.0/8");
      now += SECOND / 1000;
    }
    assertThat(lines.size()).as("in 100 s").isBetween(105, 115);
    assertThat(lines.getLast()).endsWith("; 999 denials before it untold");
  }

  private void deny(String user, Rule rule, @Nullable String range) {
    log.peerDenied(
        new PeerDenial(
            Principal.of(user),
            new FiveTuple(Transport.UDP, address("192.0.2.1", 3478), address("192.0.2.9", 1234)),
            address("10.1.2.3", 80),
            rule,
            Optional.ofNullable(range).map(Cidr::parse)));
  }

  private static TransportAddress address(String host, int port) {
    return new TransportAddress(IpAddress.parse(host), port);
  }
}
