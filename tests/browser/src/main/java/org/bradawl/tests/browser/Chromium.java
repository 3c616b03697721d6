package org.bradawl.tests.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.tests.support.Requires;

/** The machine's own Chromium, without a window. Each page is in a context of its own. */
final class Chromium implements AutoCloseable {

  /**
   * For everything a page may take on two busy cores; a test waits for conditions, not for time.
   */
  private static final int PATIENCE_MS = 60_000;

  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          // Loopback addresses become ICE candidates, and are not hidden behind mDNS names.
          "--allow-loopback-in-peer-connection",
          "--disable-features=WebRtcHideLocalIpsWithMdns");

  /** A page's size. */
  enum Screen {
    DESK(1280, 860, 1, false),
    PHONE(390, 844, 2, true);

    private final int width;
    private final int height;
    private final int scale;
    private final boolean mobile;

    Screen(int width, int height, int scale, boolean mobile) {
      this.width = width;
      this.height = height;
      this.scale = scale;
      this.mobile = mobile;
    }
  }

  private final Playwright playwright;
  private final Browser browser;

  Chromium() {
    this(List.of());
  }

  /** A browser that is started with more flags than usual. */
  Chromium(List<String> flags) {
    Optional<Path> program =
        Stream.of("chromium", "chromium-browser", "google-chrome")
            .flatMap(name -> Requires.find(name).stream())
            .findFirst();
    Requires.that(program.isPresent(), "needs Chromium (Debian package chromium) on PATH");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program.orElseThrow())
                    .setArgs(Stream.concat(FLAGS.stream(), flags.stream()).toList()));
  }

  /** A page in a fresh context: its own storage, its own connections. */
  Page page(Screen screen) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(screen.width, screen.height)
                .setDeviceScaleFactor(screen.scale)
                .setIsMobile(screen.mobile)
                .setHasTouch(screen.mobile));
    context.setDefaultTimeout(PATIENCE_MS);
    return context.newPage();
  }

  /** Ends every page. */
  void closePages() {
    browser.contexts().forEach(BrowserContext::close);
  }

  @Override
  public void close() {
    playwright.close();
  }
}
