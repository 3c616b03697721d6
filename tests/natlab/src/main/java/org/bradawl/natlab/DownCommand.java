package org.bradawl.natlab;

import org.bradawl.natlab.net.Namespace;
import picocli.CommandLine.Command;

/** {@code lab down}. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    synopsisHeading = "usage: ",
    description = "Removes what labs that were killed left behind; every other command does too.")
final class DownCommand implements Runnable {

  @Override
  public void run() {
    Namespace.sweep();
  }
}
