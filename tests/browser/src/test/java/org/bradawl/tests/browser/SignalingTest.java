package org.bradawl.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.bradawl.tests.browser.Chromium.Screen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the browser SDK's signaling promises, in real pages and over lines that break. */
class SignalingTest {

  private static final int MESSAGES = 200;

  /** Cuts of one page's line. The pauses in between double, so each further one costs more time. */
  private static final int CUTS = 5;

  /** A handshake and the welcome take about 3 kB; less and nothing would ever come through. */
  private static final int FEWEST_BYTES = 4_000;

  private static final int MOST_BYTES = 14_000;

  /** Makes a client in the page, as {@code bradawl}, that keeps what it receives in {@code got}. */
  private static final String JOIN =
      """
      async () => {
        const { Bradawl } = await import('/sdk/bradawl.js');
        const token = (await (await fetch('/api/v1/demo/token', { method: 'POST' })).json()).token;
        Object.assign(window, { got: [], resumed: [], bradawl: new Bradawl({ token }) });
        bradawl.addEventListener('message', ({ detail }) => got.push(detail.data.number));
        bradawl.addEventListener('welcome', ({ detail }) => resumed.push(detail.resumed));
        return (await bradawl.connect()).peer;
      }
      """;

  private static URI server;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = new Chromium();
    server = RunningServer.get().address();
  }

  @AfterAll
  static void stop() {
    chromium.close();
  }

  @AfterEach
  void leave() {
    chromium.closePages();
  }

  private static Page open(URI address) {
    Page page = chromium.page(Screen.DESK);
    page.navigate(address + "/");
    return page;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void everyMessageArrivesExactlyOnceWhileSocketsBreak(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    try (Line lineOfAlice = new Line(server);
        Line lineOfBob = new Line(server)) {
      Page alice = open(lineOfAlice.address());
      Page bob = open(lineOfBob.address());
      Object nameOfAlice = alice.evaluate(JOIN);
      Object nameOfBob = bob.evaluate(JOIN);

      AtomicInteger cuts = new AtomicInteger();
      lineOfAlice.cutAfter(breaking(random.split(), cuts));
      lineOfBob.cutAfter(breaking(random.split(), cuts));
      sendAll(alice, nameOfBob);
      sendAll(bob, nameOfAlice);
      lineOfAlice.cut();
      lineOfBob.cut();

      List<Integer> all = IntStream.range(0, MESSAGES).boxed().toList();
      for (Page page : List.of(alice, bob)) {
        assertThat(page.evaluate("sending")).as("outcomes of sending").isEqualTo("fulfilled");
        page.waitForFunction("count => got.length >= count", MESSAGES);
        assertThat(page.evaluate("got")).as("numbers received").isEqualTo(all);
        assertThat(page.evaluate("bradawl.unconfirmed")).isEqualTo(0);
        assertThat((List<?>) page.evaluate("resumed"))
            .as("whether each welcome resumed the session")
            .hasSizeGreaterThan(2)
            .first()
            .isEqualTo(false);
        assertThat(page.evaluate("resumed.slice(1).every(Boolean)")).isEqualTo(true);
      }
      assertThat(cuts.get()).as("connections that were cut").isGreaterThan(4);
    }
  }

  private static LongSupplier breaking(SplittableRandom random, AtomicInteger cuts) {
    AtomicInteger left = new AtomicInteger(CUTS);
    return () -> {
      if (left.getAndDecrement() <= 0) {
        return Long.MAX_VALUE;
      }
      cuts.incrementAndGet();
      return random.nextLong(FEWEST_BYTES, MOST_BYTES);
    };
  }

  /**
   * Sends numbered messages, one each few milliseconds so that the cuts fall among them; {@code
   * sending} becomes the one outcome that all of them had.
   */
  private static void sendAll(Page page, Object to) {
    page.evaluate(
        """
        ({ to, count }) => {
          const filler = 'x'.repeat(150);
          const pause = () => new Promise(resolve => setTimeout(resolve, 10));
          window.sending = (async () => {
            const sends = [];
            for (let number = 0; number < count; number++) {
              sends.push(bradawl.send(to, { number, filler }));
              await pause();
            }
            const all = await Promise.allSettled(sends);
            return [...new Set(all.map(each => each.reason?.message ?? each.status))].join();
          })();
        }
        """,
        Map.of("to", to, "count", MESSAGES));
  }

  /**
   * Both call at one instant by the clock they share: a connection on one machine stands within 40
   * ms, so two calls one after the other may well not meet.
   */
  @Test
  void twoWhoCallEachOtherAtOnceGetOneConnection() {
    Page alice = open(server);
    Page bob = open(server);
    Object nameOfAlice = alice.evaluate(JOIN);
    Object nameOfBob = bob.evaluate(JOIN);

    String call =
        """
        async ({ peer, instant }) => {
          bradawl.addEventListener('connection', () => { window.called = true; });
          await new Promise(resolve => setTimeout(resolve, instant - Date.now()));
          window.connection = bradawl.connectTo(peer);
          window.echo = new Promise(resolve => connection.addEventListener('channel', ({ detail: channel }) => {
            channel.onmessage = ({ data }) => resolve(data);
          }));
          const channel = connection.channel('hello');
          channel.onopen = () => channel.send('hello from ' + bradawl.peer);
        }
        """;
    Object instant = alice.evaluate("Date.now() + 500");
    String begin = "call => { window.begun = (" + call + ")(call); }";
    alice.evaluate(begin, Map.of("peer", nameOfBob, "instant", instant));
    bob.evaluate(begin, Map.of("peer", nameOfAlice, "instant", instant));

    for (Page page : List.of(alice, bob)) {
      page.evaluate("begun");
      assertThat(page.evaluate("window.called === undefined"))
          .as("it called before it was called")
          .isEqualTo(true);
    }
    assertThat(alice.evaluate("echo")).isEqualTo("hello from " + nameOfBob);
    assertThat(bob.evaluate("echo")).isEqualTo("hello from " + nameOfAlice);
    assertThat(alice.evaluate("connection.id")).isEqualTo(bob.evaluate("connection.id"));
    assertThat(alice.evaluate("bradawl.connections.length")).isEqualTo(1);
    assertThat(alice.evaluate("window.called === undefined")).isEqualTo(true);
  }

  @Test
  void errorsSayWhatHappened() {
    Page page = open(server);
    Object peer = page.evaluate(JOIN);

    assertThat(codeOf(page, "bradawl.send('nobody-' + Date.now(), 1)"))
        .isEqualTo("peer-unavailable");
    assertThat(codeOf(page, "bradawl.send(bradawl.peer, 'x'.repeat(100_000))"))
        .isEqualTo("too-large");
    assertThat(codeOf(page, "bradawl.send(bradawl.peer, 1n)")).isEqualTo("not-sendable");
    assertThat(
            codeOf(
                page,
                """
                (async () => {
                  const { Bradawl } = await import('/sdk/bradawl.js');
                  await new Bradawl({ token: 'made-up' }).connect();
                })()
                """))
        .isEqualTo("unauthorized");
    assertThat(
            codeOf(
                page,
                """
                (async () => {
                  const again = new (bradawl.constructor)({ token: bradawl.options.token });
                  const replaced = new Promise((_, reject) => bradawl.addEventListener('state', ({ detail }) => {
                    if (detail.state === 'closed') reject(detail.problem);
                  }));
                  await again.connect();
                  await replaced;
                })()
                """))
        .as("what %s hears when another client takes its id", peer)
        .isEqualTo("replaced");
  }

  @Test
  void whatWaitsToBeSentIsBounded() throws IOException {
    try (Line line = new Line(server)) {
      Page page = open(line.address());
      page.evaluate(JOIN);
      line.takeDown();
      page.waitForFunction("() => bradawl.state === 'waiting'");
      page.evaluate(
          "() => { for (let i = 0; i < 1000; i++) bradawl.send('somebody', i).catch(() => {}); }");
      assertThat(codeOf(page, "bradawl.send('somebody', 1000)")).isEqualTo("queue-full");
    }
  }

  private static Object codeOf(Page page, String promise) {
    return page.evaluate(
        "() => (async () => "
            + promise.strip()
            + ")().then(() => 'no error', problem => problem.code)");
  }
}
