package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.CAROL_TCP;
import static org.bradawl.turn.server.Bench.PEER;
import static org.bradawl.turn.server.Bench.address;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.Icmp;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;

/** What the path to a peer does with datagrams: DONT-FRAGMENT and ICMP errors. */
class PathTest {

  private static final TransportAddress PEER6 = address("[2001:4860:4860::8888]:5000");

  private final Bench bench =
      new Bench(Bench.settings(), SharedState.of(Bench.settings(), new Random(7)), true);

  private ByteBuffer unfragmented(String data) {
    return Encoder.PLAIN.encode(
        StunMessage.indication(Method.Known.SEND, bench.freshId())
            .add(new XorPeerAddress(PEER))
            .add(new DontFragment())
            .add(new Data(Bytes.copyOf(Recorder.bytes(data))))
            .build());
  }

  private List<Action> error(RelayId relay, TransportAddress peer, int type, int code, int mtu) {
    bench.server.peerError(relay, new PeerError(peer, type, code, mtu), bench.now);
    return bench.shell.take();
  }

  @Test
  void whereDfCanBeSetDontFragmentIsUnderstood() {
    bench.allocated(ALICE, "alice", new DontFragment());
    assertThat(
            Bench.code(
                bench.request(
                    CAROL_TCP,
                    "alice",
                    Method.Known.ALLOCATE,
                    new RequestedTransport(RequestedTransport.TCP),
                    new DontFragment())))
        .as("of datagrams only")
        .isEqualTo(400);
  }

  @Test
  void aSendIndicationDecidesForItself() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.permit(ALICE, "alice", PEER);
    assertThat(bench.fromClient(ALICE, unfragmented("whole")))
        .containsExactly(new Action.Unfragmented(relay, PEER, "whole"));
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "any way")))
        .containsExactly(new Action.ToPeer(relay, PEER, "any way"));
  }

  @Test
  void anErrorIsToldInADataIndicationWithoutData() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.permit(ALICE, "alice", PEER);
    StunMessage told = Bench.response(error(relay, PEER, 3, 4, 1400));
    assertThat(told.is(MessageClass.INDICATION, Method.Known.DATA)).isTrue();
    assertThat(told.attributes()).containsExactly(new XorPeerAddress(PEER), new Icmp(3, 4, 1400));
    assertThat(bench.count(Event.PEER_ERROR)).isOne();
  }

  @Test
  void errorsOfIpv6HaveOtherTypes() {
    RelayId relay = bench.allocated(ALICE, "alice", new RequestedAddressFamily(Family.IPV6));
    bench.permit(ALICE, "alice", PEER6);
    assertThat(error(relay, PEER6, 128, 0, 0)).isEmpty();
    assertThat(error(relay, PEER6, 2, 0, 1280)).hasSize(1);
  }

  @Test
  void whoHasNoPermissionHearsNothing() {
    RelayId relay = bench.allocated(ALICE, "alice");
    assertThat(error(relay, PEER, 3, 3, 0)).isEmpty();
    bench.permit(ALICE, "alice", PEER);
    assertThat(error(relay, address("8.8.4.5:5000"), 3, 3, 0)).isEmpty();
    assertThat(error(relay, PEER, 5, 0, 0)).as("a redirect").isEmpty();
    bench.pass(301);
    assertThat(error(relay, PEER, 3, 3, 0)).as("the permission is over").isEmpty();
    assertThat(error(new RelayId(99), PEER, 3, 3, 0)).isEmpty();
  }

  @Test
  void noMoreThanTenErrorsASecondAreTold() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.permit(ALICE, "alice", PEER);
    int told = 0;
    for (int i = 0; i < 1000; i++) {
      bench.now += 1_000_000;
      told += error(relay, PEER, 3, 3, 0).size();
    }
    assertThat(told).isEqualTo(10);
    assertThat(bench.count(Event.PEER_ERROR_UNTOLD)).isEqualTo(990);
    assertThat(bench.fromPeer(relay, PEER, "alive")).as("the allocation lives").hasSize(1);
  }
}
