package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.BOB;
import static org.bradawl.turn.server.Bench.CAROL_TCP;

import java.util.List;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;
import org.bradawl.turn.server.Recorder.Action;
import org.junit.jupiter.api.Test;

/** Sessions end with the credential they were made with: when it expires, or is taken back. */
class SessionEndTest {

  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);

  private final Bench bench = new Bench();

  @Test
  void anAllocationEndsWithinASecondOfItsCredential() {
    Minted minted = Bench.EPHEMERAL.mint("shop/dave", bench.calendar.plusSeconds(90));
    StunMessage answer = allocate(ALICE, minted);
    assertThat(answer.first(Lifetime.class)).contains(new Lifetime(90));
    assertThat(bench.passAndAdvance(89)).isEmpty();
    assertThat(reasons(bench.passAndAdvance(1))).containsExactly(EndReason.CREDENTIAL_EXPIRED);
    assertThat(bench.server.allocations()).isEmpty();
    assertThat(bench.shared.quota().total()).isZero();
  }

  @Test
  void aRefreshGivesNoMoreThanTheCredentialHas() {
    Minted minted = Bench.EPHEMERAL.mint("dave", bench.calendar.plusSeconds(1000));
    assertThat(allocate(ALICE, minted).first(Lifetime.class)).contains(new Lifetime(600));
    bench.pass(500);
    assertThat(refresh(ALICE, minted, 3600).first(Lifetime.class)).contains(new Lifetime(500));
    bench.pass(499);
    assertThat(refresh(ALICE, minted, 3600).first(Lifetime.class)).contains(new Lifetime(1));
    assertThat(reasons(bench.passAndAdvance(1))).containsExactly(EndReason.CREDENTIAL_EXPIRED);
  }

  @Test
  void aRenewedCredentialGoesOn() {
    Minted first = Bench.EPHEMERAL.mint("dave", bench.calendar.plusSeconds(90));
    allocate(ALICE, first);
    bench.pass(60);
    Minted second = Bench.EPHEMERAL.mint("dave", bench.calendar.plusSeconds(2000));
    assertThat(refresh(ALICE, second, 600).first(Lifetime.class)).contains(new Lifetime(600));
    assertThat(bench.passAndAdvance(599)).isEmpty();
    assertThat(reasons(bench.passAndAdvance(1))).containsExactly(EndReason.EXPIRED);
  }

  @Test
  void aStreamClientWhoseCredentialExpiresIsHungUpOn() {
    allocate(CAROL_TCP, Bench.EPHEMERAL.mint("carol", bench.calendar.plusSeconds(30)));
    assertThat(bench.passAndAdvance(30)).contains(new Action.HangUp(CAROL_TCP));
  }

  @Test
  void aRevokedUsersAllocationsEndAtOnceAndNobodyElses() {
    bench.allocated(ALICE, "alice");
    bench.allocated(BOB, "bob");
    int ended =
        bench.server.endWhere(
            who -> who.user().equals("alice"), EndReason.CREDENTIAL_REVOKED, bench.now);
    assertThat(ended).isEqualTo(1);
    assertThat(reasons(bench.shell.take())).containsExactly(EndReason.CREDENTIAL_REVOKED);
    assertThat(bench.server.allocations())
        .extracting(view -> view.info().principal().user())
        .containsExactly("bob");
  }

  @Test
  void aRevokedUsersRequestThatWaitsForASocketIsForgotten() {
    RelayId relay = Bench.open(bench.request(ALICE, "alice", Method.Known.ALLOCATE, UDP)).relay();
    bench.server.endWhere(who -> true, EndReason.CREDENTIAL_REVOKED, bench.now);
    bench.server.relayOpened(relay, bench.now);
    assertThat(bench.shell.take()).containsExactly(new Action.Close(relay));
    assertThat(bench.shared.quota().total()).isZero();
  }

  private StunMessage allocate(FiveTuple path, Minted minted) {
    RelayId relay = Bench.open(send(path, minted, Method.Known.ALLOCATE, UDP)).relay();
    bench.server.relayOpened(relay, bench.now);
    return Bench.response(bench.shell.take());
  }

  private StunMessage refresh(FiveTuple path, Minted minted, long seconds) {
    return Bench.response(send(path, minted, Method.Known.REFRESH, new Lifetime(seconds)));
  }

  private List<Action> send(FiveTuple path, Minted minted, Method method, Attribute... attributes) {
    return bench.fromClient(
        path,
        bench.signed(
            path, minted.username(), minted.password(), bench.nonce(path), method, attributes));
  }

  private static List<EndReason> reasons(List<Action> actions) {
    return actions.stream()
        .filter(Action.Ended.class::isInstance)
        .map(action -> ((Action.Ended) action).allocation().reason())
        .toList();
  }
}
