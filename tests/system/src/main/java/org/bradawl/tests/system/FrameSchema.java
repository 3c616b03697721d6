package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The schema of signaling frames as the running server publishes it. */
public final class FrameSchema {

  private final Schema serverFrame;

  private FrameSchema(Schema serverFrame) {
    this.serverFrame = serverFrame;
  }

  /** Fetched from the server. */
  public static FrameSchema ofRunningServer() {
    try (InputStream in =
        RunningServer.get()
            .address()
            .resolve("/protocol/signaling-v1.schema.json")
            .toURL()
            .openStream()) {
      JsonNode published = new ObjectMapper().readTree(in);
      ObjectNode root = published.deepCopy();
      root.remove("oneOf");
      root.remove("$id");
      root.putArray("allOf").addObject().put("$ref", "#/definitions/serverFrame");
      return new FrameSchema(
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
              .getSchema(root.toString(), InputFormat.JSON));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless a server may send this frame. */
  public void check(String frame) {
    assertThat(serverFrame.validate(frame, InputFormat.JSON)).as(frame).isEmpty();
  }
}
