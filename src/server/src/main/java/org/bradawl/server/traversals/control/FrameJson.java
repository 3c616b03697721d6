package org.bradawl.server.traversals.control;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Trees as JSON. */
final class FrameJson {

  /** What one side may tell the other through us. */
  private static final int LONGEST_DATA = 16_384;

  private FrameJson() {}

  /** The tree of an object whose syntax has been checked; empty if it carries too much data. */
  static Optional<Object> read(String frame) {
    try (JsonReader reader = Json.createReader(new StringReader(frame))) {
      JsonObject object = reader.readObject();
      JsonValue data = object.get("data");
      return data != null && data.toString().length() > LONGEST_DATA
          ? Optional.empty()
          : Optional.ofNullable(tree(object));
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  private static @Nullable Object tree(JsonValue value) {
    return switch (value.getValueType()) {
      case OBJECT -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        ((JsonObject) value).forEach((name, member) -> members.put(name, tree(member)));
        yield members;
      }
      case ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        ((JsonArray) value).forEach(item -> items.add(tree(item)));
        yield items;
      }
      case STRING -> ((JsonString) value).getString();
      case NUMBER -> ((JsonNumber) value).bigDecimalValue();
      case TRUE -> true;
      case FALSE -> false;
      case NULL -> null;
    };
  }

  /** The JSON text of a tree. */
  static String write(Map<String, ?> tree) {
    return json(tree).toString();
  }

  private static JsonValue json(@Nullable Object value) {
    return switch (value) {
      case null -> JsonValue.NULL;
      case Map<?, ?> members -> {
        JsonObjectBuilder object = Json.createObjectBuilder();
        members.forEach((name, member) -> object.add(String.valueOf(name), json(member)));
        yield object.build();
      }
      case List<?> items -> {
        JsonArrayBuilder array = Json.createArrayBuilder();
        items.forEach(item -> array.add(json(item)));
        yield array.build();
      }
      case Boolean flag -> flag ? JsonValue.TRUE : JsonValue.FALSE;
      case BigDecimal number -> Json.createValue(number);
      case Double number -> Json.createValue(number);
      case Number number -> Json.createValue(number.longValue());
      default -> Json.createValue(value.toString());
    };
  }
}
