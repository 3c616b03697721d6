package org.bradawl.natlab.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One run of a program that ends at once, such as {@code ip}. */
public final class Command {

  private Command() {}

  /**
   * Runs a program to its end.
   *
   * @param input what it reads
   * @return what it wrote, errors included
   * @throws LabFailure if it cannot be started or ends with another code than 0
   */
  public static String run(List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (OutputStream to = process.getOutputStream()) {
        to.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading; its output says why.
      }
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0) {
        throw new LabFailure(String.join(" ", command) + " ended with " + code + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new LabFailure("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabFailure("interrupted while " + command.getFirst() + " ran", e);
    }
  }

  /** Runs a program that reads nothing. */
  public static String run(String... command) {
    return run(List.of(command), "");
  }
}
