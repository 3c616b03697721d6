package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.PEER;
import static org.bradawl.turn.server.Bench.address;

import java.util.List;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.AdditionalAddressFamily;
import org.bradawl.stun.attribute.AddressErrorCode;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;

/** One allocation with a relayed address of each family (RFC 8656 §5, §7.2 and §8.2). */
class DualAllocationTest {

  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);
  private static final AdditionalAddressFamily BOTH = new AdditionalAddressFamily(Family.IPV6);
  private static final RequestedAddressFamily V4 = new RequestedAddressFamily(Family.IPV4);
  private static final RequestedAddressFamily V6 = new RequestedAddressFamily(Family.IPV6);
  private static final TransportAddress PEER6 = address("[2001:4860:4860::8888]:5000");

  private final Bench bench = new Bench();

  private record Relays(RelayId v4, RelayId v6) {}

  private Relays allocated() {
    RelayId v4 =
        Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP, BOTH)).relay();
    bench.server.relayOpened(v4, bench.now);
    Action.Open second = Bench.open(bench.shell.take());
    assertThat(second.local().address()).isEqualTo(Bench.RELAY_V6);
    bench.server.relayOpened(second.relay(), bench.now);
    assertThat(Bench.code(bench.shell.take())).isZero();
    return new Relays(v4, second.relay());
  }

  private int refresh(Attribute... attributes) {
    return Bench.code(bench.request(ALICE, "alice", Method.Known.REFRESH, attributes));
  }

  private int code(Attribute... attributes) {
    return Bench.code(bench.request(ALICE, "alice", Method.Known.ALLOCATE, attributes));
  }

  @Test
  void oneAnswerTellsBothAddresses() {
    RelayId v4 =
        Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP, BOTH)).relay();
    bench.server.relayOpened(v4, bench.now);
    RelayId v6 = Bench.open(bench.shell.take()).relay();
    bench.server.relayOpened(v6, bench.now);
    StunMessage answer = Bench.response(bench.shell.take());
    assertThat(answer.is(MessageClass.SUCCESS_RESPONSE, Method.Known.ALLOCATE)).isTrue();
    assertThat(answer.all(XorRelayedAddress.class))
        .extracting(relayed -> relayed.address().address())
        .containsExactly(Bench.RELAY_V4, Bench.RELAY_V6);
    assertThat(answer.all(AddressErrorCode.class)).isEmpty();
    assertThat(bench.shared.quota().total()).isOne();
  }

  /** The drafts' number of the attribute, which coturn's client sends. */
  @Test
  void theDraftsNumberIsUnderstood() {
    Attribute draft = new UnknownAttribute(0x8032, Bytes.ofInt(Family.IPV6.code() << 24));
    RelayId v4 =
        Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP, draft)).relay();
    bench.server.relayOpened(v4, bench.now);
    assertThat(Bench.open(bench.shell.take()).local().address()).isEqualTo(Bench.RELAY_V6);
  }

  @Test
  void whatContradictsItselfIsABadRequest() {
    assertThat(code(UDP, new AdditionalAddressFamily(Family.IPV4))).isEqualTo(400);
    assertThat(code(UDP, new AdditionalAddressFamily(9))).isEqualTo(400);
    assertThat(code(UDP, BOTH, new EvenPort(true))).isEqualTo(400);
    assertThat(code(UDP, BOTH, V4)).isEqualTo(400);
    assertThat(bench.shared.quota().total()).isZero();
  }

  @Test
  void aFamilyThatCannotBeHadIsNamedWithItsReason() {
    RelayId v4 =
        Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP, BOTH)).relay();
    bench.server.relayOpened(v4, bench.now);
    RelayId v6 = Bench.open(bench.shell.take()).relay();
    bench.server.relayRefused(v6, RefusalReason.UNAVAILABLE, bench.now);
    StunMessage answer = Bench.response(bench.shell.take());
    assertThat(answer.all(XorRelayedAddress.class)).hasSize(1);
    AddressErrorCode error = answer.first(AddressErrorCode.class).orElseThrow();
    assertThat(error.family()).contains(Family.IPV6);
    assertThat(error.code()).isEqualTo(508);
    assertThat(bench.shared.pool(Bench.RELAY_V6).free()).isEqualTo(100);
    assertThat(bench.permit(ALICE, "alice", PEER6)).isEqualTo(443);
  }

  @Test
  void theOtherFamilyAloneIsGivenToo() {
    RelayId v4 =
        Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP, BOTH)).relay();
    bench.server.relayRefused(v4, RefusalReason.UNAVAILABLE, bench.now);
    RelayId v6 = Bench.open(bench.shell.take()).relay();
    bench.server.relayOpened(v6, bench.now);
    StunMessage answer = Bench.response(bench.shell.take());
    assertThat(answer.first(XorRelayedAddress.class).orElseThrow().address().address())
        .isEqualTo(Bench.RELAY_V6);
    assertThat(answer.first(AddressErrorCode.class).orElseThrow().family()).contains(Family.IPV4);
  }

  @Test
  void withoutEitherItIs508AndNothingStays() {
    RelayId v4 =
        Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP, BOTH)).relay();
    bench.server.relayRefused(v4, RefusalReason.UNAVAILABLE, bench.now);
    RelayId v6 = Bench.open(bench.shell.take()).relay();
    bench.server.relayRefused(v6, RefusalReason.UNAVAILABLE, bench.now);
    assertThat(Bench.code(bench.shell.take())).isEqualTo(508);
    assertThat(bench.shared.quota().total()).isZero();
    assertThat(bench.shared.pool(Bench.RELAY_V4).free()).isEqualTo(100);
  }

  @Test
  void whoLeavesMeanwhileLeavesNothingBehind() {
    RelayId v4 =
        Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP, BOTH)).relay();
    bench.server.relayOpened(v4, bench.now);
    RelayId v6 = Bench.open(bench.shell.take()).relay();
    bench.server.clientGone(ALICE, bench.now);
    bench.server.relayOpened(v6, bench.now);
    assertThat(bench.shell.take()).contains(new Action.Close(v4), new Action.Close(v6));
    assertThat(bench.shared.quota().total()).isZero();
    assertThat(bench.shared.pool(Bench.RELAY_V4).free()).isEqualTo(100);
    assertThat(bench.shared.pool(Bench.RELAY_V6).free()).isEqualTo(100);
  }

  @Test
  void dataGoesByTheRelayOfItsFamily() {
    Relays relays = allocated();
    assertThat(bench.permit(ALICE, "alice", PEER, PEER6)).isZero();
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "four")))
        .containsExactly(new Action.ToPeer(relays.v4, PEER, "four"));
    assertThat(bench.fromClient(ALICE, bench.send(PEER6, "six")))
        .containsExactly(new Action.ToPeer(relays.v6, PEER6, "six"));
    assertThat(bench.bind(ALICE, "alice", 0x4000, PEER)).isZero();
    assertThat(bench.bind(ALICE, "alice", 0x4001, PEER6)).isZero();
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4001, "six")))
        .containsExactly(new Action.ToPeer(relays.v6, PEER6, "six"));
    assertThat(bench.fromPeer(relays.v6, PEER6, "back"))
        .containsExactly(new Action.ChannelDataTo(ALICE, 0x4001, "back"));
    assertThat(bench.fromPeer(relays.v4, PEER, "back"))
        .containsExactly(new Action.ChannelDataTo(ALICE, 0x4000, "back"));
  }

  @Test
  void aRefreshMayDeleteOneFamily() {
    for (boolean first : new boolean[] {true, false}) {
      Relays relays = allocated();
      assertThat(bench.server.allocations().getFirst().relayed())
          .extracting(TransportAddress::address)
          .containsExactly(Bench.RELAY_V4, Bench.RELAY_V6);
      bench.permit(ALICE, "alice", PEER, PEER6);
      bench.bind(ALICE, "alice", 0x4000, PEER);
      bench.bind(ALICE, "alice", 0x4001, PEER6);
      List<Action> done =
          bench.request(ALICE, "alice", Method.Known.REFRESH, first ? V4 : V6, new Lifetime(0));
      assertThat(Bench.code(done)).isZero();
      assertThat(done).contains(new Action.Close(first ? relays.v4 : relays.v6));
      AllocationView view = bench.server.allocations().getFirst();
      assertThat(view.relayed())
          .extracting(TransportAddress::address)
          .containsExactly(first ? Bench.RELAY_V6 : Bench.RELAY_V4);
      assertThat(view.permissions()).isOne();
      assertThat(view.channels()).isOne();
      assertThat(bench.fromClient(ALICE, Bench.channelData(first ? 0x4000 : 0x4001, "gone")))
          .isEmpty();
      assertThat(bench.fromClient(ALICE, Bench.channelData(first ? 0x4001 : 0x4000, "stays")))
          .hasSize(1);
      assertThat(bench.fromPeer(first ? relays.v4 : relays.v6, first ? PEER : PEER6, "late"))
          .isEmpty();
      assertThat(bench.permit(ALICE, "alice", first ? PEER : PEER6)).isEqualTo(443);
      assertThat(refresh(first ? V4 : V6)).as("that family is gone").isEqualTo(443);
      assertThat(refresh(new Lifetime(0))).isZero();
      assertThat(bench.server.allocations()).isEmpty();
      assertThat(bench.shared.pool(Bench.RELAY_V4).free()).isEqualTo(100);
      assertThat(bench.shared.pool(Bench.RELAY_V6).free()).isEqualTo(100);
      assertThat(bench.shared.relayAddresses().size()).isZero();
    }
  }

  @Test
  void eachFamilyHasItsOwnTime() {
    Relays relays = allocated();
    bench.pass(300);
    assertThat(refresh(V6, new Lifetime(900))).isZero();
    List<Action> later = bench.passAndAdvance(301);
    assertThat(later).containsExactly(new Action.Close(relays.v4));
    assertThat(bench.permit(ALICE, "alice", PEER)).isEqualTo(443);
    assertThat(bench.permit(ALICE, "alice", PEER6)).isZero();
    bench.passAndAdvance(600);
    assertThat(bench.server.allocations()).isEmpty();
    assertThat(bench.count(Event.ENDED)).isOne();
  }

  @Test
  void aRefreshWithoutAFamilyIsForBoth() {
    allocated();
    bench.pass(300);
    assertThat(refresh(new Lifetime(900))).isZero();
    assertThat(bench.passAndAdvance(600)).isEmpty();
    assertThat(bench.permit(ALICE, "alice", PEER, PEER6)).isZero();
    assertThat(refresh(new Lifetime(0))).isZero();
    assertThat(bench.server.allocations()).isEmpty();
  }

  @Test
  void aServerOfOneFamilySaysSo() {
    TurnSettings plain = Bench.settings();
    TurnSettings onlyV4 =
        new TurnSettings(
            plain.realm(),
            "",
            List.of(RelayAddress.plain(Bench.RELAY_V4)),
            50_000,
            50_099,
            List.of(),
            plain.ownAddresses(),
            plain.ownServices(),
            plain.peers(),
            plain.maxLifetime(),
            plain.nonceLifetime(),
            plain.quotas());
    Bench four = new Bench(onlyV4);
    RelayId v4 = Bench.open(four.request(ALICE, "alice", Method.Known.ALLOCATE, UDP, BOTH)).relay();
    four.server.relayOpened(v4, four.now);
    AddressErrorCode error =
        Bench.response(four.shell.take()).first(AddressErrorCode.class).orElseThrow();
    assertThat(error.family()).contains(Family.IPV6);
    assertThat(error.code()).isEqualTo(440);
  }
}
