package org.bradawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code warm-up}: goes through what the other commands need, on this machine alone, so that Java
 * can keep the classes in the form they have once loaded.
 */
@Command(name = "warm-up", hidden = true, description = "Prepares faster starts.")
final class WarmUpCommand extends AgentCommand {

  @Override
  public Integer call() {
    new CommandLine(new CheckCommand()).getUsageMessage();
    Main.run("check", "--server", "stun:127.0.0.1:9", "--json");
    return ExitCode.DONE.code();
  }
}
