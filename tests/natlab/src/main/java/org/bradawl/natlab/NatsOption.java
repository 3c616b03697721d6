package org.bradawl.natlab;

import java.util.List;
import java.util.Optional;
import org.bradawl.natlab.world.LabNat;
import picocli.CommandLine.Option;

/** Which NATs, where a command has some of its own in mind. */
final class NatsOption {

  @Option(
      names = "--nats",
      paramLabel = "NAT",
      split = ",",
      description = "These NATs instead. " + LabNat.NOTATION)
  List<NatOption> nats = List.of();

  boolean isEmpty() {
    return nats.isEmpty();
  }

  /** In the order given; empty stands for a public host. */
  List<Optional<LabNat>> given() {
    return nats.stream().map(NatOption::nat).toList();
  }
}
