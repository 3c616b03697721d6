package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bradawl.stun.MessageClass;
import org.bradawl.tests.support.Checkout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Names that would like to be a format, a line of the log, a tag, a label or the end of a string:
 * of users who may come in, so that their names get everywhere a name can get.
 */
class HostileTextTest {

  /** Begins a line of its own wherever a line break is taken at its word. */
  private static final String FORGED = "FORGED-LINE bradawl ready";

  private static final List<String> NAMES =
      List.of(
          "%n%s%x%d",
          "{0}{1}${jndi:ldap://x}",
          "quote\"apostrophe'backslash\\",
          "line\r\n" + FORGED + "\r\n",
          "nul\u0000after",
          "escape\u001b[31mred",
          "<script>alert(1)</script>",
          "a\"} 1\nbradawl_forged_total{x=\"",
          "'; drop table relay_session; --",
          "../../etc/passwd",
          "\u202egnp.exe",
          "\ud83d\ude00".repeat(20),
          "x".repeat(502));

  /** Known, so that names can be given passwords: so the server is one of its own. */
  private static final String SECRET = "secret-of-these-tests";

  private static final String TOKEN = "token-of-these-tests";

  private static Bradawl server;
  private static InetSocketAddress turn;

  @BeforeAll
  static void start() throws Exception {
    Bradawl.Plan plan =
        Bradawl.Plan.in(Checkout.freshFolder("hostile-text"))
            .with("bradawl.turn.secret", SECRET)
            .with("bradawl.admin.token", TOKEN);
    server = Bradawl.start(plan);
    turn = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), plan.stun());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aNameIsTextAndNothingElseWhereverItGets() {
    for (String name : NAMES) {
      String username = Instant.now().plusSeconds(600).getEpochSecond() + ":" + name;
      try (TurnClient client = new TurnClient(turn, username, password(username))) {
        assertThat(client.allocate().messageClass())
            .as(name)
            .isEqualTo(MessageClass.SUCCESS_RESPONSE);
      }
    }
    for (String name : NAMES) {
      String kept = name.replace("\u0000", "");
      Eventually.that(name, () -> holds(list(), kept) || holds(list(), name));
    }
    assertMetricsAreWhole(server.get("/metrics", TOKEN).body());
    assertThat(server.log().lines())
        .noneMatch(line -> line.startsWith(FORGED))
        .noneMatch(line -> line.contains("MissingFormatArgumentException"));
    assertThat(server.get("/api/v1/statistics/relay", TOKEN).statusCode()).isEqualTo(200);
  }

  /** What is refused is harmless, too; and it is not even recorded. */
  @Test
  void aNameThatMayNotComeInLeavesNothing() {
    for (String name : NAMES) {
      try (TurnClient client = new TurnClient(turn, "no-" + name, "guess")) {
        assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.ERROR_RESPONSE);
      }
    }
    assertThat(server.get("/api/v1/allocations?state=all&limit=500", TOKEN).body())
        .doesNotContain("no-%n");
    assertMetricsAreWhole(server.get("/metrics", TOKEN).body());
    assertThat(server.log().lines()).noneMatch(line -> line.startsWith(FORGED));
  }

  /** Written by one writer, so that both sides escape alike. */
  private static boolean holds(JsonNode page, String name) {
    return page.path("items").toString().contains(TextNode.valueOf(name).toString());
  }

  private static JsonNode list() {
    try {
      return new ObjectMapper()
          .readTree(server.get("/api/v1/allocations?state=all&limit=500", TOKEN).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each line is a comment or a sample as the text format of Prometheus has them. */
  private static void assertMetricsAreWhole(String metrics) {
    assertThat(metrics.lines())
        .allMatch(line ->
            line.startsWith("#")
                || line.matches("[a-zA-Z_:][\\w:]*(\\{([a-zA-Z_]\\w*=\"[^\"\\n]*\",?)*})? \\S+"))
        .noneMatch(line -> line.startsWith("bradawl_forged_total"));
  }

  private static String password(String username) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
