package org.bradawl.natlab;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all commands of the lab have in common; each returns its exit code. */
@Command(synopsisHeading = "usage: ")
abstract class LabCommand implements Callable<Integer> {

  @Option(
      names = {"--help", "-h"},
      usageHelp = true,
      description = "Print this text.")
  boolean help;
}
