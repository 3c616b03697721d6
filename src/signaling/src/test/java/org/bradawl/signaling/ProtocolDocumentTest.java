package org.bradawl.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document and the schema beside it say the same. */
class ProtocolDocumentTest {

  private static final Path PROTOCOL = Path.of(System.getenv("BRADAWL_ROOT"), "webapp/protocol");

  /** A message: its schema, and one example on a line of its own. */
  private static final Pattern MESSAGE =
      Pattern.compile(
          "\\$ref: './signaling-v1\\.schema\\.json#/definitions/(\\w+)'\\s+examples:\\s+- payload: (\\{.*\\})\\n");

  private static final Pattern SIDE =
      Pattern.compile("\"(?:client|server)Frame\": \\{\\s+\"oneOf\": \\[([^]]*)]");

  private static final Pattern REFERENCE = Pattern.compile("#/definitions/(\\w+)");

  @Test
  void everyFrameHasAnExampleThatTheSchemaAllows() throws IOException {
    Map<String, String> examples = new TreeMap<>();
    Matcher message = MESSAGE.matcher(read("signaling-v1.asyncapi.yaml"));
    while (message.find()) {
      examples.put(message.group(1), message.group(2));
    }
    examples.forEach((definition, example) -> FrameSchema.of(definition).check(example));
    assertThat(examples.keySet()).isEqualTo(framesOfTheSchema());
  }

  private static Set<String> framesOfTheSchema() throws IOException {
    return SIDE.matcher(read("signaling-v1.schema.json"))
        .results()
        .flatMap(side -> REFERENCE.matcher(side.group(1)).results())
        .map(reference -> reference.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void theDocumentNamesEveryReasonToCloseAndToFail() throws IOException {
    String document = read("signaling-v1.asyncapi.yaml");
    for (Closing closing : Closing.values()) {
      assertThat(document).contains("`" + closing.wire() + "`", closing.code() + " | `");
    }
    for (FailureCode code : FailureCode.values()) {
      assertThat(document).contains("`" + code.wire() + "`");
    }
  }

  private static String read(String file) throws IOException {
    return Files.readString(PROTOCOL.resolve(file));
  }
}
