package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bradawl.stun.MessageClass;
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

  private final Api admin = Api.admin();

  @Test
  void aNameIsTextAndNothingElseWhereverItGets() {
    for (String name : NAMES) {
      String username = Instant.now().plusSeconds(600).getEpochSecond() + ":" + name;
      try (TurnClient client =
          new TurnClient(RunningServer.get().turn(), username, password(username))) {
        assertThat(client.allocate().messageClass())
            .as(name)
            .isEqualTo(MessageClass.SUCCESS_RESPONSE);
      }
    }
    String list = "/api/v1/allocations?state=all&limit=500";
    for (String name : NAMES) {
      String kept = name.replace("\u0000", "");
      JsonNode all = Eventually.get(admin, list, page -> holds(page, kept) || holds(page, name));
      assertThat(all.path("items")).isNotEmpty();
    }
    assertMetricsAreWhole(Api.anonymous().get("/metrics").text());
    assertThat(RunningServer.get().log().lines())
        .noneMatch(line -> line.startsWith(FORGED))
        .noneMatch(line -> line.contains("MissingFormatArgumentException"));
    assertThat(admin.get("/api/v1/statistics/relay").status()).isEqualTo(200);
  }

  /** What is refused is harmless, too; and it is not even recorded. */
  @Test
  void aNameThatMayNotComeInLeavesNothing() {
    for (String name : NAMES) {
      try (TurnClient client = new TurnClient(RunningServer.get().turn(), "no-" + name, "guess")) {
        assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.ERROR_RESPONSE);
      }
    }
    assertThat(admin.get("/api/v1/allocations?state=all&limit=500").text()).doesNotContain("no-%n");
    assertMetricsAreWhole(Api.anonymous().get("/metrics").text());
    assertThat(RunningServer.get().log().lines()).noneMatch(line -> line.startsWith(FORGED));
  }

  private static boolean holds(JsonNode page, String name) {
    for (JsonNode item : page.path("items")) {
      if (item.toString()
          .contains(com.fasterxml.jackson.databind.node.TextNode.valueOf(name).toString())) {
        return true;
      }
    }
    return false;
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
      mac.init(
          new SecretKeySpec(
              RunningServer.TURN_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
