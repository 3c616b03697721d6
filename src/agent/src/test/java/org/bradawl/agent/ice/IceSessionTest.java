package org.bradawl.agent.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.bradawl.stun.IpAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.ice.IceAgent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two sessions on this host, told about each other by the test. */
class IceSessionTest {

  private static final class Recorder implements IceSession.Listener {
    final BlockingQueue<String> candidates = new LinkedBlockingQueue<>();
    final CompletableFuture<Boolean> gathered = new CompletableFuture<>();
    volatile CompletableFuture<IceAgent.Selected> selected = new CompletableFuture<>();
    final CompletableFuture<IceAgent.Failure> failed = new CompletableFuture<>();
    final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @Override
    public void candidate(String line) {
      candidates.add(line);
    }

    @Override
    public void gathered() {
      gathered.complete(true);
    }

    @Override
    public void selected(IceAgent.Selected pair) {
      selected.complete(pair);
    }

    @Override
    public void failed(IceAgent.Failure why) {
      failed.complete(why);
    }

    @Override
    public void received(ByteBuffer payload) {
      received.add(StandardCharsets.UTF_8.decode(payload).toString());
    }

    IceAgent.Selected chosen() throws Exception {
      return selected.get(10, TimeUnit.SECONDS);
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static IceSettings on(Side side, String address) {
    return IceSettings.of(side).on(List.of(IpAddress.parse(address)));
  }

  private final Recorder ofAlice = new Recorder();
  private final Recorder ofBob = new Recorder();

  /** Connects both and sends a word each way; only what {@code told} allows is told. */
  private void meet(IceSettings alices, IceSettings bobs, Predicate<String> told) throws Exception {
    try (IceSession alice = IceSession.open(alices, ofAlice);
        IceSession bob = IceSession.open(bobs, ofBob)) {
      describe(alice, bob, told);
      ofAlice.chosen();
      ofBob.chosen();
      alice.send(bytes("from alice"));
      bob.send(bytes("from bob"));
      assertThat(ofBob.received.poll(10, TimeUnit.SECONDS)).isEqualTo("from alice");
      assertThat(ofAlice.received.poll(10, TimeUnit.SECONDS)).isEqualTo("from bob");
    }
  }

  private void describe(IceSession alice, IceSession bob, Predicate<String> told) throws Exception {
    ofAlice.gathered.get(10, TimeUnit.SECONDS);
    ofBob.gathered.get(10, TimeUnit.SECONDS);
    alice.peer(bob.credentials());
    bob.peer(alice.credentials());
    ofAlice.candidates.stream().filter(told).forEach(bob::remote);
    ofBob.candidates.stream().filter(told).forEach(alice::remote);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void overUdp(String address) throws Exception {
    meet(on(Side.INITIATOR, address), on(Side.RESPONDER, address), _ -> true);
    assertThat(ofAlice.chosen().local().candidate().tcpType()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void overTcp(String address) throws Exception {
    meet(
        on(Side.INITIATOR, address).withTcp(),
        on(Side.RESPONDER, address).withTcp(),
        line -> line.contains("tcptype"));
    assertThat(ofAlice.chosen().local().candidate().tcpType()).isPresent();
    assertThat(ofBob.chosen().local().candidate().tcpType()).isPresent();
  }

  /** Both begin again on the sockets they have; not a datagram is lost in between. */
  @Test
  void aRestartOnBothSidesLosesNothing() throws Exception {
    try (IceSession alice = IceSession.open(on(Side.INITIATOR, "127.0.0.1"), ofAlice);
        IceSession bob = IceSession.open(on(Side.RESPONDER, "127.0.0.1"), ofBob)) {
      describe(alice, bob, _ -> true);
      ofAlice.chosen();
      ofBob.chosen();
      Credentials before = bob.credentials();
      ofAlice.selected = new CompletableFuture<>();
      ofBob.selected = new CompletableFuture<>();
      ofAlice.candidates.clear();
      ofBob.candidates.clear();
      alice.send(bytes("0"));
      assertThat(alice.restart()).isEqualTo(alice.credentials());
      alice.send(bytes("1"));
      bob.restart();
      assertThat(bob.credentials()).isNotEqualTo(before);
      alice.send(bytes("2"));
      describe(alice, bob, _ -> true);
      alice.send(bytes("3"));
      ofAlice.chosen();
      alice.send(bytes("4"));
      ofBob.chosen();
      alice.send(bytes("5"));
      for (int i = 0; i <= 5; i++) {
        assertThat(ofBob.received.poll(10, TimeUnit.SECONDS)).isEqualTo("" + i);
      }
      assertThat(alice.isControlling()).isTrue();
      assertThat(ofAlice.failed).isNotDone();
    }
  }
}
