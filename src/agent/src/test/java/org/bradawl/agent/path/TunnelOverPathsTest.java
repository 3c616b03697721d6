package org.bradawl.agent.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.tunnel.Duplex;
import org.bradawl.agent.tunnel.TunnelClient;
import org.bradawl.agent.tunnel.TunnelIdentity;
import org.bradawl.agent.tunnel.TunnelServer;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two sides on one loop, joined by ways that exist in memory and can be cut. */
class TunnelOverPathsTest {

  private static final TransportAddress A =
      new TransportAddress(IpAddress.parse("198.51.100.1"), 1);
  private static final TransportAddress B =
      new TransportAddress(IpAddress.parse("198.51.100.2"), 2);
  private static final String SECRET = "told through signaling";

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private final Credentials ours = Credentials.random(random);
  private final Credentials theirs = Credentials.random(random);
  private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
  private final TunnelIdentity identity =
      TunnelIdentity.create(new SecureRandom(), InstantSource.system());

  /** Either side may find out first. */
  private final CompletableFuture<Boolean> askingStuck = new CompletableFuture<>();

  private final CompletableFuture<Boolean> askedStuck = new CompletableFuture<>();

  private final EventLoop loop = new EventLoop("test");
  private Paths asking;
  private Paths asked;
  private TunnelServer server;

  /** A way between both; cut when told. */
  private final class Cable {
    final AtomicInteger carried = new AtomicInteger();
    volatile boolean cut;

    Cable(Method method, int offset) {
      TransportAddress a = new TransportAddress(A.address(), A.port() + offset);
      TransportAddress b = new TransportAddress(B.address(), B.port() + offset);
      Path[] ends = new Path[2];
      ends[0] = new Path(method, Transport.UDP, a, b, "", d -> carry(asked, ends, 1, d), () -> {});
      ends[1] = new Path(method, Transport.UDP, b, a, "", d -> carry(asking, ends, 0, d), () -> {});
      loop.execute(() -> {
        asking.add(ends[0], Side.INITIATOR, ours, theirs);
        asked.add(ends[1], Side.RESPONDER, theirs, ours);
      });
    }

    private void carry(Paths to, Path[] ends, int end, ByteBuffer datagram) {
      if (cut) {
        return;
      }
      carried.incrementAndGet();
      ByteBuffer copy = ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate()).flip();
      loop.execute(() -> {
        if (copy.get(0) <= 3 && copy.get(0) >= 0) {
          if (Decoder.decode(copy) instanceof StunMessage message) {
            to.received(ends[end], message, ends[end].remote());
          }
        } else {
          to.received(ends[end], copy);
        }
      });
    }
  }

  @BeforeEach
  void open() throws Exception {
    asking = paths("a");
    asked = paths("b");
    server =
        new TunnelServer(
            asked.socket(),
            identity,
            SECRET,
            new TunnelServer.Listener() {
              @Override
              public void proven() {
                happened.add("proven");
              }

              @Override
              public void opened(Json purpose, Duplex stream) {
                happened.add("opened " + purpose.get("open").textOrEmpty());
                try {
                  Duplex.pump(stream.in(), stream.out());
                } catch (IOException e) {
                  happened.add("broke");
                }
              }

              @Override
              public void ended() {}
            });
  }

  private Paths paths(String name) throws Exception {
    CompletableFuture<Paths> made = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        made.complete(
            new Paths(
                loop,
                random,
                new Paths.Listener() {
                  @Override
                  public void moved(Path path) {
                    happened.add(name + " on " + path.method().label());
                  }

                  @Override
                  public void lost(Path path, Optional<Path> left) {
                    happened.add(name + " lost " + path.method().label());
                  }

                  @Override
                  public void stuck() {
                    happened.add(name + " stuck");
                    (name.equals("a") ? askingStuck : askedStuck).complete(true);
                  }
                }));
      } catch (IOException e) {
        made.completeExceptionally(e);
      }
    });
    return made.get(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    var _ = server.leave();
    loop.close();
  }

  private TunnelClient connect(String fingerprint, String secret) throws IOException {
    return TunnelClient.connect(
        asking.socket(), fingerprint, secret, Duration.ofSeconds(10), () -> {});
  }

  private static byte[] there(Duplex stream, byte[] bytes) throws Exception {
    CompletableFuture<byte[]> back = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            back.complete(stream.in().readNBytes(bytes.length));
          } catch (IOException e) {
            back.completeExceptionally(e);
          }
        });
    stream.out().write(bytes);
    stream.out().flush();
    return back.get(30, TimeUnit.SECONDS);
  }

  @Test
  void whatGoesInComesOut() throws Exception {
    new Cable(Method.PUNCH, 0);
    try (TunnelClient client = connect(identity.fingerprint(), SECRET)) {
      byte[] bytes = new byte[300_000];
      new SecureRandom().nextBytes(bytes);

      assertThat(there(client.open(Map.of("open", "echo")), bytes)).isEqualTo(bytes);
      assertThat(happened).contains("proven", "opened echo");
    }
  }

  /** Written and ended in one breath: the end must follow what is still on its way. */
  @Test
  void streamsThatEndAtOnceEndWhole() throws Exception {
    new Cable(Method.PUNCH, 0);
    try (TunnelClient client = connect(identity.fingerprint(), SECRET)) {
      byte[] bytes = new byte[20_000];
      for (int i = 0; i < 100; i++) {
        Duplex stream = client.open(Map.of("open", "echo"));
        CompletableFuture<byte[]> back =
            CompletableFuture.supplyAsync(
                () -> all(stream), task -> Thread.ofVirtual().start(task));
        stream.out().write(bytes);
        stream.out().close();
        assertThat(back.get(30, TimeUnit.SECONDS)).as("stream " + i).hasSameSizeAs(bytes);
      }
    }
  }

  private static byte[] all(Duplex stream) {
    try {
      return stream.in().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoShowsAnotherCertificateIsNotThePeer() {
    new Cable(Method.PUNCH, 0);

    assertThatThrownBy(() -> connect("sha-256 " + "00".repeat(32), SECRET))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("certificate");
  }

  @Test
  void whoDoesNotKnowTheSecretOpensNothing() throws Exception {
    new Cable(Method.PUNCH, 0);
    try (TunnelClient client = connect(identity.fingerprint(), "guessed")) {
      Duplex stream = client.open(Map.of("open", "echo"));

      assertThatThrownBy(() -> there(stream, new byte[] {1})).isNotNull();
      assertThat(happened).doesNotContain("proven", "opened echo");
    }
  }

  /** What has just been there and back. */
  private static byte[] echoed(Duplex stream) throws Exception {
    byte[] bytes = new byte[50_000];
    Arrays.fill(bytes, (byte) 7);
    assertThat(there(stream, bytes)).isEqualTo(bytes);
    return bytes;
  }

  @Test
  void itMovesToABetterWayAndBackToWhatIsLeft() throws Exception {
    Cable relayed = new Cable(Method.RELAY, 0);
    try (TunnelClient client = connect(identity.fingerprint(), SECRET)) {
      Duplex stream = client.open(Map.of("open", "echo"));
      byte[] bytes = echoed(stream);

      Cable direct = new Cable(Method.PUNCH, 10);
      assertThat(there(stream, bytes)).isEqualTo(bytes);
      assertThat(there(stream, bytes)).isEqualTo(bytes);
      assertThat(direct.carried).hasValueGreaterThan(20);
      assertThat(happened).contains("a on relayed", "a on punched", "b on punched");

      int before = relayed.carried.get();
      direct.cut = true;
      long cutNanos = System.nanoTime();
      assertThat(there(stream, bytes)).isEqualTo(bytes);

      assertThat(Duration.ofNanos(System.nanoTime() - cutNanos)).isLessThan(Duration.ofSeconds(10));
      assertThat(relayed.carried.get()).isGreaterThan(before + 20);
    }
  }

  /** A host leaves its network in the middle of something, and comes into another one. */
  @Test
  void whatWasSaidWithoutAnyWayArrivesOverTheNextOne() throws Exception {
    Cable first = new Cable(Method.PUNCH, 0);
    try (TunnelClient client = connect(identity.fingerprint(), SECRET)) {
      Duplex stream = client.open(Map.of("open", "echo"));
      byte[] bytes = echoed(stream);

      first.cut = true;
      loop.execute(() -> asking.leave(path -> path.method() == Method.PUNCH));
      CompletableFuture<byte[]> back =
          CompletableFuture.supplyAsync(
              () -> thereAnyhow(stream, bytes), task -> Thread.ofVirtual().start(task));
      assertThat(askingStuck).succeedsWithin(Duration.ofSeconds(10));
      assertThat(asking.current()).isEmpty();
      assertThat(back).isNotDone();

      Cable second = new Cable(Method.RELAY, 10);
      assertThat(back.get(30, TimeUnit.SECONDS)).isEqualTo(bytes);
      assertThat(second.carried).hasValueGreaterThan(20);
      assertThat(happened).contains("a lost punched", "a on relayed");
    }
  }

  /** kwik would wait for half a minute; the loop that closes has other peers, too. */
  @Test
  void whoLeavesAPeerThatHasGoneIsNotHeldUp() throws Exception {
    Cable only = new Cable(Method.PUNCH, 0);
    try (TunnelClient client = connect(identity.fingerprint(), SECRET)) {
      echoed(client.open(Map.of("open", "echo")));
      only.cut = true;

      CompletableFuture<CompletableFuture<Void>> said = new CompletableFuture<>();
      loop.execute(() -> {
        said.complete(server.leave());
        // Its ways go before kwik has given up; that must not end the program, as kwik would.
        asked.close();
      });

      CompletableFuture<Void> over = said.get(5, TimeUnit.SECONDS);
      assertThat(loop.ask(() -> "free")).succeedsWithin(Duration.ofSeconds(5));
      assertThat(over).isNotCompletedExceptionally();
    }
  }

  @Test
  void whoReadsASocketWhenItClosesWaitsUntilInterrupted() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                asking.socket().receive(new DatagramPacket(new byte[1], 1));
                interrupted.complete(false);
              } catch (IOException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
              }
            });
    assertThat(
            loop.ask(() -> {
              asking.close();
              return true;
            }))
        .succeedsWithin(Duration.ofSeconds(5));

    assertThat(reader.join(Duration.ofMillis(200))).isFalse();
    reader.interrupt();
    assertThat(interrupted).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(true);
  }

  private static byte[] thereAnyhow(Duplex stream, byte[] bytes) {
    try {
      return there(stream, bytes);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
