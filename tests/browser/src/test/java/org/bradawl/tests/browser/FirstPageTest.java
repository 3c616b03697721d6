package org.bradawl.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
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

  /** The list of allocations, and nothing else, is made up: one with all that a row can show. */
  @Test
  void listsBothAddressesAndTheTcpConnectionsOfAllocations() {
    Page page = chromium.page(Screen.DESK);
    page.route(
        "**/api/v1/allocations?state=live*",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody(
                        """
                        {"total": 3, "items": [
                          {"user": "<b>alice</b>", "client": "192.0.2.1:1000", "transport": "udp",
                           "relayedAddresses": ["198.51.100.1:2000", "[2001:db8::1]:2000"],
                           "bytesUp": 2048, "bytesDown": 0, "connections": []},
                          {"user": "bob", "client": "192.0.2.2:1001", "transport": "tcp",
                           "relayedAddresses": ["198.51.100.1:2001"],
                           "bytesUp": 10, "bytesDown": 20, "connections": [
                             {"peer": "203.0.113.9:443", "state": "bound",
                              "bytesUp": 10, "bytesDown": 20}]}]}
                        """)));
    page.navigate(server.address() + "/");
    page.fill("#token", RunningServer.ADMIN_TOKEN);
    page.press("#token", "Enter");
    Locator rows = page.locator("#allocations tr");
    rows.nth(3).waitFor();
    assertThat(cells(rows.nth(0)))
        .startsWith(
            "<b>alice</b>", "192.0.2.1:1000", "198.51.100.1:2000 and [2001:db8::1]:2000", "UDP");
    assertThat(cells(rows.nth(1))).startsWith("bob", "192.0.2.2:1001", "198.51.100.1:2001", "TCP");
    assertThat(cells(rows.nth(2))).startsWith("", "", "TCP with 203.0.113.9:443", "bound");
    assertThat(cells(rows.nth(2)).subList(4, 6)).isEqualTo(cells(rows.nth(1)).subList(4, 6));
    assertThat(cells(rows.nth(3))).startsWith("… and 1 more");
    assertThat(rows.count()).isEqualTo(4);
  }

  @Test
  void anAddressThatLeadsNowhereLeadsBack() {
    for (Screen screen : List.of(Screen.PHONE, Screen.DESK)) {
      Page page = chromium.page(screen);
      List<String> complaints = new ArrayList<>();
      page.onConsoleMessage(message -> {
        // That the page itself was answered by 404 is a complaint too, and right.
        if (message.type().equals("error") && !message.text().contains("404")) {
          complaints.add(message.text());
        }
      });
      assertThat(page.navigate(server.address() + "/nothing/here").status()).isEqualTo(404);
      assertThat(page.locator("h1").textContent()).isEqualTo("There is nothing here.");
      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(Path.of("target/screenshots/nothing-%s.png".formatted(screen))));
      page.locator(".alone a").click();
      page.locator("#health").waitFor();
      assertThat(complaints).isEmpty();
    }
  }

  private static List<String> cells(Locator row) {
    return row.locator("td").allTextContents();
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
