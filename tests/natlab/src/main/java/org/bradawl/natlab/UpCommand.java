package org.bradawl.natlab;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.natlab.program.LabServer;
import org.bradawl.natlab.world.Host;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.natlab.world.Topology;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lab up}. */
@Command(
    name = "up",
    description = {
      "Builds a server and two hosts, Alice's and Bob's, prints how to enter them, and waits for"
          + " Ctrl-C, which takes everything down.",
      ""
    })
final class UpCommand extends LabCommand {

  @Parameters(
      paramLabel = "TOPOLOGY",
      arity = "0..1",
      defaultValue = "two-homes",
      description =
          "two-homes (each behind its own NAT; the usual), overlapping (the same with one private"
              + " range), one-home (both behind Alice's NAT), carrier (two homes behind a carrier's"
              + " NAT).")
  String topology = "two-homes";

  @Mixin HomesOptions homes = new HomesOptions();

  @Option(
      names = "--carrier",
      paramLabel = "NAT",
      defaultValue = "eim+eif:hairpin",
      description = "The carrier's NAT; ${DEFAULT-VALUE} if not said.")
  NatOption carrier = NatOption.PUBLIC;

  @Option(names = "--no-server", description = "Start no server.")
  boolean serverless;

  @Override
  public Integer call() throws InterruptedException {
    Topology chosen =
        Topology.named(topology)
            .orElseThrow(() ->
                new LabFailure(
                    topology
                        + " is none of "
                        + Arrays.stream(Topology.values())
                            .map(Topology::label)
                            .collect(Collectors.joining(", "))));
    Internet internet = new Internet();
    LabNat outer = carrier.orFail("a carrier that is public is no carrier");
    Topology.Standing standing =
        chosen.build(internet, homes.alice.nat(), homes.bobOr("symmetric").nat(), outer);
    print(standing);
    if (!serverless) {
      System.out.println("starting the server");
      LabServer server = LabServer.start(internet);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop the server"));
      System.out.println("the server is ready: " + LabServer.URL);
    }
    System.out.println("Ctrl-C takes it down");
    new CountDownLatch(1).await();
    return 0;
  }

  private static void print(Topology.Standing standing) {
    String settings = "BRADAWL_SERVER=" + LabServer.URL + " BRADAWL_TOKEN=" + LabServer.KEY + " ";
    System.out.println("Alice, at " + standing.alice().address() + ":");
    System.out.println("  " + settings + enter(standing.alice()) + " ./bradawl listen --id alice");
    System.out.println("Bob, at " + standing.bob().address() + ":");
    System.out.println("  " + settings + enter(standing.bob()) + " ./bradawl ping alice");
    System.out.println("The NATs, to look into with nft list ruleset:");
    for (AutoCloseable part : standing.parts()) {
      if (part instanceof org.bradawl.natlab.world.Router router) {
        System.out.println(
            "  "
                + enter(router.namespace())
                + " bash    # "
                + router.nat()
                + " at "
                + router.address());
      }
    }
  }

  private static String enter(Host host) {
    return enter(host.namespace());
  }

  private static String enter(Namespace namespace) {
    return "ip netns exec " + namespace.name();
  }
}
