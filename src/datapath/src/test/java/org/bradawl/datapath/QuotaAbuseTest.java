package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bradawl.stun.Method;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.tests.support.FreePorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Quotas hold when many ask at once on all shards, and everything taken comes back. */
@ParameterizedClass
@EnumSource(EngineUnderTest.class)
@Timeout(60)
class QuotaAbuseTest {

  private static final int QUOTA = 5;
  private static final int CLIENTS = 24;

  private final EngineUnderTest engine;

  QuotaAbuseTest(EngineUnderTest engine) {
    this.engine = engine;
  }

  @Test
  void racingClientsGetWhatTheQuotaSaysAndNoMore() throws Exception {
    try (TestRelay relay =
        engine.relay("bradawl.engine.shards=4", "bradawl.turn.quota.per-user=" + QUOTA)) {
      for (int round = 0; round < 3; round++) {
        List<TurnClient> clients = clients(relay);
        List<Integer> codes = allocateAtOnce(clients);
        assertThat(codes).containsOnly(0, 486);
        assertThat(codes.stream().filter(code -> code == 0)).hasSize(QUOTA);
        release(clients, codes);
        Wait.until("all ended", () -> relay.started.size() == relay.ended.size());
      }
      assertThat(relay.datapath().allocations()).isEmpty();
    }
  }

  private static List<TurnClient> clients(TestRelay relay) {
    List<TurnClient> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(i % 3 == 0 ? relay.tcp() : relay.udp());
    }
    return clients;
  }

  private static List<Integer> allocateAtOnce(List<TurnClient> clients) throws Exception {
    List<Integer> codes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      clients.forEach(client -> tasks.add(client::allocateError));
      for (Future<Integer> code : threads.invokeAll(tasks)) {
        codes.add(code.get());
      }
    }
    return codes;
  }

  /** Over UDP by a Refresh, over TCP by hanging up. */
  private static void release(List<TurnClient> clients, List<Integer> codes) throws IOException {
    for (int i = 0; i < clients.size(); i++) {
      TurnClient client = clients.get(i);
      if (codes.get(i) == 0 && client.wire() instanceof ClientWire.Udp) {
        assertThat(client.refresh(0)).isZero();
      }
      client.close();
    }
  }

  @Test
  void oneUserLeavesRoomForOthers() throws Exception {
    try (TestRelay relay =
        engine.relay(
            "bradawl.turn.users=alice:wonderland,bob:builder",
            "bradawl.turn.quota.total=3",
            "bradawl.turn.quota.per-user=2")) {
      try (TurnClient first = relay.udp();
          TurnClient second = relay.tcp();
          TurnClient third = relay.udp();
          TurnClient bob = new TurnClient(relay.tcpWire(), "bob", "builder");
          TurnClient late = new TurnClient(relay.tcpWire(), "bob", "builder")) {
        assertThat(first.allocateError()).isZero();
        assertThat(second.allocateError()).isZero();
        assertThat(third.allocateError()).isEqualTo(486);
        assertThat(bob.allocateError()).isZero();
        assertThat(late.allocateError()).as("the server is full").isEqualTo(508);
        assertThat(first.refresh(0)).isZero();
        assertThat(late.allocateError()).isZero();
      }
    }
  }

  /** Permissions and channels of one allocation are bounded; what it has goes on. */
  @Test
  void permissionsAndChannelsOfAnAllocationAreBounded() throws Exception {
    try (TestRelay relay = engine.relay();
        TurnClient client = relay.udp();
        Canary canary = new Canary()) {
      client.allocate();
      int channels = 0;
      int code = 0;
      while (code == 0 && channels <= 1000) {
        code = client.bind(0x4000 + channels, canary.at("127.1.1." + (channels % 250 + 1)));
        channels += code == 0 ? 1 : 0;
        if (channels >= 250) {
          code = client.bind(0x4000 + channels, canary.at("127.1.2." + (channels - 249)));
          channels += code == 0 ? 1 : 0;
        }
      }
      assertThat(code).isEqualTo(508);
      assertThat(channels).isBetween(1, 1000);
      client.send(0x4000, "still here");
      assertThat(canary.heard(EngineContract.SOON)).isPresent();
    }
  }

  /** Pairs of ports asked for and given back in a loop, over a range that is small. */
  @Test
  void evenPortsInALoopUseNothingUp() throws Exception {
    int ports = (FreePorts.consecutive(9) + 1) & ~1;
    try (TestRelay relay =
            engine.relay(
                "bradawl.relay.min-port=" + ports, "bradawl.relay.max-port=" + (ports + 7));
        TurnClient client = relay.udp()) {
      int full = 0;
      for (int i = 0; i < 100; i++) {
        int code = TurnClient.error(client.allocate(new EvenPort(true)));
        full += code == 508 ? 1 : 0;
        assertThat(code).isIn(0, 508);
        if (code == 0) {
          assertThat(TurnClient.error(client.request(Method.Known.REFRESH, new Lifetime(0))))
              .isZero();
        }
      }
      // Reservations hold their odd ports for 30 s; the even ones are free all the same.
      assertThat(full).isPositive();
      List<TurnClient> others = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        TurnClient another = relay.udp();
        others.add(another);
        assertThat(another.allocateError()).isZero();
      }
      others.forEach(TurnClient::close);
    }
  }
}
