package org.bradawl.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bradawl.signaling.ClientFrame.Unusable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner against Jackson, which parses whole trees. */
class FrameScannerFuzzTest {

  private static final ObjectMapper ORACLE =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(1 << 20).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .disable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private static final List<Kind> KINDS = List.of(Kind.values());

  private static final String[] SCRAPS = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "0",
    "1",
    "-",
    ".",
    "e",
    "E+",
    "true",
    "false",
    "null",
    "tru",
    " ",
    "\n",
    "\t",
    "\u0000",
    "\u001f",
    "\u007f",
    "é",
    "😀",
    "\ud800",
    "\"from\":\"eve\"",
    "\"to\":\"c\"",
    "\"data\":",
    "\"seq\":",
    "\"type\":\"offer\"",
    "\"id\":\"i\"",
    "'",
    "/",
    "01",
    "1.",
    "1e5",
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithTheOracleOnBrokenFrames(long seed) {
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < 6_000; i++) {
      String text = mutate(frame(random), random);
      if (agree(text)) {
        accepted++;
      }
    }
    assertThat(accepted).as("frames that survived mutation, seed %d", seed).isBetween(500, 5_500);
  }

  @Test
  void agreesWithTheOracleOnNoise() {
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder noise = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        noise.append(SCRAPS[random.nextInt(SCRAPS.length)]);
      }
      agree(noise.toString());
    }
  }

  /** Checks one text; whether both take it for a JSON object. */
  private static boolean agree(String text) {
    ClientFrame scanned = FrameScanner.scan(text);
    Optional<ObjectNode> tree = oracle(text);
    boolean syntaxRefused =
        scanned instanceof Unusable unusable && unusable.message().equals("not a JSON object");
    boolean refusedForMore =
        scanned instanceof Unusable unusable && unusable.code() == ErrorCode.BAD_FRAME;
    if (tree.isEmpty()) {
      // The oracle also refuses what appears twice; so must we, or it is nothing we look at.
      assertThat(refusedForMore || !isSyntaxError(text) || tooDeep(scanned)).as(text).isTrue();
      return false;
    }
    assertThat(syntaxRefused).as(text).isFalse();
    if (scanned instanceof ClientFrame.Send send) {
      checkRelaying(text, send, tree.get());
    }
    return true;
  }

  private static boolean tooDeep(ClientFrame scanned) {
    return scanned instanceof Unusable unusable && unusable.code() == ErrorCode.TOO_DEEP;
  }

  private static void checkRelaying(String text, ClientFrame.Send send, ObjectNode tree) {
    assertThat(send.to()).as(text).isEqualTo(tree.get("to").asText());
    assertThat(send.seq()).as(text).isEqualTo(tree.get("seq").asLong());
    assertThat(send.kind().wire()).as(text).isEqualTo(tree.get("type").asText());
    String relayed = ServerFrames.relayed(send, "alice", 77);
    JsonNode received = oracle(relayed).orElseThrow(() -> new AssertionError(relayed));
    assertThat(received.get("from").asText()).as(relayed).isEqualTo("alice");
    assertThat(received.get("seq").asLong()).as(relayed).isEqualTo(77);
    assertThat(received.get("data")).as(relayed).isEqualTo(tree.get("data"));
    assertThat(received.size()).as(relayed).isEqualTo(tree.has("id") ? 5 : 4);
  }

  private static Optional<ObjectNode> oracle(String text) {
    try {
      return ORACLE.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static boolean isSyntaxError(String text) {
    try {
      return !(new ObjectMapper()
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .readTree(text)
          instanceof ObjectNode);
    } catch (JsonProcessingException e) {
      return true;
    }
  }

  private static String frame(Random random) {
    return "{\"type\":\""
        + KINDS.get(random.nextInt(KINDS.size())).wire()
        + "\",\"to\":\"bob\",\"seq\":"
        + (1 + random.nextInt(1_000))
        + (random.nextBoolean() ? ",\"id\":\"x\\n1\"" : "")
        + ",\"data\":"
        + value(random, 4)
        + "}";
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> "\"text with \\\"quotes\\\", \\\\ and \\u00e9 é\"";
      case 1 -> Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(30)));
      case 2 -> Integer.toString(random.nextInt());
      case 3 -> "true";
      case 4 -> "null";
      case 5 -> "[" + value(random, depth - 1) + " , " + value(random, depth - 1) + "]";
      default -> "{\"a\": " + value(random, depth - 1) + ",\"b\":" + value(random, depth - 1) + "}";
    };
  }

  private static String mutate(String frame, Random random) {
    StringBuilder text = new StringBuilder(frame);
    for (int n = random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, SCRAPS[random.nextInt(SCRAPS.length)]);
        case 2 -> text.setCharAt(at, text.charAt(random.nextInt(text.length())));
        default -> text.setLength(Math.max(1, at));
      }
    }
    return text.toString();
  }
}
