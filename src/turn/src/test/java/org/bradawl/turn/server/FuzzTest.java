package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.BOB;
import static org.bradawl.turn.server.Bench.CAROL_TCP;
import static org.bradawl.turn.server.Bench.PEER;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Padding;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.ResponsePort;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.Recorder.Action;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Valid messages with seeded damage, before and behind the integrity: nothing comes out of the
 * machine but actions. The recorder decodes what is sent, so an answer that is no message fails.
 */
class FuzzTest {

  private static final int ROUNDS = 15_000;
  private static final List<FiveTuple> PATHS = List.of(ALICE, BOB, CAROL_TCP);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damagedBytesNeverThrow(long seed) {
    Random random = new Random(seed);
    Bench bench = new Bench();
    bench.allocated(ALICE, "alice");
    bench.bind(ALICE, "alice", 0x4000, PEER);
    List<byte[]> corpus = corpus(bench);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damage(corpus.get(random.nextInt(corpus.size())).clone(), random);
      FiveTuple path = PATHS.get(random.nextInt(PATHS.size()));
      feed(bench, path, ByteBuffer.wrap(damaged), seed, round);
    }
  }

  /** Authentic requests with attributes at random: beyond the integrity check nothing throws. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void authenticNonsenseNeverThrows(long seed) {
    Random random = new Random(seed);
    Bench bench = new Bench();
    for (int round = 0; round < ROUNDS / 3; round++) {
      FiveTuple path = PATHS.get(random.nextInt(PATHS.size()));
      String user = random.nextInt(4) == 0 ? "bob" : "alice";
      List<Attribute> attributes = new ArrayList<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        attributes.add(attribute(random));
      }
      Method method = Method.of(1 + random.nextInt(11));
      ByteBuffer message = bench.signed(path, user, method, attributes.toArray(Attribute[]::new));
      feed(bench, path, message, seed, round);
      if (random.nextInt(20) == 0) {
        bench.passAndAdvance(random.nextInt(400));
      }
    }
    bench.server.endAll(EndReason.SHUTDOWN, bench.now);
    assertThat(bench.shared.quota().total()).isZero();
    bench.shared.ports().values().forEach(pool -> assertThat(pool.free()).isEqualTo(pool.size()));
  }

  private static void feed(Bench bench, FiveTuple path, ByteBuffer message, long seed, int round) {
    try {
      for (Action action : bench.fromClient(path, message)) {
        if (action instanceof Action.Open open) {
          bench.server.relayOpened(open.relay(), bench.now);
          bench.shell.take();
        }
      }
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + ", round " + round, e);
    }
  }

  private static List<byte[]> corpus(Bench bench) {
    RequestedTransport udp = new RequestedTransport(RequestedTransport.UDP);
    List<byte[]> corpus = new ArrayList<>();
    corpus.add(array(bench.signed(BOB, "bob", Method.Known.ALLOCATE, udp, new EvenPort(true))));
    corpus.add(array(bench.signed(ALICE, "alice", Method.Known.REFRESH, new Lifetime(700))));
    corpus.add(
        array(
            bench.signed(
                ALICE, "alice", Method.Known.CREATE_PERMISSION, new XorPeerAddress(PEER))));
    corpus.add(
        array(
            bench.signed(
                ALICE,
                "alice",
                Method.Known.CHANNEL_BIND,
                new ChannelNumber(0x4000),
                new XorPeerAddress(PEER))));
    corpus.add(array(bench.send(PEER, "some data that is sent")));
    corpus.add(array(Bench.channelData(0x4000, "some data on a channel")));
    corpus.add(
        array(
            Encoder.PLAIN
                .fingerprinted()
                .encode(
                    StunMessage.request(Method.Known.BINDING, bench.freshId())
                        .add(new ChangeRequest(true, true))
                        .add(new ResponsePort(4711))
                        .build())));
    return corpus;
  }

  private static byte[] damage(byte[] message, Random random) {
    byte[] damaged = message;
    for (int i = random.nextInt(4); i >= 0; i--) {
      if (damaged.length == 0) {
        return damaged;
      }
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(5)) {
        case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> damaged[at] = (byte) random.nextInt();
        case 2 -> damaged = java.util.Arrays.copyOf(damaged, at);
        case 3 -> damaged = java.util.Arrays.copyOf(damaged, damaged.length + random.nextInt(9));
        default -> System.arraycopy(message, 0, damaged, 0, Math.min(at, message.length));
      }
    }
    return damaged;
  }

  private static Attribute attribute(Random random) {
    return switch (random.nextInt(16)) {
      case 0 -> new RequestedTransport(random.nextInt(4) == 0 ? random.nextInt(256) : 17);
      case 1 -> new RequestedAddressFamily(random.nextInt(4));
      case 2 -> new EvenPort(random.nextBoolean());
      case 3 -> new ReservationToken(random.nextLong());
      case 4 -> new Lifetime(random.nextInt(5) == 0 ? 0 : random.nextLong(1L << 32));
      case 5, 6 -> new ChannelNumber(0x3ffe + random.nextInt(4));
      case 7, 8, 9 -> new XorPeerAddress(peer(random));
      case 10 -> new Padding(Bytes.owning(new byte[random.nextInt(40)]));
      case 11 -> new ChangeRequest(random.nextBoolean(), random.nextBoolean());
      case 12 -> new UnknownAttribute(0x7100 + random.nextInt(3), Bytes.EMPTY);
      case 13 -> new Nonce("n".repeat(random.nextInt(130)));
      case 14 -> new Username("%n\r\n\"'\u0000".repeat(random.nextInt(9)));
      default -> new Realm(random.nextBoolean() ? Bench.REALM : "%s");
    };
  }

  private static org.bradawl.stun.TransportAddress peer(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Bench.address("127.0.0.1:" + random.nextInt(65_536));
      case 1 -> Bench.address("192.0.2.1:" + (50_000 + random.nextInt(100)));
      case 2 -> Bench.address("[2400:cb00::" + random.nextInt(9) + "]:" + random.nextInt(65_536));
      default -> Bench.address("8.8." + random.nextInt(256) + ".4:" + random.nextInt(65_536));
    };
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
