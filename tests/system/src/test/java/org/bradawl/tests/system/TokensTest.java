package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

  private static final String PATH = "/api/v1/tokens";

  private final Api application = Api.bearing(RunningServer.CHAT_KEY);

  @Test
  void aTokenSaysWhomItIsFor() throws IOException {
    Api.Answer answer = application.post(PATH, "{\"peer\":\"alice\",\"ttl\":120}");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    ApiDocument.get().assertDescribes("POST", PATH, answer);
    JsonNode claims = claims(answer);
    assertThat(claims.path("sub").asText()).isEqualTo("alice");
    assertThat(claims.path("app").asText()).isEqualTo("chat");
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(120);
    assertThat(Instant.parse(answer.json().path("expires").asText()).getEpochSecond())
        .isEqualTo(claims.path("exp").asLong());
  }

  @Test
  void whatIsLeftOutIsFilledIn() throws IOException {
    for (Api.Answer answer :
        List.of(
            application.post(PATH), application.post(PATH, "{}"), application.post(PATH, " "))) {
      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
      JsonNode claims = claims(answer);
      assertThat(claims.path("sub").asText()).matches("[a-z0-9]{16}");
      assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(3600);
    }
    assertThat(claims(application.post(PATH, "{\"sub\":\"bob\"}")).path("sub").asText())
        .isEqualTo("bob");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"peer\":\"\"}",
        "{\"peer\":\"a b\"}",
        "{\"peer\":\"a/b\"}",
        "{\"peer\":5}",
        "{\"peer\":[]}",
        "{\"peer\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
        "{\"peer\":\"alice\",\"sub\":\"bob\"}",
        "{\"ttl\":0}",
        "{\"ttl\":-1}",
        "{\"ttl\":2592001}",
        "{\"ttl\":1.5}",
        "{\"ttl\":\"60\"}",
        "{\"ttl\":1e400}",
        "{",
        "[]",
        "null",
        "nonsense",
      })
  void whatIsWrongIsNamed(String body) {
    Api.Answer answer = application.post(PATH, body);

    assertThat(answer.status()).isEqualTo(400);
    ApiDocument.get().assertDescribes("POST", PATH, answer);
    assertThat(answer.json().path("detail").asText()).isNotEmpty();
  }

  @Test
  void aBodyOfAnotherTypeOrTooLongIsRefused() {
    Api.Answer xml =
        application.send(
            "POST",
            PATH,
            "<peer/>".getBytes(StandardCharsets.UTF_8),
            List.of("Content-Type", "application/xml"));
    Api.Answer huge = application.post(PATH, "{\"peer\":\"" + "a".repeat(20_000) + "\"}");

    assertThat(xml.status()).isEqualTo(415);
    assertThat(huge.status()).isEqualTo(413);
    ApiDocument.get().assertDescribes("POST", PATH, xml);
    ApiDocument.get().assertDescribes("POST", PATH, huge);
  }

  @Test
  void noBodyMakesTheServerFail() {
    SplittableRandom random = new SplittableRandom(4627);
    byte[] good =
        "{\"peer\":\"alice\",\"ttl\":60,\"more\":[1,{\"deep\":null}]}"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 400; i++) {
      byte[] mangled = good.clone();
      for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
        mangled[random.nextInt(mangled.length)] = (byte) random.nextInt(256);
      }
      Api.Answer answer =
          application.send("POST", PATH, mangled, List.of("Content-Type", "application/json"));

      assertThat(answer.status())
          .as("seed 4627, body %d: %s", i, new String(mangled, StandardCharsets.ISO_8859_1))
          .isIn(201, 400);
    }
  }

  @Test
  void pagesOfOtherOriginsMayAsk() {
    Api.Answer preflight =
        Api.anonymous()
            .send(
                "OPTIONS",
                PATH,
                new byte[0],
                List.of(
                    "Origin", "https://app.example.org", "Access-Control-Request-Method", "POST"));
    Api.Answer actual =
        application.send("POST", PATH, new byte[0], List.of("Origin", "https://app.example.org"));
    Api.Answer refused =
        Api.anonymous()
            .send("POST", PATH, new byte[0], List.of("Origin", "https://app.example.org"));

    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Authorization");
    for (Api.Answer answer : List.of(preflight, actual, refused)) {
      assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.org");
      assertThat(answer.header("Vary")).contains("Origin");
      assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
    }
  }

  @Test
  void theAdminApiIsForPagesOfThisServer() {
    Api.Answer answer =
        Api.admin()
            .send(
                "GET", "/api/v1/peers", new byte[0], List.of("Origin", "https://app.example.org"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
  }

  private static JsonNode claims(Api.Answer answer) throws IOException {
    String token = answer.json().path("token").asText();
    String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(payload));
  }
}
