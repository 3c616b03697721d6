package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.PEER;
import static org.bradawl.turn.server.Bench.address;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.bradawl.turn.server.TurnSettings.Quotas;
import org.junit.jupiter.api.Test;

/** What RFC 8656 asks of a server and no test of one procedure shows. */
class Rfc8656Test {

  private static final Method[] TURN = {
    Method.Known.ALLOCATE,
    Method.Known.REFRESH,
    Method.Known.CREATE_PERMISSION,
    Method.Known.CHANNEL_BIND
  };

  private final Bench bench = new Bench();

  /** §5. */
  @Test
  void everyMethodButBindingAsksForCredentials() {
    for (Method method : TURN) {
      assertThat(code(ALICE, method)).as("%s", method).isEqualTo(401);
    }
    assertThat(code(ALICE, Method.Known.BINDING)).isZero();
  }

  /** §5: also with a right password, also to release it. */
  @Test
  void anotherUserCannotTouchTheAllocation() {
    bench.allocated(ALICE, "alice");
    assertThat(Bench.code(bench.request(ALICE, "bob", Method.Known.REFRESH, new Lifetime(0))))
        .isEqualTo(441);
    assertThat(bench.permit(ALICE, "bob", PEER)).isEqualTo(441);
    assertThat(bench.bind(ALICE, "bob", 0x4000, PEER)).isEqualTo(441);
    AllocationView view = bench.server.allocations().getFirst();
    assertThat(view.permissions() + view.channels()).isZero();
  }

  /** §5. */
  @Test
  void dataWithoutAnAllocationIsDropped() {
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "x"))).isEmpty();
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).isEmpty();
    assertThat(bench.count(Event.NO_ALLOCATION)).isEqualTo(2);
  }

  /** §6: client address, client port, server address, server port, transport: all five count. */
  @Test
  void anAllocationIsFoundByItsWholeFiveTuple() {
    bench.allocated(ALICE, "alice");
    List<FiveTuple> others =
        List.of(
            new FiveTuple(FiveTuple.Transport.TCP, ALICE.server(), ALICE.client()),
            new FiveTuple(FiveTuple.Transport.UDP, address("192.0.2.1:3479"), ALICE.client()),
            new FiveTuple(FiveTuple.Transport.UDP, address("192.0.2.2:3478"), ALICE.client()),
            new FiveTuple(FiveTuple.Transport.UDP, ALICE.server(), address("198.51.100.7:40001")),
            new FiveTuple(FiveTuple.Transport.UDP, ALICE.server(), address("198.51.100.6:40000")));
    for (FiveTuple other : others) {
      assertThat(Bench.code(bench.request(other, "alice", Method.Known.REFRESH)))
          .as("%s", other)
          .isEqualTo(437);
    }
    assertThat(Bench.code(bench.request(ALICE, "alice", Method.Known.REFRESH))).isZero();
  }

  /** §7.2: no even port, no pair of ports: no allocation, and the odd ones are still to be had. */
  @Test
  void evenPortsThatRunOutAre508() {
    Bench small = new Bench(Bench.settings(PeerRules.defaults(), Quotas.DEFAULT, 50_000, 50_003));
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      FiveTuple path = path(i);
      small.allocated(path, "alice", new EvenPort(false));
      ports.add(small.relayed(path).port());
    }
    assertThat(ports).containsExactlyInAnyOrder(50_000, 50_002);
    RequestedTransport udp = new RequestedTransport(RequestedTransport.UDP);
    for (boolean pair : new boolean[] {false, true}) {
      assertThat(
              Bench.code(
                  small.request(path(7), "alice", Method.Known.ALLOCATE, udp, new EvenPort(pair))))
          .isEqualTo(508);
    }
    small.allocated(path(8), "alice");
    small.allocated(path(9), "alice");
  }

  /** §7.2 and §9. */
  @Test
  void anAllocationBeginsWithoutPermissions() {
    RelayId relay = bench.allocated(ALICE, "alice");
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "x"))).isEmpty();
    assertThat(bench.fromPeer(relay, PEER, "x")).isEmpty();
    assertThat(bench.server.allocations().getFirst().permissions()).isZero();
  }

  /** §9. */
  @Test
  void aPermissionIsForAllPortsOfItsAddress() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.permit(ALICE, "alice", address("8.8.4.4:0"));
    for (int port : new int[] {1, 53, 65_535}) {
      assertThat(bench.fromPeer(relay, address("8.8.4.4:" + port), "x")).hasSize(1);
      assertThat(bench.fromClient(ALICE, bench.send(address("8.8.4.4:" + port), "x"))).hasSize(1);
    }
    assertThat(bench.fromPeer(relay, address("8.8.4.5:53"), "x")).isEmpty();
  }

  /** §9 and §12: neither data of the client nor of the peer makes anything last longer. */
  @Test
  void dataRefreshesNothing() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.bind(ALICE, "alice", 0x4000, PEER);
    for (int i = 0; i < 6; i++) {
      bench.pass(49);
      assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).hasSize(1);
      assertThat(bench.fromClient(ALICE, bench.send(PEER, "x"))).hasSize(1);
      assertThat(bench.fromPeer(relay, PEER, "x")).hasSize(1);
    }
    bench.pass(6);
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).isEmpty();
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "x"))).isEmpty();
    assertThat(bench.fromPeer(relay, PEER, "x")).isEmpty();
    bench.passAndAdvance(300);
    assertThat(bench.server.allocations()).isEmpty();
  }

  /** §10.2, wherever in the list the bad one stands. */
  @Test
  void oneBadPeerRefusesAll() {
    bench.allocated(ALICE, "alice");
    assertThat(bench.permit(ALICE, "alice", PEER, address("127.0.0.1:1"))).isEqualTo(403);
    assertThat(bench.permit(ALICE, "alice", address("127.0.0.1:1"), PEER)).isEqualTo(403);
    assertThat(bench.permit(ALICE, "alice", PEER, address("[2400:cb00::1]:1"))).isEqualTo(443);
    assertThat(bench.server.allocations().getFirst().permissions()).isZero();
  }

  /** §12.2. */
  @Test
  void anotherPortIsAnotherChannel() {
    RelayId relay = bench.allocated(ALICE, "alice");
    assertThat(bench.bind(ALICE, "alice", 0x4000, address("8.8.4.4:1"))).isZero();
    assertThat(bench.bind(ALICE, "alice", 0x4001, address("8.8.4.4:2"))).isZero();
    assertThat(bench.fromPeer(relay, address("8.8.4.4:2"), "x"))
        .containsExactly(new Action.ChannelDataTo(ALICE, 0x4001, "x"));
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x")))
        .containsExactly(new Action.ToPeer(relay, address("8.8.4.4:1"), "x"));
    assertThat(bench.fromPeer(relay, address("8.8.4.4:3"), "x"))
        .allMatch(Action.ToClient.class::isInstance)
        .hasSize(1);
  }

  /** §12.6. */
  @Test
  void dataOnAnUnboundChannelIsDropped() {
    bench.allocated(ALICE, "alice");
    bench.bind(ALICE, "alice", 0x4000, PEER);
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4001, "x"))).isEmpty();
    assertThat(bench.fromClient(path(1), Bench.channelData(0x4000, "x"))).isEmpty();
  }

  private static FiveTuple path(int number) {
    return new FiveTuple(
        FiveTuple.Transport.UDP, Bench.SERVER, address("198.51.100.7:" + (30_000 + number)));
  }

  private int code(FiveTuple path, Method method) {
    StunMessage request = StunMessage.request(method, bench.freshId()).build();
    StunMessage answer = Bench.response(bench.fromClient(path, Encoder.PLAIN.encode(request)));
    return answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }
}
