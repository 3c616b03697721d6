package org.bradawl.nat;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;

/**
 * NAT behaviour discovery (RFC 5780) as a machine: what happened and when goes in, what to do comes
 * out through {@link DiscoveryActions}.
 *
 * <p>It begins with a burst: one request from each of ten fresh sockets, which shows how the NAT
 * chooses ports. Then, all at once and every 100 ms: the mapping tests from the first socket, the
 * filtering tests from the second (answers from elsewhere open the filter and would falsify a
 * mapping test on the same socket), hairpinning between two others, a padded request from a fifth.
 * Silence counts only beside a control request that was answered; see {@link Silence}.
 *
 * <p>RFC 8489 §6.2.1 would repeat a request for 39.5 s. Here a question is asked again every tick,
 * with a new transaction id, until it is settled or {@link DiscoverySettings#limit} is over.
 */
public final class Discovery {

  /** 10 ms keep requests in order on any network that does not hold packets back on purpose. */
  private static final long BURST_SPACING_NANOS = 10_000_000L;

  /** A tenth of a second between attempts: a dozen in a row fit the limit, at 5 kB/s in all. */
  private static final long TICK_NANOS = 100_000_000L;

  private final DiscoverySettings settings;
  private final RandomGenerator random;
  private final DiscoveryActions actions;
  private final TcpMapping tcp;
  private final TreeMap<Integer, TransportAddress> locals = new TreeMap<>();
  private final Examination examination;
  private Optional<Report> report = Optional.empty();
  private boolean started;
  private long startNanos;
  private long nextNanos;
  private int tick;

  /** A discovery that has not begun. */
  public Discovery(DiscoverySettings settings, RandomGenerator random, DiscoveryActions actions) {
    this.settings = settings;
    this.random = random;
    this.actions = actions;
    this.tcp = new TcpMapping(actions, random, settings.server());
    this.examination = new Examination(settings.server(), locals, this::transmit);
  }

  /** Begins. */
  public void start(long now) {
    started = true;
    startNanos = now;
    nextNanos = now;
    for (int socket = 0; socket < Examination.SOCKETS; socket++) {
      actions.open(socket);
    }
    if (settings.tcp()) {
      tcp.start();
    }
    advance(now);
  }

  /** A socket is open; {@code local} bears the address that packets to the server leave from. */
  public void opened(int socket, TransportAddress local) {
    locals.put(socket, local);
  }

  /** A TCP connection stands. */
  public void connected(int connection, TransportAddress local, long now) {
    tcp.connected(connection, local, now);
  }

  /** A TCP connection did not come about or is gone. */
  public void connectionFailed(int connection, long now) {
    tcp.failed();
    advance(now);
  }

  /** A message has come over a TCP connection. */
  public void receivedOver(int connection, StunMessage message, long now) {
    tcp.received(connection, message, now);
    advance(now);
  }

  /** A datagram has come that is a STUN message. Strangers' messages change nothing. */
  public void received(int socket, TransportAddress from, StunMessage message, long now) {
    if (report.isPresent()) {
      return;
    }
    if (message.is(MessageClass.REQUEST, Method.Known.BINDING)) {
      examination.hairpinned(from, message, now);
    } else if (message.is(MessageClass.SUCCESS_RESPONSE, Method.Known.BINDING)) {
      examination.answered(socket, from, message, now);
    }
    advance(now);
  }

  /** When {@link #advance} wants to be called next; empty before the start and after the end. */
  public OptionalLong deadlineNanos() {
    return started && report.isEmpty() ? OptionalLong.of(nextNanos) : OptionalLong.empty();
  }

  /** What was found, once it is over. */
  public Optional<Report> report() {
    return report;
  }

  /** Does what is due. */
  public void advance(long now) {
    if (!started || report.isPresent()) {
      return;
    }
    while (now - nextNanos >= 0 && examination.sample(now)) {
      nextNanos = now + BURST_SPACING_NANOS;
    }
    if (examination.isSampled()) {
      examination.ask(now);
      if (now - nextNanos >= 0) {
        tick++;
        nextNanos = now + TICK_NANOS;
        examination.repeat(now);
      }
    }
    long elapsed = now - startNanos;
    if (!examination.isReachable() && elapsed >= settings.limit().toNanos() / 2) {
      // Nothing came back: only another way to the same server can tell why.
      tcp.start();
    }
    boolean tcpIsSettled = !tcp.isStarted() || tcp.isSettled();
    boolean settled = examination.isSettled(now) && tcpIsSettled;
    if (settled || elapsed >= settings.limit().toNanos()) {
      Report found = examination.report(tcp, now);
      report = Optional.of(found);
      actions.finished(found);
    }
  }

  private void transmit(Probe probe, long now) {
    if (locals.containsKey(probe.socket())) {
      StunMessage request = probe.attempt(TransactionId.random(random), now, tick);
      actions.send(probe.socket(), probe.to(), request);
    }
  }
}
