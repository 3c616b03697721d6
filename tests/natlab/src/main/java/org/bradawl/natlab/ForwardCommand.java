package org.bradawl.natlab;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.bradawl.natlab.moving.Forwarded;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.program.LabServer;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.tests.support.Requires;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab forward}. */
@Command(
    name = "forward",
    description = {
      "Has ./bradawl forward carry an HTTP server and an SSH session from one home to another. After"
          + " a quarter of the time the side that forwards goes to another network, after a half"
          + " the side that serves does, and after three quarters that side's router gets another"
          + " public address. The session prints a number each second, a download lasts"
          + " all the time, and something small is fetched over and over. Fails when anything is"
          + " lost. Needs sshd (Debian's openssh-server) and curl.",
      ""
    })
final class ForwardCommand extends LabCommand {

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long; ${DEFAULT-VALUE} if not said.")
  double minutes = 10;

  @Option(
      names = "--nat",
      paramLabel = "NAT",
      defaultValue = "port-restricted-cone",
      description = "The NAT of every network. " + LabNat.NOTATION)
  NatOption nat = NatOption.PUBLIC;

  @Mixin WriteOptions written = new WriteOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (Requires.find("sshd").isEmpty() || Requires.find("curl").isEmpty()) {
      throw new LabFailure("sshd or curl is missing: install Debian's openssh-server and curl");
    }
    LabNat chosen = nat.orFail("a network has a NAT");
    Forwarded.Result result;
    try (Internet internet = new Internet();
        LabServer _ = LabServer.start(internet)) {
      result = new Forwarded(internet, (int) (minutes * 60)).run(chosen);
    }
    String page = page(result, chosen);
    System.out.println(page);
    written.result("forward.md", page);
    written.evidence(result.said());
    return result.isWhole() ? 0 : 1;
  }

  private static String page(Forwarded.Result result, LabNat nat) {
    return String.format(
        Locale.ROOT,
        """
        # %d seconds of forwarding, with both sides moving

        `./bradawl forward` to an HTTP server and to sshd in another home, all behind NATs of one kind (%s). The side that
        forwards goes to another network after a quarter of the time, the side that serves after a half, and after three
        quarters that side's router gets another public address, of which its host sees nothing; each time there is no
        way at all for a second.

        | What | Result |
        |---|---|
        | SSH session that prints a number each second | %d of %d numbers, in order, %s |
        | longest time between two numbers | %s |
        | download that lasts all the time | %.1f MB, %s |
        | small requests, each over a new connection | %d answered, %d failed; the slowest after %.1f s |
        """,
        result.seconds(),
        nat,
        result.counted(),
        result.seconds(),
        result.session() ? "ended by itself" : "NOT WHOLE",
        pauses(result.pauses()),
        result.downloaded() / 1e6,
        result.download() ? "intact" : "NOT INTACT",
        result.answered(),
        result.failures().size(),
        result.slowest());
  }

  private static String pauses(List<Double> seconds) {
    List<String> words =
        seconds.stream().map(one -> String.format(Locale.ROOT, "%.1f s", one)).toList();
    return words.getFirst()
        + " before the moves, then "
        + String.join(", ", words.subList(1, words.size()));
  }
}
