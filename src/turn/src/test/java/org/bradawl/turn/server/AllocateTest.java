package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.BOB;
import static org.bradawl.turn.server.Bench.CAROL_TCP;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.AdditionalAddressFamily;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.UnknownAttributes;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.bradawl.turn.server.TurnSettings.Quotas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllocateTest {

  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);

  private final Bench bench = new Bench();

  @Test
  void anAllocationIsASocketThenAnAnswer() {
    ByteBuffer request = bench.signed(ALICE, "alice", Method.Known.ALLOCATE, UDP);
    List<Action> asked = bench.fromClient(ALICE, request);
    assertThat(asked).hasSize(1);
    Action.Open open = Bench.open(asked);
    assertThat(open.local().address()).isEqualTo(Bench.RELAY_V4);
    assertThat(open.local().port()).isBetween(50_000, 50_099);

    bench.server.relayOpened(open.relay(), bench.now);
    List<Action> done = bench.shell.take();
    assertThat(done).hasSize(2);
    AllocationView view = ((Action.Started) done.getFirst()).allocation();
    assertThat(view.info().client()).isEqualTo(ALICE);
    assertThat(view.info().principal().user()).isEqualTo("alice");
    assertThat(view.info().relayed()).isEqualTo(open.local());
    assertThat(view.expiresNanos() - bench.now).isEqualTo(600 * Bench.SECOND);
    StunMessage answer = Bench.response(done);
    assertThat(answer.is(MessageClass.SUCCESS_RESPONSE, Method.Known.ALLOCATE)).isTrue();
    assertThat(answer.attributes().subList(0, 3))
        .containsExactly(
            new XorRelayedAddress(open.local()),
            new Lifetime(600),
            new XorMappedAddress(ALICE.client()));
    assertThat(bench.shared.relayAddresses().contains(open.local())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, 600", "1, 600", "600, 600", "601, 601", "3600, 3600", "4294967295, 3600"})
  void theLifetimeLiesBetweenTheDefaultAndTheLongest(long asked, long given) {
    StunMessage answer = Bench.response(bench.allocate(ALICE, "alice", new Lifetime(asked)));
    assertThat(answer.first(Lifetime.class)).contains(new Lifetime(given));
  }

  /** RFC 8656 §7.2, in its order. */
  @Test
  void theChecksOfAllocate() {
    assertThat(code()).isEqualTo(400);
    assertThat(code(new RequestedTransport(99))).isEqualTo(442);
    assertThat(code(UDP, new RequestedAddressFamily(3))).isEqualTo(440);
    ReservationToken token = new ReservationToken(1);
    assertThat(code(UDP, token, new EvenPort(false))).isEqualTo(400);
    assertThat(code(UDP, token, new RequestedAddressFamily(Family.IPV4))).isEqualTo(400);
    assertThat(code(UDP, token, new AdditionalAddressFamily(2))).isEqualTo(400);
    assertThat(code(UDP, new RequestedAddressFamily(1), new AdditionalAddressFamily(2)))
        .isEqualTo(400);
    assertThat(code(UDP, token)).isEqualTo(508);
    assertThat(bench.shared.quota().total()).isZero();
    assertThat(bench.server.deadlineNanos()).isEqualTo(StunTurnServer.NO_DEADLINE);
  }

  @Test
  void dontFragmentIsUnknown() {
    StunMessage answer =
        Bench.response(
            bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP, new DontFragment()));
    assertThat(answer.first(UnknownAttributes.class).orElseThrow().types()).containsExactly(0x1A);
  }

  @Test
  void theFamilyCanBeChosen() {
    bench.allocated(ALICE, "alice", new RequestedAddressFamily(Family.IPV6));
    assertThat(bench.relayed(ALICE).address()).isEqualTo(Bench.RELAY_V6);
  }

  @Test
  void theAddressTheClientTalksToIsPreferred() {
    TurnSettings plain = Bench.settings();
    IpAddress second = IpAddress.parse("192.0.2.2");
    TurnSettings settings =
        new TurnSettings(
            plain.realm(),
            "",
            List.of(RelayAddress.plain(Bench.RELAY_V4), RelayAddress.plain(second)),
            50_000,
            50_000,
            List.of(),
            plain.ownAddresses(),
            plain.ownServices(),
            plain.peers(),
            plain.maxLifetime(),
            plain.nonceLifetime(),
            plain.quotas());
    Bench bench = new Bench(settings);
    FiveTuple viaSecond =
        new FiveTuple(FiveTuple.Transport.UDP, new TransportAddress(second, 3478), BOB.client());
    bench.allocated(viaSecond, "bob");
    assertThat(bench.relayed(viaSecond).address()).isEqualTo(second);
    bench.allocated(BOB, "bob");
    assertThat(bench.relayed(BOB).address()).isEqualTo(Bench.RELAY_V4);
    assertThat(code(bench, CAROL_TCP, UDP)).as("both are full").isEqualTo(508);
  }

  @Test
  void aRetransmittedAllocateIsAnsweredAlike() {
    ByteBuffer request = bench.signed(ALICE, "alice", Method.Known.ALLOCATE, UDP);
    Action.Open open = Bench.open(bench.fromClient(ALICE, request.duplicate()));
    assertThat(bench.fromClient(ALICE, request.duplicate())).as("while it waits").isEmpty();
    bench.server.relayOpened(open.relay(), bench.now);
    StunMessage first = Bench.response(bench.shell.take());
    bench.pass(30);
    assertThat(Bench.response(bench.fromClient(ALICE, request.duplicate()))).isEqualTo(first);
    bench.pass(60);
    StunMessage late = Bench.response(bench.fromClient(ALICE, request.duplicate()));
    assertThat(late).as("after the answer itself is forgotten").isEqualTo(first);
    assertThat(bench.server.allocations()).hasSize(1);
  }

  @Test
  void aSecondAllocateOnOnePathIsAMismatch() {
    Action.Open open = Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP));
    assertThat(code(UDP)).as("while the first waits").isEqualTo(437);
    bench.server.relayOpened(open.relay(), bench.now);
    bench.shell.take();
    assertThat(code(UDP)).isEqualTo(437);
    assertThat(bench.server.allocations()).hasSize(1);
  }

  @Test
  void aRefusedRequestIsRefusedAgainThoughThereIsRoomNow() {
    Bench bench = new Bench(Bench.settings(PeerRules.defaults(), new Quotas(1, 1, 9, 9), 1, 9));
    bench.allocated(ALICE, "alice");
    ByteBuffer request = bench.signed(BOB, "bob", Method.Known.ALLOCATE, UDP);
    StunMessage refused = Bench.response(bench.fromClient(BOB, request.duplicate()));
    bench.request(ALICE, "alice", Method.Known.REFRESH, new Lifetime(0));
    assertThat(Bench.response(bench.fromClient(BOB, request.duplicate()))).isEqualTo(refused);
    bench.pass(41);
    Bench.open(bench.fromClient(BOB, request.duplicate()));
  }

  @Test
  void quotasAnswer486And508() {
    Bench bench =
        new Bench(Bench.settings(PeerRules.defaults(), new Quotas(2, 1, 9, 9), 1000, 1999));
    bench.allocated(ALICE, "alice");
    assertThat(code(bench, BOB, "alice", UDP)).isEqualTo(486);
    bench.allocated(BOB, "bob");
    Minted dave = Bench.EPHEMERAL.mint("dave", bench.calendar.plusSeconds(60));
    ByteBuffer request =
        bench.signed(
            CAROL_TCP,
            dave.username(),
            dave.password(),
            bench.nonce(CAROL_TCP),
            Method.Known.ALLOCATE,
            UDP);
    assertThat(Bench.code(bench.fromClient(CAROL_TCP, request))).isEqualTo(508);
    assertThat(bench.count(Event.QUOTA)).isEqualTo(1);
    assertThat(bench.count(Event.NO_CAPACITY)).isEqualTo(1);
  }

  @Test
  void aUserIsOneUserUnderRenewedCredentials() {
    Bench bench =
        new Bench(Bench.settings(PeerRules.defaults(), new Quotas(9, 1, 9, 9), 1000, 1999));
    Minted first = Bench.EPHEMERAL.mint("dave", bench.calendar.plusSeconds(60));
    Minted renewed = Bench.EPHEMERAL.mint("dave", bench.calendar.plusSeconds(90));
    ByteBuffer request =
        bench.signed(
            ALICE,
            first.username(),
            first.password(),
            bench.nonce(ALICE),
            Method.Known.ALLOCATE,
            UDP);
    bench.server.relayOpened(Bench.open(bench.fromClient(ALICE, request)).relay(), bench.now);
    bench.shell.take();
    ByteBuffer again =
        bench.signed(
            BOB,
            renewed.username(),
            renewed.password(),
            bench.nonce(BOB),
            Method.Known.ALLOCATE,
            UDP);
    assertThat(Bench.code(bench.fromClient(BOB, again))).isEqualTo(486);
    ByteBuffer refresh =
        bench.signed(
            ALICE,
            renewed.username(),
            renewed.password(),
            bench.nonce(ALICE),
            Method.Known.REFRESH);
    assertThat(Bench.code(bench.fromClient(ALICE, refresh))).isZero();
  }

  @Test
  void aPortThatAnotherProgramHoldsIsNotTheEnd() {
    Action.Open open = Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP));
    List<Integer> tried = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      tried.add(open.local().port());
      bench.server.relayRefused(open.relay(), RefusalReason.PORT_TAKEN, bench.now);
      open = Bench.open(bench.shell.take());
    }
    assertThat(tried).doesNotHaveDuplicates().doesNotContain(open.local().port());
    bench.server.relayOpened(open.relay(), bench.now);
    assertThat(Bench.code(bench.shell.take())).isZero();
    assertThat(free(bench)).isEqualTo(99);
  }

  @Test
  void whereNoSocketOpensTheAnswerIs508AndNothingIsLost() {
    Action.Open open = Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP));
    bench.server.relayRefused(open.relay(), RefusalReason.UNAVAILABLE, bench.now);
    assertThat(Bench.code(bench.shell.take())).isEqualTo(508);
    assertThat(free(bench)).isEqualTo(100);
    assertThat(bench.shared.quota().total()).isZero();

    RelayId relay = Bench.open(bench.request(BOB, "bob", Method.Known.ALLOCATE, UDP)).relay();
    List<Action> actions = List.of();
    for (int i = 0; i < 16; i++) {
      bench.server.relayRefused(relay, RefusalReason.PORT_TAKEN, bench.now);
      actions = bench.shell.take();
      if (i < 15) {
        relay = Bench.open(actions).relay();
      }
    }
    assertThat(Bench.code(actions)).isEqualTo(508);
    assertThat(free(bench)).isEqualTo(100);
  }

  @Test
  void anEvenPortIsEvenAndItsNeighbourKeptForTheToken() {
    StunMessage answer = Bench.response(bench.allocate(ALICE, "alice", new EvenPort(true)));
    TransportAddress even = bench.relayed(ALICE);
    assertThat(even.port() % 2).isZero();
    ReservationToken token = answer.first(ReservationToken.class).orElseThrow();
    assertThat(free(bench)).isEqualTo(98);
    bench.allocated(CAROL_TCP, "bob", token);
    assertThat(bench.relayed(CAROL_TCP))
        .isEqualTo(new TransportAddress(even.address(), even.port() + 1));
    assertThat(code(bench, BOB, UDP, token)).as("a token counts once").isEqualTo(508);
    bench.passAndAdvance(30);
    assertThat(bench.server.allocations()).hasSize(2);
  }

  @Test
  void aTokenCanBeBroughtToAnotherShard() {
    StunMessage answer = Bench.response(bench.allocate(ALICE, "alice", new EvenPort(true)));
    ReservationToken token = answer.first(ReservationToken.class).orElseThrow();
    Bench other = new Bench(bench.settings, bench.shared);
    other.allocated(BOB, "bob", token);
    assertThat(other.relayed(BOB).port()).isEqualTo(bench.relayed(ALICE).port() + 1);
    bench.passAndAdvance(30);
    assertThat(free(bench)).isEqualTo(98);
  }

  @Test
  void aReservationNobodyRedeemsEnds() {
    StunMessage answer = Bench.response(bench.allocate(ALICE, "alice", new EvenPort(true)));
    bench.passAndAdvance(30);
    assertThat(free(bench)).isEqualTo(99);
    assertThat(bench.shared.reservations().size()).isZero();
    assertThat(code(bench, BOB, UDP, answer.first(ReservationToken.class).orElseThrow()))
        .isEqualTo(508);
  }

  @Test
  void aReservedPortIsHeldUntilItsTokenComesOrExpires() {
    Set<TransportAddress> held = new HashSet<>();
    PortHold hold =
        new PortHold() {
          @Override
          public boolean hold(TransportAddress local) {
            return held.add(local);
          }

          @Override
          public void release(TransportAddress local) {
            assertThat(held.remove(local)).isTrue();
          }
        };
    TurnSettings settings = Bench.settings();
    Bench own = new Bench(settings, SharedState.of(settings, new Random(7), hold));
    StunMessage answer = Bench.response(own.allocate(ALICE, "alice", new EvenPort(true)));
    TransportAddress even = own.relayed(ALICE);
    assertThat(held).containsExactly(new TransportAddress(even.address(), even.port() + 1));
    own.allocated(BOB, "bob", answer.first(ReservationToken.class).orElseThrow());
    assertThat(held).isEmpty();

    own.allocated(CAROL_TCP, "bob", new EvenPort(true));
    assertThat(held).hasSize(1);
    own.passAndAdvance(30);
    assertThat(held).isEmpty();
  }

  @Test
  void aLateAnswerForAClientThatIsGoneClosesTheSocket() {
    Action.Open open = Bench.open(bench.request(CAROL_TCP, "alice", Method.Known.ALLOCATE, UDP));
    bench.server.clientGone(CAROL_TCP, bench.now);
    assertThat(bench.shell.take()).isEmpty();
    bench.server.relayOpened(open.relay(), bench.now);
    assertThat(bench.shell.take()).containsExactly(new Action.Close(open.relay()));
    assertThat(free(bench)).isEqualTo(100);
    assertThat(bench.shared.quota().total()).isZero();
    bench.server.relayOpened(new RelayId(999), bench.now);
    assertThat(bench.shell.take()).containsExactly(new Action.Close(new RelayId(999)));
  }

  @Test
  void behindAOneToOneNatClientsAreToldTheOutside() {
    Bench bench = new Bench(natted(), SharedState.of(natted(), new Random(7)));
    Action.Open open = Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP));
    assertThat(open.local().address()).isEqualTo(IpAddress.parse("10.0.0.5"));
    bench.server.relayOpened(open.relay(), bench.now);
    bench.shell.take();
    assertThat(bench.relayed(ALICE))
        .isEqualTo(new TransportAddress(IpAddress.parse("8.8.8.8"), open.local().port()));

    IpAddress moved = IpAddress.parse("9.9.9.9");
    bench.server.relayAddresses(List.of(new RelayAddress(IpAddress.parse("10.0.0.5"), moved)));
    bench.allocated(BOB, "bob");
    assertThat(bench.relayed(BOB).address()).isEqualTo(moved);
    bench.server.endAll(EndReason.SHUTDOWN, bench.now);
    assertThat(bench.shared.relayAddresses().size()).isZero();
    bench.shared.ports().values().forEach(pool -> assertThat(pool.free()).isEqualTo(pool.size()));
  }

  private static TurnSettings natted() {
    return new TurnSettings(
        Bench.REALM,
        "",
        List.of(new RelayAddress(IpAddress.parse("10.0.0.5"), IpAddress.parse("8.8.8.8"))),
        50_000,
        50_099,
        List.of(),
        java.util.Set.of(),
        java.util.Set.of(),
        PeerRules.defaults(),
        TurnSettings.LONGEST_LIFETIME,
        TurnSettings.DEFAULT_NONCE_LIFETIME,
        Quotas.DEFAULT);
  }

  private static int free(Bench bench) {
    return bench.shared.pool(Bench.RELAY_V4).free();
  }

  private int code(Attribute... attributes) {
    return code(bench, ALICE, attributes);
  }

  private static int code(Bench bench, FiveTuple path, Attribute... attributes) {
    return code(bench, path, "alice", attributes);
  }

  private static int code(Bench bench, FiveTuple path, String user, Attribute... attributes) {
    return Bench.code(bench.request(path, user, Method.Known.ALLOCATE, attributes));
  }
}
