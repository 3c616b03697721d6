package org.bradawl.agent.discovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.net.UdpSocket;
import org.bradawl.nat.LifetimeActions;
import org.bradawl.nat.LifetimeSearch;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;

/** The sockets of a {@link LifetimeSearch}. */
public final class LifetimeCheck implements LifetimeActions {

  private final EventLoop loop;
  private final IpAddress from;
  private final LifetimeSearch search;
  private final EventLoop.Alarm alarm;
  private final Map<Integer, UdpSocket> sockets = new HashMap<>();
  private final CompletableFuture<LifetimeSearch.Found> found;

  private LifetimeCheck(
      EventLoop loop,
      TransportAddress server,
      Duration longest,
      IpAddress from,
      CompletableFuture<LifetimeSearch.Found> found) {
    this.found = found;
    this.loop = loop;
    this.from = from;
    this.search = new LifetimeSearch(server, longest, new SecureRandom(), this);
    this.alarm = loop.alarm(this::advance);
  }

  /**
   * Searches for the lifetime of an idle mapping; takes up to twice {@code longest}.
   *
   * @return what was found; exceptionally an {@link IOException} where no route leads there
   */
  public static CompletableFuture<LifetimeSearch.Found> run(
      EventLoop loop, TransportAddress server, Duration longest) {
    Optional<IpAddress> from = LocalAddresses.towards(server);
    CompletableFuture<LifetimeSearch.Found> found = new CompletableFuture<>();
    if (from.isPresent()) {
      loop.execute(() -> new LifetimeCheck(loop, server, longest, from.get(), found).start());
    } else {
      found.completeExceptionally(new IOException("no route leads to " + server));
    }
    return found;
  }

  private void start() {
    search.start(loop.nanos());
    rearm();
  }

  private void advance() {
    search.advance(loop.nanos());
    rearm();
  }

  private void rearm() {
    alarm.set(search.deadlineNanos());
  }

  @Override
  public void open(int socket) {
    try {
      sockets.put(
          socket,
          UdpSocket.open(
              loop,
              new TransportAddress(from, 0),
              (source, datagram) -> received(socket, source, datagram)));
    } catch (IOException e) {
      found.completeExceptionally(e);
    }
  }

  private void received(int socket, TransportAddress source, ByteBuffer datagram) {
    if (Decoder.decode(datagram) instanceof StunMessage message) {
      search.received(socket, source, message, loop.nanos());
      rearm();
    }
  }

  @Override
  public void send(int socket, TransportAddress to, StunMessage request) {
    UdpSocket opened = sockets.get(socket);
    if (opened != null) {
      opened.send(to, Encoder.PLAIN.encode(request));
    }
  }

  @Override
  public void finished(LifetimeSearch.Found outcome) {
    loop.execute(() -> {
      sockets.values().forEach(UdpSocket::close);
      alarm.remove();
      found.complete(outcome);
    });
  }
}
