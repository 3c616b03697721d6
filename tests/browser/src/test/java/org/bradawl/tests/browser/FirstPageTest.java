package org.bradawl.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.tests.browser.Chromium.Screen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator sees on {@code /}. */
class FirstPageTest {

  private static RunningServer server;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = new Chromium();
    server = RunningServer.get();
  }

  @AfterAll
  static void stop() {
    chromium.close();
  }

  @AfterEach
  void leave() {
    chromium.closePages();
  }

  @Test
  void showsHealthToEverybodyAndTheRelayToAdministrators() {
    Page page = chromium.page(Screen.DESK);
    page.navigate(server.address() + "/");
    page.locator("#health[data-tone=good]").waitFor();
    page.locator("#checks .pill").first().waitFor();

    page.fill("#token", "a guess");
    page.press("#token", "Enter");
    page.locator("#now-problem").waitFor();
    assertThat(page.locator("#now").isVisible()).as("figures for a wrong token").isFalse();

    page.fill("#token", RunningServer.ADMIN_TOKEN);
    page.press("#token", "Enter");
    page.locator("#now").getByText("Engine").waitFor();
    assertThat(page.locator("#now-problem").isVisible()).as("complaint").isFalse();
    page.screenshot(
        new Page.ScreenshotOptions()
            .setFullPage(true)
            .setPath(Path.of("target/screenshots/first-page-desk.png")));
  }

  @Test
  void everyLinkLeadsSomewhereOnThisServer() {
    Page page = chromium.page(Screen.PHONE);
    page.navigate(server.address() + "/");
    List<String> dead = new ArrayList<>();
    for (Object link :
        (List<?>) page.evaluate("[...document.links].map(link => link.href.split('#')[0])")) {
      assertThat(link.toString()).startsWith(server.address().toString());
      int status = page.request().get(link.toString()).status();
      if (status != 200) {
        dead.add(link + " " + status);
      }
    }
    assertThat(dead).as("dead links").isEmpty();
  }
}
