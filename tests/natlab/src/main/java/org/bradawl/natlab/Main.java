package org.bradawl.natlab;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program that {@code ./bradawl lab} starts. */
@Command(
    name = "./bradawl lab",
    synopsisHeading = "usage: ",
    description = {
      "Builds real NATs out of the Linux kernel, in network namespaces of this machine, and puts"
          + " the real server and real agents around them. Needs root, ip (iproute2) and nft"
          + " (nftables). Whatever it makes is removed when it ends.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    subcommands = {
      UpCommand.class,
      CheckCommand.class,
      PairsCommand.class,
      TopologiesCommand.class,
      TransferCommand.class,
      ForwardCommand.class,
      DownCommand.class
    })
public final class Main implements Runnable {

  @Option(
      names = {"--help", "-h"},
      usageHelp = true,
      description = "Print this text; each command has one, too.")
  boolean help;

  private Main() {}

  /** Runs one command and ends with its exit code: 0 as it should be, 1 not so, 2 wrong use. */
  public static void main(String... arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setUsageHelpAutoWidth(true);
    line.registerConverter(NatOption.class, new NatOption.Converter());
    line.setParameterExceptionHandler((wrong, _) -> {
      CommandLine command = wrong.getCommandLine();
      command.getErr().println("bradawl lab: " + wrong.getMessage());
      command.getErr().println("see " + command.getCommandSpec().qualifiedName() + " --help");
      return command.getCommandSpec().exitCodeOnInvalidInput();
    });
    line.setExecutionExceptionHandler((failure, command, _) -> {
      command.getErr().println("bradawl lab: " + failure.getMessage());
      return 1;
    });
    System.exit(line.execute(arguments));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
