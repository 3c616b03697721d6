package org.bradawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program that the launcher starts. */
@Command(
    name = "./bradawl",
    synopsisHeading = "usage: ",
    description = "Finds out what the own NAT does, and connects two machines through theirs.",
    subcommands = {
      CheckCommand.class,
      ListenCommand.class,
      ConnectCommand.class,
      PingCommand.class,
      ForwardCommand.class,
      ExplainCommand.class,
      WarmUpCommand.class
    })
public final class Main implements Runnable {

  private Main() {}

  /** Runs one command and ends with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(new Failures());
    line.setParameterExceptionHandler(new WrongUse());
    line.getSubcommands().values().forEach(Main::plainly);
    return line.execute(arguments);
  }

  private static void plainly(CommandLine command) {
    command.setUsageHelpAutoWidth(true);
    command.getCommandSpec().usageMessage().synopsisHeading("usage: ");
    command.getCommandSpec().usageMessage().optionListHeading("%nOptions:%n");
    command.getCommandSpec().usageMessage().abbreviateSynopsis(false);
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
