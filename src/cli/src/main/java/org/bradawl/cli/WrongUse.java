package org.bradawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** What was wrong, and where the right is written. */
final class WrongUse implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    System.err.println("bradawl: " + e.getMessage());
    System.err.println("see " + line.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.WRONG_USE.code();
  }
}
