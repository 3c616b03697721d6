package org.bradawl.server.http.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {

  @Test
  void fieldsAreReadByType() {
    JsonBody body = read("{\"peer\":\"alice\",\"ttl\":60,\"none\":null,\"whole\":6.0e1}");

    assertThat(body.string("peer")).contains("alice");
    assertThat(body.string("none")).isEmpty();
    assertThat(body.string("absent")).isEmpty();
    assertThat(body.wholeNumber("ttl", 1, 100)).hasValue(60);
    assertThat(body.wholeNumber("whole", 1, 100)).hasValue(60);
    assertThat(body.wholeNumber("absent", 1, 100)).isEmpty();
  }

  @Test
  void anEmptyBodyIsAnEmptyObject() {
    assertThat(read("").string("peer")).isEmpty();
    assertThat(read(" \n").string("peer")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "1",
        "\"x\"",
        "null",
        "{}x",
        "{\"a\":}",
        "{'a':1}",
        "\u0000",
        "{\"a\":01}"
      })
  void whatIsNoObjectIsMalformed(String text) {
    assertThat(problem(text).type()).isEqualTo("/api/v1/problems/malformed-json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "101",
        "-1",
        "1.5",
        "\"60\"",
        "true",
        "{}",
        "[]",
        "1e999999999",
        "-1e999999999",
        "1e-999999999"
      })
  void aNumberOutOfRangeIsNamed(String value) {
    JsonBody body = read("{\"ttl\":" + value + "}");
    ProblemException problem =
        catchThrowableOfType(ProblemException.class, () -> body.wholeNumber("ttl", 1, 100));

    assertThat(problem.problem().detail())
        .isEqualTo("\"ttl\" must be a whole number from 1 to 100");
  }

  @Test
  void sizeAndDepthAreBounded() {
    assertThat(problem("{\"a\":\"" + "x".repeat(JsonBody.MAX_BYTES) + "\"}").status())
        .isEqualTo(413);
    assertThat(problem("{\"a\":" + "[".repeat(8000) + "]".repeat(8000) + "}").status())
        .isEqualTo(400);
    assertThat(read("{\"a\":\"" + "[".repeat(100) + "\"}").string("a")).isPresent();
    assertThat(read("{\"a\":\"\\\"" + "[".repeat(100) + "\"}").string("a")).isPresent();
  }

  @Test
  void noBytesMakeItThrowAnythingElse() {
    SplittableRandom random = new SplittableRandom(8259);
    byte[] good =
        "{\"peer\":\"alice\",\"ttl\":60,\"x\":[1,{\"y\":null}]}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] mangled = good.clone();
      for (int c = random.nextInt(1, 4); c > 0; c--) {
        mangled[random.nextInt(mangled.length)] = (byte) random.nextInt(256);
      }
      try {
        JsonBody body = JsonBody.read(new ByteArrayInputStream(mangled));
        body.string("peer");
        body.wholeNumber("ttl", 1, 100);
      } catch (ProblemException e) {
        assertThat(e.problem().status()).isEqualTo(400);
      }
    }
  }

  private static JsonBody read(String text) {
    return JsonBody.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Problem problem(String text) {
    return catchThrowableOfType(ProblemException.class, () -> read(text)).problem();
  }
}
