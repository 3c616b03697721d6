package org.bradawl.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the operating system says of a process: proc(5). */
public final class ProcessFigures {

  /** USER_HZ, the same on every Linux that matters. */
  private static final double TICKS_PER_SECOND = 100;

  private ProcessFigures() {}

  /**
   * Seconds of CPU that the process has used, user and system; elsewhere than on Linux the JDK's
   * figure.
   */
  public static double cpuSeconds(ProcessHandle process) {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    try {
      if (Files.exists(stat)) {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
      }
    } catch (IOException e) {
      return Double.NaN;
    }
    return process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L) / 1_000.0;
  }

  /** Kilobytes of the process that are in memory, or NaN. */
  public static double residentKilobytes(ProcessHandle process) {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) {
          return Double.parseDouble(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException e) {
      return Double.NaN;
    }
    return Double.NaN;
  }
}
