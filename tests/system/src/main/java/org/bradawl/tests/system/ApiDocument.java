package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;

/** The OpenAPI document as the server shows it, to hold real answers against. */
public final class ApiDocument {

  private static final class Holder {
    static final ApiDocument DOCUMENT =
        new ApiDocument(Api.anonymous().get("/openapi?format=JSON").json());
  }

  private final JsonNode document;

  private ApiDocument(JsonNode document) {
    this.document = document;
  }

  /** The document of the running server. */
  public static ApiDocument get() {
    return Holder.DOCUMENT;
  }

  /** The document itself. */
  public JsonNode json() {
    return document;
  }

  /** An operation of the document. */
  public record Operation(String method, String path, JsonNode json) {
    @Override
    public String toString() {
      return method + " " + path;
    }

    /** The name of the security scheme that is needed, if one is. */
    public boolean needs(String scheme) {
      for (JsonNode requirement : json.path("security")) {
        if (requirement.has(scheme)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Every operation. */
  public List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(item -> {
                  if (List.of("get", "post", "delete").contains(item.getKey())) {
                    operations.add(
                        new Operation(
                            item.getKey().toUpperCase(java.util.Locale.ROOT),
                            path.getKey(),
                            item.getValue()));
                  }
                }));
    return operations;
  }

  /** Asserts that an answer is what the document says of this operation and status. */
  public void assertDescribes(String method, String path, Api.Answer answer) {
    JsonNode operation =
        document.path("paths").path(path).path(method.toLowerCase(java.util.Locale.ROOT));
    JsonNode response = resolve(operation.path("responses").path(answer.status() + ""));
    assertThat(response.isMissingNode())
        .as(
            "the document knows status %d of %s %s: %s",
            answer.status(), method, path, answer.text())
        .isFalse();
    String type = answer.header("Content-Type").replaceAll(";.*", "");
    JsonNode schema = response.path("content").path(type).path("schema");
    assertThat(schema.isMissingNode())
        .as("the document knows %s of %s %s", type, method, path)
        .isFalse();
    assertFits(schema, answer.text());
  }

  /** Asserts that a text is what this component's schema describes. */
  public void assertFits(String component, String text) {
    ObjectNode reference = JsonNodeFactory.instance.objectNode();
    reference.put("$ref", "#/components/schemas/" + component);
    assertFits(reference, text);
  }

  private void assertFits(JsonNode schema, String text) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.set("components", document.path("components"));
    whole.set("allOf", JsonNodeFactory.instance.arrayNode().add(schema));
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(whole.toString(), InputFormat.JSON);
    assertThat(compiled.validate(text, InputFormat.JSON)).as(text).isEmpty();
  }

  private JsonNode resolve(JsonNode node) {
    String reference = node.path("$ref").asText();
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }
}
