package org.bradawl.natlab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command leaves what it found, if anywhere. */
final class WriteOptions {

  @Option(
      names = "--write",
      paramLabel = "FOLDER",
      description = "Write the result there, as Markdown, and as a picture if it is a matrix.")
  @Nullable Path folder;

  @Option(
      names = "--evidence",
      paramLabel = "FILE",
      description = "Write there what both sides said.")
  @Nullable Path evidence;

  /** Writes a result of that name into the folder. */
  void result(String file, String text) throws IOException {
    if (folder != null) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(file), text);
    }
  }

  void evidence(CharSequence said) throws IOException {
    if (evidence != null) {
      Files.writeString(evidence, said);
    }
  }
}
