package org.bradawl.natlab;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.bradawl.natlab.moving.Transfer;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.program.LabServer;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab transfer}. */
@Command(
    name = "transfer",
    description = {
      "Sends a lot of bytes from Alice's home to Bob's over a connection that relays first and then"
          + " goes direct; and once more, cutting the direct way in the middle. Fails when the bytes"
          + " are not the same at both ends, when the way does not change so, or when at the"
          + " receiver nothing comes for more than 250 ms.",
      ""
    })
final class TransferCommand extends LabCommand {

  private static final double LONGEST_GAP_MILLIS = 250;

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many millions of bytes; ${DEFAULT-VALUE} if not said.")
  int megabytes = 200;

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often each; ${DEFAULT-VALUE} if not said.")
  int times = 1;

  @Mixin HomesOptions homes = new HomesOptions();

  @Mixin WriteOptions written = new WriteOptions();

  private final StringBuilder table = new StringBuilder();
  private final StringBuilder said = new StringBuilder();

  @Override
  public Integer call() throws IOException {
    boolean right = true;
    line("| What | Intact | Ways at the receiver | Seconds | MB/s | Longest gap |");
    line("|---|---|---|---|---|---|");
    try (Internet internet = new Internet();
        LabServer _ = LabServer.start(internet)) {
      Transfer transfer = new Transfer(internet, megabytes * 1_000_000L);
      for (int i = 0; i < 2 * times; i++) {
        right &= run(transfer, i);
      }
    } finally {
      written.evidence(said);
    }
    written.result("transfer.md", page());
    return right ? 0 : 1;
  }

  private boolean run(Transfer transfer, int number) {
    boolean cut = number % 2 == 1;
    Transfer.Result result;
    try {
      result = transfer.run(from(), to(), Integer.toString(number), cut);
    } catch (LabFailure e) {
      said.append(e.getMessage()).append("\n\n");
      System.out.println("transfer " + number + ": " + e.getMessage());
      return false;
    }
    said.append(result.said()).append("\n\n");
    boolean ways =
        result.ways().size() == (cut ? 3 : 2)
            && result.ways().getFirst().equals("relayed")
            && !result.ways().get(1).equals("relayed")
            && result.ways().getLast().equals("relayed") == cut;
    boolean right = result.intact() && ways && result.longestGapMillis() <= LONGEST_GAP_MILLIS;
    line(
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %.1f | %.1f | %.0f ms, after %.1f MB%s |",
            cut
                ? String.format(
                    Locale.ROOT,
                    "relay first, the direct way cut after %.0f MB",
                    result.cutAfter().orElse(0L) / 1e6)
                : "relay first, then direct",
            result.intact() ? "yes" : "NO",
            ways(result),
            result.seconds(),
            result.bytes() / 1e6 / result.seconds(),
            result.longestGapMillis(),
            result.longestGapAfter() / 1e6,
            right ? "" : "; NOT as it should be"));
    return right;
  }

  private static String ways(Transfer.Result result) {
    StringBuilder text = new StringBuilder(result.ways().isEmpty() ? "" : result.ways().getFirst());
    List<Long> changes = result.changedAfter();
    for (int i = 0; i < changes.size(); i++) {
      text.append(
          String.format(
              Locale.ROOT, ", %s from %.1f MB on", result.ways().get(i + 1), changes.get(i) / 1e6));
    }
    return text.toString();
  }

  private LabNat from() {
    return homes.alice.orFail("a home has a NAT");
  }

  private LabNat to() {
    return homes.bobOr("symmetric:random").orFail("a home has a NAT");
  }

  private void line(String text) {
    System.out.println(text);
    table.append(text).append('\n');
  }

  private String page() {
    return """
    # %d MB from home to home, over ways that change

    Two agents behind NATs (%s and %s), a real server, one encrypted connection. The gap is the longest time
    between two deliveries to the application that receives, from the first byte to the last.

    %s\
    """
        .formatted(megabytes, from(), to(), table);
  }
}
