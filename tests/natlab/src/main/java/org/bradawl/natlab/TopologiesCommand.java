package org.bradawl.natlab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.pairs.Scenario;
import org.bradawl.natlab.program.LabServer;
import org.bradawl.natlab.world.Internet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lab topologies}. */
@Command(
    name = "topologies",
    description = {
      "Has two agents connect in each place that the project knows a best way for: public, one home,"
          + " two homes, behind a carrier that hairpins or does not, with IPv6, with naive routers,"
          + " with routers that open ports by UPnP, NAT-PMP or PCP, and over TCP. Fails when one goes"
          + " another way.",
      ""
    })
final class TopologiesCommand extends LabCommand {

  @Option(
      names = "--only",
      paramLabel = "WORDS",
      description = "Only those with these words in their names.")
  String only = "";

  @Option(
      names = "--evidence",
      paramLabel = "FOLDER",
      description = "Write there what both sides said where the way is another.")
  @Nullable Path evidence;

  @Override
  public Integer call() throws java.io.IOException {
    boolean right = true;
    try (Internet internet = new Internet();
        LabServer _ = LabServer.start(internet)) {
      System.out.println("| Place | Alice's NAT | Bob's NAT | Way | First byte | |");
      System.out.println("|---|---|---|---|---|---|");
      List<Scenario> chosen =
          Scenario.all().stream()
              .filter(one ->
                  one.name().toLowerCase(Locale.ROOT).contains(only.toLowerCase(Locale.ROOT)))
              .toList();
      for (int i = 0; i < chosen.size(); i++) {
        right &= run(chosen.get(i), internet, i);
      }
    }
    return right ? 0 : 1;
  }

  private boolean run(Scenario scenario, Internet internet, int number) throws java.io.IOException {
    Scenario.Result result;
    try {
      result = scenario.run(internet, Integer.toString(number));
    } catch (LabFailure | AssertionError e) {
      result = new Scenario.Result("failed", "", 0, String.valueOf(e.getMessage()));
    }
    boolean right = scenario.expected().contains(result.path());
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.0f ms | %s |%n",
        scenario.name(),
        scenario.alice(),
        scenario.bob().isEmpty() ? "the same" : scenario.bob(),
        result.path() + (result.remote().startsWith("[") ? " (IPv6)" : ""),
        result.millis(),
        right ? "as expected" : "NOT " + String.join(" or ", scenario.expected()));
    if (!right && evidence != null) {
      Files.createDirectories(evidence);
      Files.writeString(evidence.resolve("scenario-" + number + ".txt"), result.said());
    }
    return right;
  }
}
