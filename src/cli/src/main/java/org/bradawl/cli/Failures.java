package org.bradawl.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.json.Json;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * One line that says why, in the form that was asked for; the stack only with {@code --verbose}.
 */
final class Failures implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    boolean asked = line.getCommand() instanceof AgentCommand command && command.common.json;
    if (asked) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("event", "failed");
      event.put("reason", reason);
      System.out.println(Json.of(event));
    }
    System.err.println("bradawl: " + reason);
    if (line.getCommand() instanceof AgentCommand command && command.common.verbose) {
      e.printStackTrace();
    }
    return e instanceof AgentException known
        ? ExitCode.of(known.kind()).code()
        : ExitCode.FAILED.code();
  }
}
