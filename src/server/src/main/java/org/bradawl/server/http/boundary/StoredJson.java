package org.bradawl.server.http.boundary;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;

/** Puts JSON that was stored as text into an answer. */
public final class StoredJson {

  private StoredJson() {}

  /** The value; what cannot be parsed, because it was cut, is shown as the text it is. */
  public static JsonValue read(String text) {
    if (text.isBlank()) {
      return JsonValue.EMPTY_JSON_OBJECT;
    }
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readValue();
    } catch (JsonException | IllegalStateException e) {
      return Json.createValue(text);
    }
  }
}
