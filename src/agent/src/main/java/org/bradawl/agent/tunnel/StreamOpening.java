package org.bradawl.agent.tunnel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.bradawl.agent.json.Json;

/** The first line of a stream, which says what it is for. */
final class StreamOpening {

  /** A host and a port, or a secret, with their names. */
  private static final int LONGEST = 1_024;

  private StreamOpening() {}

  static void write(OutputStream out, Object tree) throws IOException {
    out.write((Json.of(tree) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  static Json read(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.size() == LONGEST) {
        throw new IOException("the stream does not say what it is for");
      }
      line.write(next);
    }
    try {
      return Json.parse(line.toString(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IOException("the stream does not say what it is for", e);
    }
  }
}
