package org.bradawl.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.net.URI;
import java.nio.file.Path;

/** What a person does and sees on {@code /demo}, in one page. */
final class Demo {

  private final Page page;

  private Demo(Page page) {
    this.page = page;
  }

  /**
   * Opens the demo and waits until it is in the room.
   *
   * @param server where the page finds it
   * @param query such as {@code ?relay=1}, or nothing
   */
  static Demo open(Page page, URI server, String query, String room) {
    page.navigate(server + "/demo/" + query + "#" + room);
    attached(page.locator("body[data-room]"));
    return new Demo(page);
  }

  /** Waits for a connection whose path is known. */
  Demo connected() {
    attached(page.locator(".peer[data-state=connected][data-path]"));
    return this;
  }

  /** Waits for the path to be of this kind and transport. */
  void path(String kind, String transport) {
    attached(
        page.locator(
            ".peer[data-state=connected][data-path=%s][data-transport=%s]"
                .formatted(kind, transport)));
  }

  /** The name under which this page is online, as pages show it. */
  String name() {
    return attribute(page.locator("body"), "data-name");
  }

  void say(String text) {
    page.fill("#text", text);
    page.press("#text", "Enter");
  }

  /** Waits until the other side has said this, and nothing has been said twice. */
  void heard(String text) {
    Locator messages = page.locator("#messages li:not(.mine)").getByText(text);
    messages.waitFor();
    assertThat(messages.count()).as("times that '%s' was heard", text).isEqualTo(1);
  }

  void send(Path file) {
    page.setInputFiles("#file", file);
  }

  /** Waits until more than {@code bytes} of the newest file are through, while it still moves. */
  void moved(int bytes) {
    page.waitForFunction(
        "bytes => Number(document.querySelector('.transfer')?.dataset.moved) > bytes", bytes);
    assertThat(newest().getAttribute("data-state")).as("state of the file").isEqualTo("moving");
  }

  /** Waits until the newest file is through, and returns the sum that this side counted. */
  String done() {
    attached(page.locator(".transfer:first-child:is([data-state=done], [data-state=failed])"));
    assertThat(newest().innerText()).contains("Intact");
    return attribute(newest(), "data-sha256");
  }

  /** Saves the newest received file as a person would. */
  Path save() {
    Download download = page.waitForDownload(() -> newest().getByText("Save").click());
    return download.path();
  }

  /** Waits until signaling is in this state. */
  void signaling(String state) {
    attached(page.locator("body[data-signaling=%s]".formatted(state)));
  }

  /** Waits for the welcome with this number, which must be of a resumed session. */
  void resumed(int welcomes) {
    attached(
        page.locator(
            "body[data-signaling=open][data-resumed=true][data-welcomes='%d']"
                .formatted(welcomes)));
  }

  /** What the page has told of so far. */
  String log() {
    return page.locator("#log").innerText();
  }

  Page page() {
    return page;
  }

  private Locator newest() {
    return page.locator(".transfer").first();
  }

  private static void attached(Locator locator) {
    locator.first().waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
  }

  private static String attribute(Locator locator, String name) {
    String value = locator.getAttribute(name);
    assertThat(value).as(name).isNotNull();
    return value;
  }
}
