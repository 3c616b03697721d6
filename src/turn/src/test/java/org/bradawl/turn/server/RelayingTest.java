package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.BOB;
import static org.bradawl.turn.server.Bench.PEER;
import static org.bradawl.turn.server.Bench.address;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.Software;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.bradawl.turn.server.TurnSettings.Quotas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data between clients and peers, and what must not pass. */
class RelayingTest {

  private static final TransportAddress PEER_V6 = address("[2400:cb00::1]:5000");

  private final Bench bench = new Bench();

  @Test
  void withoutAChannelDataGoesByIndications() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.permit(ALICE, "alice", PEER);
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "hello")))
        .containsExactly(new Action.ToPeer(relay, PEER, "hello"));
    TransportAddress otherPort = address("8.8.4.4:5001");
    for (String data : List.of("", "1", "12", "123", "1234")) {
      StunMessage indication = Bench.response(bench.fromPeer(relay, otherPort, data));
      assertThat(indication.is(MessageClass.INDICATION, Method.Known.DATA)).isTrue();
      assertThat(indication.attributes())
          .containsExactly(
              new XorPeerAddress(otherPort), new Data(Bytes.copyOf(Recorder.bytes(data))));
    }
    assertThat(bench.server.allocations().getFirst().traffic())
        .isEqualTo(new Traffic(5, 1, 10, 5))
        .isEqualTo(bench.server.counters().traffic());
  }

  @Test
  void withAChannelDataGoesByChannelData() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.bind(ALICE, "alice", 0x4000, PEER);
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "hello")))
        .containsExactly(new Action.ToPeer(relay, PEER, "hello"));
    assertThat(bench.fromPeer(relay, PEER, "world!"))
        .containsExactly(new Action.ChannelDataTo(ALICE, 0x4000, "world!"));
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "")))
        .as("no data is data too (RFC 8656 §12.6)")
        .containsExactly(new Action.ToPeer(relay, PEER, ""));
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "mixed")))
        .containsExactly(new Action.ToPeer(relay, PEER, "mixed"));
    assertThat(bench.server.counters().traffic()).isEqualTo(new Traffic(10, 3, 6, 1));
  }

  @Test
  void overIpv6Too() {
    RelayId relay = bench.allocated(ALICE, "alice", new RequestedAddressFamily(Family.IPV6));
    assertThat(bench.permit(ALICE, "alice", PEER)).isEqualTo(443);
    assertThat(bench.permit(ALICE, "alice", PEER_V6)).isZero();
    assertThat(bench.fromClient(ALICE, bench.send(PEER_V6, "hello")))
        .containsExactly(new Action.ToPeer(relay, PEER_V6, "hello"));
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "hello"))).isEmpty();
    StunMessage indication = Bench.response(bench.fromPeer(relay, PEER_V6, "abc"));
    assertThat(indication.first(XorPeerAddress.class)).contains(new XorPeerAddress(PEER_V6));
    bench.bind(ALICE, "alice", 0x4001, PEER_V6);
    assertThat(bench.fromPeer(relay, PEER_V6, "abc"))
        .containsExactly(new Action.ChannelDataTo(ALICE, 0x4001, "abc"));
  }

  @Test
  void channelDataMayBePaddedButNotCutOff() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.bind(ALICE, "alice", 0x4000, PEER);
    ByteBuffer padded = ByteBuffer.allocate(8).putInt(0x4000_0001).put((byte) 'x').position(8);
    assertThat(bench.fromClient(ALICE, padded.flip()))
        .containsExactly(new Action.ToPeer(relay, PEER, "x"));
    assertThat(bench.fromClient(ALICE, ByteBuffer.allocate(4).putInt(0, 0x4000_0001))).isEmpty();
    assertThat(bench.fromClient(ALICE, ByteBuffer.allocate(1).put(0, (byte) 0x40))).isEmpty();
    assertThat(bench.fromClient(ALICE, ByteBuffer.allocate(0))).isEmpty();
    assertThat(bench.count(Event.MALFORMED)).isEqualTo(3);
  }

  @Test
  void nothingPassesThatIsNotPermitted() {
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "x"))).isEmpty();
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).isEmpty();
    assertThat(bench.count(Event.NO_ALLOCATION)).isEqualTo(2);
    RelayId relay = bench.allocated(ALICE, "alice");
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "x"))).isEmpty();
    assertThat(bench.fromPeer(relay, PEER, "x")).isEmpty();
    assertThat(bench.count(Event.NO_PERMISSION)).isEqualTo(2);
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).isEmpty();
    assertThat(bench.count(Event.UNKNOWN_CHANNEL)).isEqualTo(1);
    bench.permit(ALICE, "alice", PEER);
    assertThat(bench.fromClient(BOB, bench.send(PEER, "x"))).as("another client").isEmpty();
    assertThat(bench.fromPeer(relay, address("8.8.4.5:5000"), "x")).isEmpty();
    assertThat(bench.fromClient(ALICE, bench.send(address("8.8.4.4:0"), "x"))).isEmpty();
    assertThat(bench.fromPeer(new RelayId(77), PEER, "x")).isEmpty();
    assertThat(bench.count(Event.LATE)).isEqualTo(1);
  }

  @Test
  void aChannelWithoutALivePermissionIsSilentBothWays() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.bind(ALICE, "alice", 0x4000, PEER);
    bench.pass(300);
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).isEmpty();
    assertThat(bench.fromPeer(relay, PEER, "x")).isEmpty();
    bench.server.advance(bench.now);
    assertThat(bench.server.allocations().getFirst().channels()).as("still bound").isEqualTo(1);
    bench.permit(ALICE, "alice", PEER);
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).hasSize(1);
    assertThat(bench.fromPeer(relay, PEER, "x"))
        .containsExactly(new Action.ChannelDataTo(ALICE, 0x4000, "x"));
  }

  @Test
  void nothingIsHonouredBeyondItsTimeThoughAdvanceIsLate() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.bind(ALICE, "alice", 0x4000, PEER);
    bench.pass(299);
    bench.permit(ALICE, "alice", PEER);
    bench.pass(301);
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).isEmpty();
    assertThat(bench.fromPeer(relay, PEER, "x")).isEmpty();
    assertThat(bench.fromClient(ALICE, bench.send(PEER, "x"))).isEmpty();
  }

  @Test
  void sendIndicationsOfOtherShapesWorkAlike() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.permit(ALICE, "alice", PEER);
    XorPeerAddress peer = new XorPeerAddress(PEER);
    Data data = new Data(Bytes.copyOf(Recorder.bytes("abc")));
    Action relayed = new Action.ToPeer(relay, PEER, "abc");
    UnknownAttribute optional = new UnknownAttribute(0x9001, Bytes.EMPTY);
    assertThat(send(peer, data)).containsExactly(relayed);
    assertThat(send(data, peer)).containsExactly(relayed);
    assertThat(send(new Software("x"), peer, data)).containsExactly(relayed);
    assertThat(send(peer, data, optional)).containsExactly(relayed);
    assertThat(send(peer, new XorPeerAddress(address("9.9.9.9:9")), data))
        .as("of duplicates the first counts")
        .containsExactly(relayed);
    assertThat(send(peer)).isEmpty();
    assertThat(send(data)).isEmpty();
    assertThat(send()).isEmpty();
    assertThat(send(peer, data, new DontFragment())).isEmpty();
    assertThat(send(peer, data, new UnknownAttribute(0x7001, Bytes.EMPTY))).isEmpty();
    assertThat(bench.count(Event.BAD_INDICATION)).isEqualTo(5);
  }

  @Test
  void aDatagramTooLongForAnIndicationIsDropped() {
    RelayId relay = bench.allocated(ALICE, "alice");
    bench.permit(ALICE, "alice", PEER);
    assertThat(bench.fromPeer(relay, PEER, "x".repeat(65_507))).hasSize(1);
    assertThat(bench.fromPeer(relay, PEER, "x".repeat(65_535))).isEmpty();
    assertThat(bench.count(Event.TOO_LONG)).isEqualTo(1);
  }

  @Test
  void twoClientsMeetAtTheirRelayedAddressesWhateverTheRange() {
    RelayId alice = bench.allocated(ALICE, "alice");
    RelayId bob = bench.allocated(BOB, "bob");
    TransportAddress aliceRelayed = bench.relayed(ALICE);
    TransportAddress bobRelayed = bench.relayed(BOB);
    assertThat(PeerRules.defaults().verdict(bobRelayed.address()))
        .isEqualTo(PeerRules.Verdict.DENIED);
    assertThat(bench.permit(ALICE, "alice", bobRelayed)).isZero();
    assertThat(bench.fromClient(ALICE, bench.send(bobRelayed, "hi")))
        .containsExactly(new Action.ToPeer(alice, bobRelayed, "hi"));
    assertThat(bench.fromPeer(bob, aliceRelayed, "hi"))
        .as("the far side has its own permission check")
        .isEmpty();
    assertThat(bench.bind(BOB, "bob", 0x4000, aliceRelayed)).isZero();
    assertThat(bench.fromPeer(bob, aliceRelayed, "hi"))
        .containsExactly(new Action.ChannelDataTo(BOB, 0x4000, "hi"));
  }

  @Test
  void thatOpensNoOtherPortOfTheServer() {
    RelayId alice = bench.allocated(ALICE, "alice");
    bench.allocated(BOB, "bob");
    TransportAddress bobRelayed = bench.relayed(BOB);
    assertThat(bench.permit(ALICE, "alice", bobRelayed)).isZero();
    for (int port : new int[] {22, 3478, 5432, 8080, 50_000 + (bobRelayed.port() + 1) % 100}) {
      TransportAddress service = new TransportAddress(bobRelayed.address(), port);
      if (!bench.shared.relayAddresses().contains(service)) {
        assertThat(bench.permit(ALICE, "alice", service)).as("%s", service).isEqualTo(403);
        assertThat(bench.bind(ALICE, "alice", 0x4000, service)).isEqualTo(403);
        assertThat(bench.fromClient(ALICE, bench.send(service, "x"))).isEmpty();
        assertThat(bench.fromPeer(alice, service, "x")).isEmpty();
      }
    }
    assertThat(bench.count(Event.FORBIDDEN_PEER)).isPositive();
  }

  @Test
  void andNothingOnceTheOtherAllocationIsOver() {
    RelayId alice = bench.allocated(ALICE, "alice");
    bench.allocated(BOB, "bob");
    TransportAddress bobRelayed = bench.relayed(BOB);
    bench.bind(ALICE, "alice", 0x4000, bobRelayed);
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).hasSize(1);
    bench.request(BOB, "bob", Method.Known.REFRESH, new org.bradawl.stun.attribute.Lifetime(0));
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x"))).isEmpty();
    assertThat(bench.fromPeer(alice, bobRelayed, "x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1:3478", "192.0.2.1:8080", "127.0.0.1:8080", "127.9.9.9:8080"})
  void theServersOwnServicesAreRefusedEvenWhereTheirAddressIsAllowed(String service) {
    Bench bench = new Bench(Bench.settings(everything(), Quotas.DEFAULT, 50_000, 50_099));
    RelayId relay = bench.allocated(ALICE, "alice");
    TransportAddress peer = address(service);
    TransportAddress beside = new TransportAddress(peer.address(), 9999);
    assertThat(bench.permit(ALICE, "alice", peer)).isEqualTo(403);
    assertThat(bench.bind(ALICE, "alice", 0x4000, peer)).isEqualTo(403);
    assertThat(bench.permit(ALICE, "alice", beside)).isZero();
    assertThat(bench.fromClient(ALICE, bench.send(beside, "x")))
        .containsExactly(new Action.ToPeer(relay, beside, "x"));
    assertThat(bench.fromClient(ALICE, bench.send(peer, "x"))).isEmpty();
    assertThat(bench.fromPeer(relay, peer, "x")).isEmpty();
  }

  @Test
  void aGlobalAddressOfTheServersOwnIsOpenOnlyIfAllowed() {
    TransportAddress database = address("9.9.9.9:5432");
    Bench closed = new Bench(owning(database.address(), PeerRules.defaults()));
    closed.allocated(ALICE, "alice");
    assertThat(closed.permit(ALICE, "alice", database)).isEqualTo(403);
    assertThat(closed.permit(ALICE, "alice", address("9.9.9.9:0"))).isEqualTo(403);
    PeerRules allowing = new PeerRules(List.of(Cidr.parse("9.9.9.9")), List.of());
    Bench open = new Bench(owning(database.address(), allowing));
    open.allocated(ALICE, "alice");
    assertThat(open.permit(ALICE, "alice", database)).isZero();
    assertThat(open.permit(ALICE, "alice", address("9.9.9.9:8080"))).isEqualTo(403);
  }

  private static TurnSettings owning(IpAddress own, PeerRules peers) {
    TurnSettings plain = Bench.settings();
    return new TurnSettings(
        plain.realm(),
        "",
        plain.relayAddresses(),
        50_000,
        50_099,
        List.of(),
        Set.of(own),
        plain.ownServices(),
        peers,
        plain.maxLifetime(),
        plain.nonceLifetime(),
        plain.quotas());
  }

  @Test
  void behindAOneToOneNatClientsMeetInside() {
    IpAddress inside = IpAddress.parse("10.0.0.5");
    TurnSettings plain = Bench.settings();
    TurnSettings settings =
        new TurnSettings(
            plain.realm(),
            "",
            List.of(new RelayAddress(inside, IpAddress.parse("8.8.8.8"))),
            50_000,
            50_099,
            List.of(),
            Set.of(),
            Set.of(address("10.0.0.5:3478")),
            PeerRules.defaults(),
            plain.maxLifetime(),
            plain.nonceLifetime(),
            plain.quotas());
    Bench bench = new Bench(settings, SharedState.of(settings, new Random(7)));
    RelayId alice = bench.allocated(ALICE, "alice");
    RelayId bob = bench.allocated(BOB, "bob");
    TransportAddress aliceInside = new TransportAddress(inside, bench.relayed(ALICE).port());
    TransportAddress bobInside = new TransportAddress(inside, bench.relayed(BOB).port());
    bench.bind(ALICE, "alice", 0x4000, bench.relayed(BOB));
    bench.permit(BOB, "bob", bench.relayed(ALICE));
    assertThat(bench.fromClient(ALICE, Bench.channelData(0x4000, "x")))
        .containsExactly(new Action.ToPeer(alice, bobInside, "x"));
    StunMessage indication = Bench.response(bench.fromPeer(bob, aliceInside, "x"));
    assertThat(indication.first(XorPeerAddress.class))
        .contains(new XorPeerAddress(bench.relayed(ALICE)));
    assertThat(bench.permit(ALICE, "alice", address("8.8.8.8:3478")))
        .as("the listener from outside")
        .isEqualTo(403);
    assertThat(bench.permit(ALICE, "alice", aliceInside)).as("an inside address").isEqualTo(403);
  }

  private static PeerRules everything() {
    return new PeerRules(List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")), List.of());
  }

  private List<Action> send(Attribute... attributes) {
    return bench.fromClient(
        ALICE,
        Encoder.PLAIN.encode(
            StunMessage.indication(Method.Known.SEND, bench.freshId())
                .addAll(List.of(attributes))
                .build()));
  }
}
