package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.bradawl.datapath.SecureStatistics.Failure;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.TransportAddress;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What strangers can make the server hold who begin a secured session and do not go on: bytes on
 * the heap and beside it, descriptors, and what the gauges show. Each wait is for the real clock,
 * so both engines are flooded at once.
 */
@Timeout(120)
class FloodTest {

  private static final int HALF_OPEN = 400;
  private static final int SLOW = 60;
  private static final int WITH_COOKIE = 200;
  private static final int SPOOFED = 20_000;

  /**
   * For each session that is half-way: 100 kB, as the bounds on their number suppose, and as much
   * again for the test's own end of it.
   */
  private static final long EACH = 200 << 10;

  /** What the tests' own garbage and the collector's moods may account for. */
  private static final long NOISE = 16 << 20;

  /** RFC 5246 §6.2.1: a record of a handshake, whose ClientHello ends in the middle. */
  private static final byte[] BEGUN_HELLO = {
    22, 3, 1, 1, 0, 1, 0, 0, (byte) 0xfc, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9
  };

  @TempDir Path directory;

  private final List<TestRelay> relays = new ArrayList<>();
  private final List<AutoCloseable> strangers = new ArrayList<>();

  @Test
  void halfOpenedSessionsAreBoundedAndLeaveNothingBehind() throws Exception {
    Requires.linux();
    for (EngineUnderTest engine : EngineUnderTest.values()) {
      relays.add(
          engine.relay(
              "bradawl.listen.tls-port=" + FreePorts.one(),
              "bradawl.turn.rate.exempt=none",
              "bradawl.data.directory=" + directory.resolve(engine.name())));
    }
    try {
      for (TestRelay relay : relays) {
        warm(relay);
      }
      long descriptors = Descriptors.open();
      long memory = Memory.used();
      for (TestRelay relay : relays) {
        flood(relay);
      }
      long sessions = (long) relays.size() * (HALF_OPEN + SLOW + WITH_COOKIE);
      assertThat(Memory.used() - memory)
          .as("while all of them are half-way")
          .isLessThan(sessions * EACH + NOISE);
      // Nobody says anything any more: the server ends them by itself, and shows it.
      LockSupport.parkNanos(8_000_000_000L);
      for (TestRelay relay : relays) {
        Wait.until("nobody is left at " + relay.datapath().engine(), () -> isQuiet(relay));
      }
      for (AutoCloseable stranger : strangers) {
        stranger.close();
      }
      strangers.clear();
      Descriptors.fallTo(descriptors + 5);
      assertThat(Memory.used() - memory).as("afterwards").isLessThan(NOISE);
      for (TestRelay relay : relays) {
        assertThat(relay.datapath().statistics().faults()).isZero();
        relay.client(new TlsWire(relay.tls(), "TLSv1.3")).allocate();
        relay.client(new DtlsWire(relay.listener(Transport.DTLS))).allocate();
      }
    } finally {
      for (AutoCloseable stranger : strangers) {
        stranger.close();
      }
      relays.forEach(TestRelay::close);
    }
  }

  /** One of each beforehand, so that classes and tables are there. */
  private static void warm(TestRelay relay) throws IOException {
    try (TurnClient tls = relay.client(new TlsWire(relay.tls(), "TLSv1.3"));
        TurnClient dtls = relay.client(new DtlsWire(relay.listener(Transport.DTLS)))) {
      tls.allocate();
      dtls.allocate();
    }
    Stun.fromEverywhere(relay.listener(Transport.DTLS), DtlsHello.first(), 1_000);
    Wait.until("the clients are gone", () -> isQuiet(relay));
  }

  private static boolean isQuiet(TestRelay relay) {
    DatapathStatistics now = relay.datapath().statistics();
    return now.connections() == 0
        && now.secured().tlsSessions() == 0
        && now.secured().dtlsSessions() == 0
        && now.turn().allocations() == 0;
  }

  private void flood(TestRelay relay) throws IOException {
    TransportAddress dtls = relay.listener(Transport.DTLS);
    byte[] hello = DtlsHello.first();
    for (int i = 0; i < WITH_COOKIE; i++) {
      withCookie(dtls, hello);
    }
    for (int i = 0; i < HALF_OPEN; i++) {
      Socket socket = new Socket(relay.tls().address().toInetAddress(), relay.tls().port());
      strangers.add(socket);
      socket.getOutputStream().write(BEGUN_HELLO);
    }
    byte[] request = Stun.binding();
    for (int i = 0; i < SLOW; i++) {
      TlsWire wire = new TlsWire(relay.tls(), "TLSv1.3");
      strangers.add(wire);
      wire.send(Arrays.copyOf(request, 1 + i % (request.length - 1)));
    }
    long cookies = relay.datapath().statistics().secured().cookiesSent();
    Stun.fromEverywhere(dtls, hello, SPOOFED);
    Wait.until(
        "most were asked for a cookie",
        () -> relay.datapath().statistics().secured().cookiesSent() - cookies > SPOOFED / 2);
    assertThat(relay.datapath().statistics().secured().failed(Failure.OVERLOADED)).isZero();
  }

  /** Shows where it is, and then leaves the server with its flight. */
  private void withCookie(TransportAddress server, byte[] hello) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    strangers.add(socket);
    socket.connect(server.toSocketAddress());
    socket.setSoTimeout(5_000);
    DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
    socket.send(new DatagramPacket(hello, hello.length));
    socket.receive(answer);
    byte[] again = DtlsHello.again(hello, Arrays.copyOf(answer.getData(), answer.getLength()));
    socket.send(new DatagramPacket(again, again.length));
    answer.setLength(2048);
    socket.receive(answer);
    // RFC 5246 §7.4: a ServerHello, not another HelloVerifyRequest.
    assertThat(answer.getData()[13]).as("the cookie was taken").isEqualTo((byte) 2);
  }
}
