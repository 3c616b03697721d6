package org.bradawl.natlab;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.pairs.Matrix;
import org.bradawl.natlab.pairs.Model;
import org.bradawl.natlab.pairs.PairResult;
import org.bradawl.natlab.pairs.PairRun;
import org.bradawl.natlab.program.LabServer;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab pairs}. */
@Command(
    name = "pairs",
    description = {
      "Connects a running agent behind each NAT to one behind each other, with a real server between"
          + " them, and prints the way each pair took and the time from the wish to connect until the"
          + " first byte of an application had come back, encrypted. Fails when a pair that ICE with"
          + " STUN alone connects is not direct; with --tcp, when one is not whose NATs both keep"
          + " their ports (endpoint-independent mapping). Where a NAT changes its port, TCP goes as it"
          + " can, and is expected to be relayed where the port is at random.",
      ""
    })
final class PairsCommand extends LabCommand {

  @Option(
      names = "--ports",
      paramLabel = "HOW",
      defaultValue = "preserving",
      description =
          "How the nine NATs give out ports: preserving (if not said), sequential=STEP, random.")
  String ports = "preserving";

  @Mixin NatsOption nats = new NatsOption();

  @Option(
      names = "--to",
      paramLabel = "NAT",
      split = ",",
      description = "NATs of the asked side, if they are not to be the same.")
  List<NatOption> to = List.of();

  @Option(names = "--tcp", description = "Over TCP only.")
  boolean tcp;

  @Option(names = "--udp", description = "Over UDP only.")
  boolean udp;

  @Option(names = "--relay-first", description = "Relay at once, then go direct.")
  boolean relayFirst;

  @Mixin WriteOptions written = new WriteOptions();

  @Option(
      names = "--model",
      description =
          "Compare with the simulation; fail where a pair goes a way that it never goes there.")
  boolean model;

  private final StringBuilder said = new StringBuilder();

  @Override
  public Integer call() throws IOException {
    List<Optional<LabNat>> asking =
        nats.isEmpty() ? LabNat.nine(ports).stream().map(Optional::of).toList() : nats.given();
    List<Optional<LabNat>> asked = to.isEmpty() ? asking : to.stream().map(NatOption::nat).toList();
    List<PairResult> results = run(asking, asked);
    Matrix matrix = new Matrix(title(), asking, asked, results);
    System.out.println();
    System.out.println(matrix.markdown());
    written.result(file() + ".md", matrix.markdown());
    written.result(file() + ".svg", matrix.svg());
    written.evidence(said);
    boolean agreed = !model || compared(results);
    boolean direct = results.stream().filter(PairResult::isEasy).allMatch(PairResult::isDirect);
    return direct && agreed ? 0 : 1;
  }

  private static boolean compared(List<PairResult> results) {
    List<PairResult> others = results.stream().filter(one -> !Model.agrees(one)).toList();
    others.forEach(one ->
        System.out.println(
            Matrix.line(one)
                + "; in the model "
                + String.join(" or ", Model.ways(one.asking(), one.asked()))));
    System.out.printf(
        "the model agrees with %d of %d pairs%n", results.size() - others.size(), results.size());
    return others.isEmpty();
  }

  private List<PairResult> run(List<Optional<LabNat>> asking, List<Optional<LabNat>> asked) {
    try (Internet internet = new Internet();
        LabServer _ = LabServer.start(internet)) {
      return new PairRun(internet, relayFirst, transports(), said::append)
          .run(asking, asked, result -> System.out.println(Matrix.line(result)));
    }
  }

  private String transports() {
    if (tcp && udp) {
      throw new LabFailure("--tcp and --udp exclude each other");
    }
    return tcp ? "tcp" : udp ? "udp" : "both";
  }

  private String title() {
    return (nats.isEmpty() ? "Ports " + ports : "NATs as given")
        + (tcp ? ", over TCP" : "")
        + (relayFirst ? ", relay first" : "");
  }

  private String file() {
    return "pairs-"
        + (tcp ? "tcp-" : "")
        + (nats.isEmpty() ? ports.replace('=', '-') : "given")
        + (relayFirst ? "-relay-first" : "");
  }
}
