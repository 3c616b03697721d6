package org.bradawl.cli;

import java.util.ArrayList;
import java.util.List;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.Explanations;
import org.bradawl.agent.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code explain}. */
@Command(
    name = "explain",
    description = {
      "Says why a connection went the way it did: what the NATs do, what was tried, and what would"
          + " help. Takes the admin token.",
      ""
    })
final class ExplainCommand extends AgentCommand {

  @Parameters(
      paramLabel = "PEER|TRAVERSAL",
      description = "The name of a peer, whose last traversal is meant, or a traversal's id.")
  String what = "";

  @Override
  public Integer call() throws AgentException {
    Json detail = new Explanations(common.webServer(), common.token()).of(what);
    if (common.json) {
      System.out.println(detail.pretty());
    } else {
      lines(detail).forEach(System.out::println);
    }
    return ExitCode.DONE.code();
  }

  private static List<String> lines(Json detail) {
    List<String> lines = new ArrayList<>();
    Json traversal = detail.get("traversal");
    lines.add(
        traversal.get("initiator").textOrEmpty()
            + " to "
            + traversal.get("responder").textOrEmpty()
            + ", "
            + traversal.get("started").textOrEmpty());
    detail.get("explanation").list().forEach(line -> lines.add("  " + line.textOrEmpty()));
    detail
        .get("timeline")
        .list()
        .forEach(moment ->
            lines.add(
                "  %6s ms  %s"
                    .formatted(moment.get("atMillis"), moment.get("text").textOrEmpty())));
    return lines;
  }
}
