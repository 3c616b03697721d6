package org.bradawl.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;
import org.bradawl.tests.browser.Chromium.Screen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two people on {@code /demo}: one at a desk, one with a phone. */
class DemoTest {

  private static final int TWENTY_MB = 20_000_000;
  private static final int ONE_MB = 1_000_000;

  private static URI server;
  private static Chromium chromium;

  @TempDir private Path folder;

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

  private static String room() {
    return "room-" + UUID.randomUUID();
  }

  private static void picture(Demo demo, String name) {
    demo.page()
        .screenshot(
            new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(Path.of("target/screenshots", name + ".png")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "direct,             '',                       host,  udp",
    "relayed over UDP,   ?relay=1&transport=udp,   relay, udp",
    "relayed over TCP,   ?relay=1&transport=tcp,   relay, tcp"
  })
  void twentyMegabytesArriveIntact(String name, String query, String kind, String transport) {
    SampleFile file = SampleFile.of(folder, 1, TWENTY_MB);
    String room = room();
    Demo desk = Demo.open(chromium.page(Screen.DESK), server, query, room);
    Demo phone = Demo.open(chromium.page(Screen.PHONE), server, query, room);
    desk.connected().path(kind, transport);
    phone.connected().path(kind, transport);

    desk.say("Here it comes");
    phone.heard("Here it comes");
    phone.say("Go on");
    desk.heard("Go on");
    desk.send(file.path());

    assertThat(desk.done()).as("sum counted by the sender").isEqualTo(file.sha256());
    assertThat(phone.done()).as("sum counted by the receiver").isEqualTo(file.sha256());
    assertThat(SampleFile.sha256(phone.save()))
        .as("sum of what was saved")
        .isEqualTo(file.sha256());
    picture(desk, name.replace(' ', '-') + "-desk");
    picture(phone, name.replace(' ', '-') + "-phone");
  }

  @Test
  void aTransferOutlivesItsWebSocketAndTheNetwork() throws IOException {
    String room = room();
    try (Line line = new Line(server)) {
      Demo desk = Demo.open(chromium.page(Screen.DESK), line.address(), "", room);
      Demo phone = Demo.open(chromium.page(Screen.PHONE), server, "", room);
      desk.connected();
      phone.connected();
      String name = desk.name();

      SampleFile first = SampleFile.of(folder, 2, TWENTY_MB);
      desk.send(first.path());
      desk.moved(ONE_MB);
      line.cut();
      desk.resumed(2);
      assertThat(desk.done()).isEqualTo(first.sha256());
      assertThat(phone.done()).isEqualTo(first.sha256());

      SampleFile second = SampleFile.of(folder, 3, TWENTY_MB);
      phone.send(second.path());
      desk.moved(ONE_MB);
      desk.page().context().setOffline(true);
      line.takeDown();
      desk.signaling("waiting");
      picture(desk, "signaling-lost-desk");
      desk.say("Still here");
      phone.heard("Still here");
      line.repair();
      desk.page().context().setOffline(false);
      desk.resumed(3);
      assertThat(phone.done()).isEqualTo(second.sha256());
      assertThat(SampleFile.sha256(desk.save())).isEqualTo(second.sha256());
      assertThat(desk.name()).as("the name after all that").isEqualTo(name);
      assertThat(phone.log()).as("what the other side noticed").doesNotContain("left the room");
    }
  }

  @Test
  void aPathThatBreaksIsReplacedUnderATransfer() throws IOException {
    String query = "?relay=1&transport=tcp";
    String room = room();
    try (Line line = new Line(RunningServer.get().turn())) {
      Page page = chromium.page(Screen.DESK);
      page.addInitScript(turnThrough(line));
      Demo desk = Demo.open(page, server, query, room);
      Demo phone = Demo.open(chromium.page(Screen.PHONE), server, query, room);
      desk.connected().path("relay", "tcp");
      phone.connected();
      SampleFile file = SampleFile.of(folder, 4, TWENTY_MB);
      desk.send(file.path());
      phone.moved(ONE_MB);

      assertThat(line.connections()).as("connections to the relay").isPositive();
      line.cut();

      assertThat(phone.done()).isEqualTo(file.sha256());
      assertThat(desk.done()).isEqualTo(file.sha256());
      assertThat(desk.log()).as("what the desk tells").contains("the path broke");
    }
  }

  /** Makes the page reach its TURN server over this line instead of straight. */
  private static String turnThrough(Line line) {
    return """
    const through = configuration => ({ ...configuration, iceServers: configuration.iceServers.map(server => ({
      ...server, urls: [server.urls].flat().map(url => url.replace(/^(turn:.*):\\d+/, '$1:%d')),
    })) });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration) { super(through(configuration)); }
      setConfiguration(configuration) { super.setConfiguration(through(configuration)); }
    };
    """
        .formatted(line.address().getPort());
  }

  @Test
  void theRelaySwitchMovesALivingConnection() {
    String room = room();
    Demo desk = Demo.open(chromium.page(Screen.DESK), server, "", room);
    Demo phone = Demo.open(chromium.page(Screen.PHONE), server, "", room);
    desk.connected().path("host", "udp");
    phone.connected();

    desk.page().locator("label.switch").click();
    desk.path("relay", "udp");
    phone.path("relay", "udp");
    desk.say("By the relay");
    phone.heard("By the relay");
  }

  @Test
  void theOtherSideLeavingIsTold() {
    String room = room();
    Demo desk = Demo.open(chromium.page(Screen.DESK), server, "", room);
    picture(desk, "alone-desk");
    Demo phone = Demo.open(chromium.page(Screen.PHONE), server, "", room);
    desk.connected();
    phone.connected();
    String name = phone.name();

    phone.page().close();

    desk.page().getByText(name + " left the room").waitFor();
    desk.page().getByText("Waiting for the other side").waitFor();
  }

  @Test
  void aServerThatIsAwayIsToldAndComesBack() throws IOException {
    try (Line line = new Line(server)) {
      Demo desk = Demo.open(chromium.page(Screen.DESK), line.address(), "", room());
      line.takeDown();
      desk.signaling("waiting");
      desk.page().getByText("does not answer").first().waitFor();
      line.repair();
      desk.resumed(2);
    }
  }
}
