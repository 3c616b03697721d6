package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.REALM;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.AlternateDomain;
import org.bradawl.stun.attribute.AlternateServer;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;

/** RFC 8489 §10: another server instead, told to those who authenticated, and to nobody else. */
class RedirectionTest {

  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);
  private static final TransportAddress OTHER = Bench.address("192.0.2.77:3478");
  private static final IntegrityKey KEY =
      IntegrityKey.longTerm(PasswordHash.MD5, "alice", REALM, "wonderland");

  private final Bench bench = new Bench();

  @Test
  void aValidUserIsSentElsewhereWithIntegrity() {
    drain(OTHER, Optional.of("relay2.example.org"));
    StunMessage answer = Bench.response(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP));
    assertThat(answer.first(ErrorCode.class).orElseThrow().code()).isEqualTo(300);
    assertThat(answer.first(AlternateServer.class)).contains(new AlternateServer(OTHER));
    assertThat(answer.first(AlternateDomain.class))
        .contains(new AlternateDomain("relay2.example.org"));
    assertThat(answer.check(IntegrityAlgorithm.SHA1, KEY)).isEqualTo(IntegrityCheck.RIGHT);
    assertThat(bench.count(Event.REDIRECTED)).isEqualTo(1);
    assertThat(bench.shared.quota().total()).isZero();
  }

  @Test
  void whoDoesNotAuthenticateLearnsOfNoOtherServer() {
    drain(OTHER, Optional.empty());
    StunMessage answer =
        Bench.response(
            bench.fromClient(
                ALICE,
                bench.signed(
                    ALICE, "alice", "guess", bench.nonce(ALICE), Method.Known.ALLOCATE, UDP)));
    assertThat(answer.first(ErrorCode.class).orElseThrow().code()).isEqualTo(401);
    assertThat(answer.has(AlternateServer.class)).isFalse();
  }

  @Test
  void livingAllocationsStay() {
    bench.allocated(ALICE, "alice");
    drain(OTHER, Optional.empty());
    assertThat(code(ALICE, "alice", Method.Known.REFRESH, new Lifetime(600))).isZero();
    assertThat(bench.permit(ALICE, "alice", Bench.PEER)).isZero();
    assertThat(code(ALICE, "alice", Method.Known.ALLOCATE, UDP)).isEqualTo(437);
    assertThat(code(ALICE, "alice", Method.Known.REFRESH, new Lifetime(0))).isZero();
    assertThat(code(ALICE, "alice", Method.Known.ALLOCATE, UDP)).isEqualTo(300);
  }

  @Test
  void afterADrainThatIsCalledOffItServesAgain() {
    drain(OTHER, Optional.empty());
    bench.server.redirectNewAllocations(Optional.empty());
    bench.allocated(ALICE, "alice");
  }

  /** RFC 8489 §14.15: the alternate is of the family that the request came over. */
  @Test
  void aClientOfAnotherFamilyIsServedHere() {
    drain(Bench.address("[2001:db8::77]:3478"), Optional.empty());
    bench.allocated(ALICE, "alice");
  }

  @Test
  void serversWithOneListAgreeAndNobodyIsSentInCircles() {
    TransportAddress here = ALICE.server();
    List<Redirection> list =
        List.of(Redirection.to(here, Optional.empty()), Redirection.to(OTHER, Optional.empty()));
    bench.server.balanceNewAllocations(list);
    Bench second = new Bench(at(OTHER.address()));
    second.server.balanceNewAllocations(list.reversed());
    int sent = 0;
    for (int i = 0; i < 40; i++) {
      TransportAddress client = Bench.address("198.51.100." + (i + 1) + ":4000");
      FiveTuple toFirst = new FiveTuple(FiveTuple.Transport.UDP, here, client);
      FiveTuple toSecond = new FiveTuple(FiveTuple.Transport.UDP, OTHER, client);
      boolean first = isSentAway(bench, toFirst);
      assertThat(isSentAway(second, toSecond))
          .as("%s is served by one of them", client)
          .isEqualTo(!first);
      sent += first ? 1 : 0;
    }
    assertThat(sent).isBetween(8, 32);
  }

  /** RFC 8489 §10: the client comes to the alternate by the transport that it came here by. */
  @Test
  void clientsOverTlsAreSentToThePortOfTls() {
    FiveTuple tls =
        new FiveTuple(FiveTuple.Transport.TLS, Bench.address("192.0.2.1:5349"), ALICE.client());
    bench.server.redirectNewAllocations(
        Optional.of(Redirection.to(OTHER, Optional.of("relay2.example.org"), 443)));
    StunMessage answer = Bench.response(bench.request(tls, "alice", Method.Known.ALLOCATE, UDP));
    assertThat(answer.first(AlternateServer.class))
        .contains(new AlternateServer(new TransportAddress(OTHER.address(), 443)));
    assertThat(answer.first(AlternateDomain.class))
        .contains(new AlternateDomain("relay2.example.org"));
  }

  /** A list names one port for each server, and its clients come by several. */
  @Test
  void aServerKnowsItselfByWhicheverPort() {
    List<Redirection> list = List.of(Redirection.to(ALICE.server(), Optional.empty(), 443));
    bench.server.balanceNewAllocations(list);
    for (FiveTuple.Transport transport : FiveTuple.Transport.values()) {
      FiveTuple path = new FiveTuple(transport, Bench.address("192.0.2.1:5349"), ALICE.client());
      assertThat(isSentAway(bench, path)).as("%s", transport).isFalse();
    }
  }

  /** The list has this server as well, and to itself it must not send anybody. */
  @Test
  void aDrainSendsToTheOthersOfTheList() {
    List<Redirection> list =
        List.of(
            Redirection.to(ALICE.server(), Optional.empty()),
            Redirection.to(OTHER, Optional.empty()),
            Redirection.to(Bench.address("192.0.2.78:3478"), Optional.empty()));
    bench.server.balanceNewAllocations(list);
    bench.server.redirectNewAllocations(Optional.of(list.getFirst()));
    Set<TransportAddress> sentTo = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      TransportAddress client = Bench.address("198.51.100." + (i + 1) + ":4000");
      FiveTuple path = new FiveTuple(FiveTuple.Transport.UDP, ALICE.server(), client);
      StunMessage answer = Bench.response(bench.request(path, "alice", Method.Known.ALLOCATE, UDP));
      sentTo.add(answer.first(AlternateServer.class).orElseThrow().address());
    }
    assertThat(sentTo).containsExactlyInAnyOrder(OTHER, Bench.address("192.0.2.78:3478"));
  }

  private static TurnSettings at(IpAddress own) {
    TurnSettings plain = Bench.settings();
    return new TurnSettings(
        plain.realm(),
        "",
        List.of(RelayAddress.plain(own)),
        50_000,
        50_099,
        List.of(),
        Set.of(own),
        plain.ownServices(),
        plain.peers(),
        plain.maxLifetime(),
        plain.nonceLifetime(),
        plain.quotas());
  }

  private static boolean isSentAway(Bench bench, FiveTuple path) {
    List<Recorder.Action> actions = bench.request(path, "alice", Method.Known.ALLOCATE, UDP);
    return actions.stream().anyMatch(Recorder.Action.ToClient.class::isInstance)
        && Bench.code(actions) == 300;
  }

  private void drain(TransportAddress to, Optional<String> domain) {
    bench.server.redirectNewAllocations(Optional.of(Redirection.to(to, domain)));
  }

  private int code(FiveTuple path, String user, Method method, Attribute... attributes) {
    return Bench.code(bench.request(path, user, method, attributes));
  }
}
