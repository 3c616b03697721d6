package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.PEER;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Relaying makes no garbage: bytes allocated by this thread per packet, warmed up. A bound of one
 * byte leaves room for what the JVM does now and then; one object per packet would be sixteen.
 */
class HotPathTest {

  private static final int WARM_UP = 60_000;
  private static final int PACKETS = 50_000;

  private final Bench bench = new Bench();
  private final Silent shell = new Silent();
  private final StunTurnServer server = quiet();
  private RelayId relay = new RelayId(0);

  /** A shell that does nothing but count. */
  private static final class Silent extends Recorder {

    private long packets;
    private RelayId opened = new RelayId(0);

    @Override
    public void sendToClient(FiveTuple path, ByteBuffer message) {
      packets++;
    }

    @Override
    public void sendChannelData(FiveTuple client, int channel, ByteBuffer data) {
      packets++;
    }

    @Override
    public void sendToPeer(RelayId relay, TransportAddress peer, ByteBuffer data) {
      packets++;
    }

    @Override
    public void openRelay(RelayId relay, TransportAddress local) {
      opened = relay;
    }
  }

  private StunTurnServer quiet() {
    return new StunTurnServer(
        bench.settings,
        SharedState.of(bench.settings, new Random(1)),
        Bench.EPHEMERAL,
        new org.bradawl.turn.auth.NonceIssuer(
            new byte[] {1, 2, 3}, java.time.Duration.ofMinutes(10), () -> bench.calendar),
        () -> bench.calendar,
        new Random(1),
        shell);
  }

  @BeforeEach
  void bind() {
    var minted = Bench.EPHEMERAL.mint("alice", bench.calendar.plusSeconds(60));
    server.fromClient(
        ALICE,
        bench.signed(
            ALICE,
            minted.username(),
            minted.password(),
            bench.nonce(ALICE),
            org.bradawl.stun.Method.Known.ALLOCATE,
            new org.bradawl.stun.attribute.RequestedTransport(17)),
        bench.now);
    relay = shell.opened;
    server.relayOpened(relay, bench.now);
    for (var peer : List.of(PEER, Bench.address("1.1.1.1:9"))) {
      server.fromClient(
          ALICE,
          bench.signed(
              ALICE,
              minted.username(),
              minted.password(),
              bench.nonce(ALICE),
              org.bradawl.stun.Method.Known.CREATE_PERMISSION,
              new org.bradawl.stun.attribute.XorPeerAddress(peer)),
          bench.now);
    }
    server.fromClient(
        ALICE,
        bench.signed(
            ALICE,
            minted.username(),
            minted.password(),
            bench.nonce(ALICE),
            org.bradawl.stun.Method.Known.CHANNEL_BIND,
            new org.bradawl.stun.attribute.ChannelNumber(0x4000),
            new org.bradawl.stun.attribute.XorPeerAddress(PEER)),
        bench.now);
    shell.packets = 0;
  }

  @Test
  void channelDataUp() {
    ByteBuffer message = Bench.channelData(0x4000, "x".repeat(160));
    assertNoGarbage(() -> server.fromClient(ALICE, message.clear(), bench.now));
  }

  @Test
  void channelDataDown() {
    ByteBuffer payload = Recorder.bytes("x".repeat(160));
    assertNoGarbage(() -> server.fromPeer(relay, PEER, payload.clear(), bench.now));
  }

  @Test
  void sendIndications() {
    ByteBuffer message = bench.send(PEER, "x".repeat(160));
    assertNoGarbage(() -> server.fromClient(ALICE, message.clear(), bench.now));
  }

  @Test
  void dataIndications() {
    TransportAddress peer = Bench.address("1.1.1.1:9");
    ByteBuffer payload = Recorder.bytes("x".repeat(160));
    assertNoGarbage(() -> server.fromPeer(relay, peer, payload.clear(), bench.now));
  }

  @Test
  void bindingRequests() {
    ByteBuffer request = ByteBuffer.allocateDirect(20).putInt(0, 0x0001_0000).putInt(4, 0x2112A442);
    FiveTuple path =
        new FiveTuple(FiveTuple.Transport.UDP, Bench.address("203.0.113.1:3478"), ALICE.client());
    assertNoGarbage(() -> server.fromClient(path, request.clear(), bench.now));
  }

  private void assertNoGarbage(Runnable packet) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double least = Double.MAX_VALUE;
    for (int attempt = 0; attempt < 5 && least >= 1; attempt++) {
      run(packet, WARM_UP);
      long before = threads.getCurrentThreadAllocatedBytes();
      run(packet, PACKETS);
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      least = Math.min(least, (double) bytes / PACKETS);
    }
    assertThat(shell.packets).isPositive();
    assertThat(shell.packets % (WARM_UP + PACKETS)).as("every packet was relayed").isZero();
    assertThat(least).as("bytes allocated per packet").isLessThan(1);
  }

  private static void run(Runnable packet, int times) {
    for (int i = 0; i < times; i++) {
      packet.run();
    }
  }
}
