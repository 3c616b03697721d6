package org.bradawl.agent.portmapping;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bradawl.stun.IpAddress;
import org.jspecify.annotations.Nullable;

/** Keeps one UDP port open at the router, by whichever protocol it speaks. */
public final class PortMapper implements AutoCloseable {

  /** RFC 6886 §3.3 recommends two hours; one keeps a crashed agent's port open for less. */
  private static final Duration LIFETIME = Duration.ofHours(1);

  /** A router that lost its memory is asked again no later than this. */
  private static final Duration LONGEST_RENEWAL = Duration.ofMinutes(10);

  /** A router that was about to be asked by all three protocols has had its say by then. */
  private static final Duration LEAVING = Duration.ofSeconds(2);

  private static final Executor THREADS = Thread::startVirtualThread;

  private final Map<String, Protocol> protocols;
  private final int port;
  private final Consumer<Optional<Mapping>> told;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private Optional<Protocol> used = Optional.empty();

  private PortMapper(Map<String, Protocol> protocols, int port, Consumer<Optional<Mapping>> told) {
    this.protocols = protocols;
    this.port = port;
    this.told = told;
  }

  /** The protocols by the names that programs read, the best first. */
  private static Map<String, Protocol> protocols(
      IpAddress gateway, IpAddress self, HttpClient http, RandomGenerator random) {
    InetSocketAddress router = new InetSocketAddress(gateway.toInetAddress(), Question.PORT);
    Map<String, Protocol> all = new LinkedHashMap<>();
    all.put("pcp", new Pcp(router, self, random));
    all.put("natPmp", new NatPmp(router));
    all.put("upnp", new Upnp(http, gateway, self));
    return all;
  }

  /**
   * Which of {@code upnp}, {@code natPmp} and {@code pcp} a router speaks; takes up to two seconds.
   */
  public static CompletableFuture<Map<String, Boolean>> spoken(
      IpAddress gateway, IpAddress self, HttpClient http, RandomGenerator random) {
    Map<String, Protocol> protocols = protocols(gateway, self, http, random);
    List<String> names = List.of("upnp", "natPmp", "pcp");
    List<CompletableFuture<Boolean>> answers =
        names.stream()
            .map(
                name -> CompletableFuture.supplyAsync(() -> isSpoken(protocols.get(name)), THREADS))
            .toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(_ -> {
          Map<String, Boolean> spoken = new LinkedHashMap<>();
          for (int i = 0; i < names.size(); i++) {
            spoken.put(names.get(i), answers.get(i).join());
          }
          return spoken;
        });
  }

  private static boolean isSpoken(@Nullable Protocol protocol) {
    try {
      return protocol != null && protocol.isSpoken();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Opens a port and keeps it open.
   *
   * @param told the external endpoint, whenever it changes, and its loss; on a thread of its own
   */
  public static PortMapper open(
      IpAddress gateway,
      IpAddress self,
      HttpClient http,
      RandomGenerator random,
      int port,
      Consumer<Optional<Mapping>> told) {
    PortMapper mapper = new PortMapper(protocols(gateway, self, http, random), port, told);
    Thread.ofVirtual().name("port mapping").start(mapper::run);
    return mapper;
  }

  private void run() {
    Optional<Mapping> last = Optional.empty();
    try {
      boolean over = false;
      while (!over) {
        Optional<Mapping> now = ask();
        if (!now.map(Mapping::external).equals(last.map(Mapping::external))) {
          told.accept(now);
        }
        last = now;
        Duration lifetime = now.map(Mapping::lifetime).orElse(LIFETIME);
        long half = Math.min(lifetime.toMillis() / 2, LONGEST_RENEWAL.toMillis());
        over = closing.await(Math.max(half, 1_000), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      giveBack();
      closed.countDown();
    }
  }

  private void giveBack() {
    used.ifPresent(protocol -> {
      try {
        protocol.close(port);
      } catch (IOException e) {
        // The router forgets it by itself when the hour is over.
        used = Optional.empty();
      }
    });
  }

  private Optional<Mapping> ask() {
    List<Protocol> candidates = used.map(List::of).orElseGet(() -> List.copyOf(protocols.values()));
    for (Protocol protocol : candidates) {
      try {
        Mapping mapping = protocol.open(port, LIFETIME);
        used = Optional.of(protocol);
        return Optional.of(mapping);
      } catch (IOException e) {
        // The next one may be understood; if none is, there is no mapping.
        used = Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * Takes the port back; waits until the router was told, also when it is just being asked for the
   * port, but no longer than two seconds.
   */
  @Override
  public void close() {
    closing.countDown();
    try {
      // Where that is not enough, the router forgets it by itself when the hour is over.
      var _ = closed.await(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
