package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.address;

import java.util.List;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Username;
import org.bradawl.turn.server.Recorder.Action;
import org.junit.jupiter.api.Test;

/** Who says in a Binding request who it is, and shows that it is there, is told to the shell. */
class ClientSeenTest {

  private static final TransportAddress SERVER = address("192.0.2.1:3478");
  private static final TransportAddress CLIENT = address("198.51.100.7:40000");
  private static final TransportAddress VICTIM = address("203.0.113.66:40000");
  private static final Username NAME = new Username("0-b0Yw3n5kQm2sT8vXz1LrPg");

  private final Bench bench = new Bench();

  @Test
  void aDatagramCountsOnceItsNonceHasComeBack() {
    FiveTuple path = new FiveTuple(Transport.UDP, SERVER, CLIENT);
    Nonce nonce = nonce(ask(path, NAME));
    assertThat(ask(path, NAME, nonce)).contains(new Action.Seen(path, NAME.name())).hasSize(2);
  }

  @Test
  void aForgedSourceDoesNotCount() {
    Nonce mine = nonce(ask(new FiveTuple(Transport.UDP, SERVER, CLIENT), NAME));
    FiveTuple forged = new FiveTuple(Transport.UDP, SERVER, VICTIM);
    List<Action> actions = ask(forged, NAME, mine);
    assertThat(actions).hasSize(1);
    assertThat(nonce(actions)).isNotEqualTo(mine);
  }

  @Test
  void aConnectionCountsAtOnce() {
    FiveTuple path = new FiveTuple(Transport.TCP, SERVER, CLIENT);
    List<Action> actions = ask(path, NAME);
    assertThat(actions).contains(new Action.Seen(path, NAME.name()));
  }

  @Test
  void whoGivesNoNameIsNotTold() {
    FiveTuple path = new FiveTuple(Transport.UDP, SERVER, CLIENT);
    assertThat(answer(ask(path)).has(Nonce.class)).isFalse();
  }

  private List<Action> ask(FiveTuple path, Attribute... attributes) {
    return bench.fromClient(
        path,
        Encoder.PLAIN.encode(
            StunMessage.request(Method.Known.BINDING, bench.freshId())
                .addAll(List.of(attributes))
                .build()));
  }

  private static Nonce nonce(List<Action> actions) {
    return answer(actions).first(Nonce.class).orElseThrow();
  }

  private static StunMessage answer(List<Action> actions) {
    return actions.stream()
        .filter(Action.ToClient.class::isInstance)
        .map(Action.ToClient.class::cast)
        .findFirst()
        .orElseThrow()
        .message();
  }
}
