package org.bradawl.agent.path;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.tunnel.Duplex;
import org.bradawl.agent.tunnel.TunnelClient;
import org.bradawl.agent.tunnel.TunnelIdentity;
import org.bradawl.agent.tunnel.TunnelServer;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Transport;

/**
 * A tunnel between two sides in one process, over a way that exists in memory only: it takes the
 * steps of a real one, so that what they need is loaded and known to work.
 */
public final class Rehearsal {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SecureRandom random = new SecureRandom();
  private final EventLoop loop;

  /** A rehearsal on this loop. */
  public Rehearsal(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * Sends some bytes there and back.
   *
   * @throws IOException if they do not come back
   */
  public void run() throws IOException {
    Paths asking = paths();
    Paths asked = paths();
    TunnelIdentity identity = TunnelIdentity.create(random, InstantSource.system());
    String secret = "rehearsed";
    join(asking, asked);
    try (TunnelServer _ = new TunnelServer(asked.socket(), identity, secret, new Echo());
        TunnelClient client =
            TunnelClient.connect(
                asking.socket(), identity.fingerprint(), secret, PATIENCE, () -> {})) {
      Duplex stream = client.open(Map.of("open", "echo"));
      byte[] bytes = new byte[20_000];
      stream.out().write(bytes);
      stream.out().close();
      if (stream.in().readAllBytes().length != bytes.length) {
        throw new IOException("less came back than was sent");
      }
    } finally {
      loop.execute(asking::close);
      loop.execute(asked::close);
    }
  }

  private Paths paths() throws IOException {
    CompletableFuture<Paths> made = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        made.complete(new Paths(loop, random, new Deaf()));
      } catch (IOException e) {
        made.completeExceptionally(e);
      }
    });
    try {
      return made.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no ways can be made", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void join(Paths asking, Paths asked) {
    TransportAddress a = new TransportAddress(IpAddress.parse("192.0.2.3"), 1);
    TransportAddress b = new TransportAddress(IpAddress.parse("192.0.2.4"), 2);
    Credentials ours = Credentials.random(random);
    Credentials theirs = Credentials.random(random);
    Path[] ends = new Path[2];
    ends[0] = end(a, b, datagram -> asked.received(ends[1], datagram));
    ends[1] = end(b, a, datagram -> asking.received(ends[0], datagram));
    loop.execute(() -> {
      asking.add(ends[0], Side.INITIATOR, ours, theirs);
      asked.add(ends[1], Side.RESPONDER, theirs, ours);
    });
  }

  private Path end(TransportAddress local, TransportAddress remote, Consumer<ByteBuffer> other) {
    return new Path(
        Method.LOCAL,
        Transport.UDP,
        local,
        remote,
        "a rehearsal",
        datagram -> {
          ByteBuffer copy =
              ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate()).flip();
          loop.execute(() -> other.accept(copy));
        },
        () -> {});
  }

  private static final class Deaf implements Paths.Listener {
    @Override
    public void moved(Path path) {}

    @Override
    public void lost(Path path, Optional<Path> left) {}

    @Override
    public void stuck() {}
  }

  private static final class Echo implements TunnelServer.Listener {
    @Override
    public void proven() {}

    @Override
    public void opened(Json purpose, Duplex stream) {
      try {
        Duplex.pump(stream.in(), stream.out());
      } catch (IOException e) {
        stream.abort().run();
      }
    }

    @Override
    public void ended() {}
  }
}
