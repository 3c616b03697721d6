package org.bradawl.natlab;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** What all commands of the lab have in common; each returns its exit code. */
@Command(mixinStandardHelpOptions = true, synopsisHeading = "usage: ")
abstract class LabCommand implements Callable<Integer> {}
