package org.bradawl.datapath;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How many descriptors this process has open, on Linux. */
final class Descriptors {

  private Descriptors() {}

  static long open() {
    try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until no more than these are open: what a peer closed is let go a moment later. */
  static void fallTo(long most) {
    Wait.until("at most " + most + " descriptors are open", () -> open() <= most);
  }
}
