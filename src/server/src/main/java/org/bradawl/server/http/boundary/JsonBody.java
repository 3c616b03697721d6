package org.bradawl.server.http.boundary;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The JSON object in the body of a request. Reading it here, and not through a binding, gives every
 * wrong body an answer that names the field, and bounds what a caller can make us build.
 */
public final class JsonBody {

  /** No request of this API needs more. */
  static final int MAX_BYTES = 16 * 1024;

  /** What we take is flat; a deeper body is a mistake or an attack on the parser's stack. */
  private static final int MAX_DEPTH = 32;

  private final JsonObject object;

  private JsonBody(JsonObject object) {
    this.object = object;
  }

  /**
   * Reads the body; an empty one is an empty object.
   *
   * @throws ProblemException if it is too long or no JSON object
   */
  public static JsonBody read(InputStream body) {
    String text = text(body);
    if (text.isBlank()) {
      return new JsonBody(JsonValue.EMPTY_JSON_OBJECT);
    }
    if (depth(text) > MAX_DEPTH) {
      throw Problem.of(ProblemType.MALFORMED_JSON, "The body is nested too deeply.").exception();
    }
    try (JsonParser parser = Json.createParser(new StringReader(text))) {
      parser.next();
      JsonValue value = parser.getValue();
      if (parser.hasNext()) {
        throw Problem.of(ProblemType.MALFORMED_JSON, "Something follows the JSON.").exception();
      }
      if (value instanceof JsonObject object) {
        return new JsonBody(object);
      }
      throw Problem.of(ProblemType.MALFORMED_JSON, "The body is JSON, but no object.").exception();
    } catch (JsonException
        | NoSuchElementException
        | IllegalStateException
        | NumberFormatException e) {
      throw Problem.of(ProblemType.MALFORMED_JSON, "The body cannot be parsed as JSON.")
          .exception();
    }
  }

  /** The text of this field; empty if it is absent or null. */
  public Optional<String> string(String name) {
    JsonValue value = object.getOrDefault(name, JsonValue.NULL);
    if (value.getValueType() == JsonValue.ValueType.NULL) {
      return Optional.empty();
    }
    if (value instanceof JsonString string) {
      return Optional.of(string.getString());
    }
    throw Problem.invalid(name, "must be a string").exception();
  }

  /** Every field, which must be texts; empty for null. */
  public Map<String, Optional<String>> strings() {
    Map<String, Optional<String>> strings = new LinkedHashMap<>();
    object.keySet().forEach(name -> strings.put(name, string(name)));
    return strings;
  }

  /** The whole number in this field; empty if it is absent or null. */
  public OptionalLong wholeNumber(String name, long min, long max) {
    JsonValue value = object.getOrDefault(name, JsonValue.NULL);
    if (value.getValueType() == JsonValue.ValueType.NULL) {
      return OptionalLong.empty();
    }
    if (value instanceof JsonNumber number) {
      // A double first: 1e999999999 must not become a number of a billion digits.
      double approximate = number.doubleValue();
      if (approximate >= min && approximate <= max && approximate == Math.rint(approximate)) {
        return OptionalLong.of((long) approximate);
      }
    }
    throw Problem.invalid(name, "must be a whole number from " + min + " to " + max).exception();
  }

  private static String text(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw Problem.of(ProblemType.TOO_LARGE, "The body has more than " + MAX_BYTES + " bytes.")
            .exception();
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Problem.of(ProblemType.MALFORMED_JSON, "The body is not UTF-8.").exception();
    } catch (IOException e) {
      throw Problem.of(ProblemType.BAD_REQUEST, "The body ended early.").exception();
    }
  }

  /** How deep brackets nest at most; those inside strings do no harm by counting. */
  private static int depth(String text) {
    int depth = 0;
    int deepest = 0;
    boolean inString = false;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '\\' -> i += inString ? 1 : 0;
        case '"' -> inString = !inString;
        case '{', '[' -> deepest = Math.max(deepest, inString ? depth : ++depth);
        case '}', ']' -> depth -= inString ? 0 : 1;
        default -> {}
      }
    }
    return deepest;
  }
}
