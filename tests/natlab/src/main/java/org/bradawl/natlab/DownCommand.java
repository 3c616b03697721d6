package org.bradawl.natlab;

import org.bradawl.natlab.net.Namespace;
import picocli.CommandLine.Command;

/** {@code lab down}. */
@Command(
    name = "down",
    description = "Removes what labs that were killed left behind; every other command does too.")
final class DownCommand extends LabCommand {

  @Override
  public Integer call() {
    Namespace.sweep();
    return 0;
  }
}
