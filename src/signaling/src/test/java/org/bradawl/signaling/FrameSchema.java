package org.bradawl.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The published JSON schema of one side's frames. */
final class FrameSchema {

  static final FrameSchema OF_CLIENT = new FrameSchema("clientFrame");
  static final FrameSchema OF_SERVER = new FrameSchema("serverFrame");

  private final String definition;
  private final Schema schema;

  private FrameSchema(String definition) {
    this.definition = definition;
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(rootedAt(definition), InputFormat.JSON);
  }

  private static String rootedAt(String definition) {
    try {
      Path file =
          Path.of(System.getenv("BRADAWL_ROOT"), "webapp/protocol/signaling-v1.schema.json");
      ObjectNode root = (ObjectNode) new ObjectMapper().readTree(Files.readString(file));
      root.remove("oneOf");
      root.remove("$id");
      root.putArray("allOf").addObject().put("$ref", "#/definitions/" + definition);
      return root.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One definition of the schema. */
  static FrameSchema of(String definition) {
    return new FrameSchema(definition);
  }

  void check(String frame) {
    assertThat(schema.validate(frame, InputFormat.JSON)).as("%s %s", definition, frame).isEmpty();
  }
}
