package org.bradawl.natlab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bradawl.natlab.check.Answers.Verdict;
import org.bradawl.natlab.check.NatTrial;
import org.bradawl.natlab.program.StunServer;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.tests.support.Requires;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab check}. */
@Command(
    name = "check",
    description = {
      "Has ./bradawl check examine each of the nine NATs with each way of giving out ports, and the"
          + " naive Linux router. coturn's turnutils_natdiscovery examines the same NATs with a"
          + " server of coturn's as a control. Fails when an answer is wrong; without loss also when"
          + " one is unknown, with loss when more than a tenth is.",
      ""
    })
final class CheckCommand extends LabCommand {

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often each NAT is examined; ${DEFAULT-VALUE} if not said.")
  int times = 1;

  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "How many of a hundred packets vanish, each way.")
  int loss;

  @Mixin NatsOption nats = new NatsOption();

  @Option(
      names = "--at-once",
      paramLabel = "N",
      defaultValue = "3",
      description = "NATs examined at the same time; ${DEFAULT-VALUE} if not said.")
  int atOnce = 3;

  @Option(names = "--no-control", negatable = true, description = "Leave the control out.")
  boolean control = true;

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    try (Internet internet = new Internet();
        StunServer server = StunServer.own(internet)) {
      if (control && loss == 0 && Requires.find("turnserver").isPresent()) {
        try (StunServer judge = StunServer.coturn(internet)) {
          return examine(new NatTrial(internet, server, Optional.of(judge)));
        }
      }
      return examine(new NatTrial(internet, server, Optional.empty()));
    }
  }

  private int examine(NatTrial trial) throws InterruptedException, ExecutionException {
    trial.warmUp();
    System.out.printf(
        "| %-10s | %-12s | %5s | %7s | %5s | %-9s |%n",
        "NAT", "ports", "right", "unknown", "wrong", "control");
    System.out.println("|---|---|---|---|---|---|");
    List<NatTrial.Result> results = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(atOnce)) {
      List<Future<NatTrial.Result>> running = new ArrayList<>();
      for (LabNat nat : chosen()) {
        running.add(workers.submit(() -> trial.run(nat.withLoss(loss), times)));
      }
      for (Future<NatTrial.Result> one : running) {
        print(one.get());
        results.add(one.get());
      }
    }
    return verdict(results) ? 0 : 1;
  }

  private List<LabNat> chosen() {
    List<LabNat> chosen = new ArrayList<>();
    nats.given().forEach(nat -> nat.ifPresent(chosen::add));
    if (chosen.isEmpty()) {
      for (String ports : List.of("preserving", "sequential=1", "sequential=2", "random")) {
        chosen.addAll(LabNat.nine(ports));
      }
      chosen.add(LabNat.of(LinuxRouterSpecification.naive()));
    }
    return chosen;
  }

  private static void print(NatTrial.Result result) {
    System.out.printf(
        "| %-10s | %-12s | %5d | %7d | %5d | %-9s |%n",
        result.nat().kind(),
        result.nat().ports(),
        result.count(Verdict.RIGHT),
        result.count(Verdict.UNKNOWN),
        result.count(Verdict.WRONG),
        result.control().map(_ -> result.isConfirmed() ? "agrees" : "DISAGREES").orElse(""));
    result.answers().stream()
        .filter(answers -> answers.against(result.truth()) != Verdict.RIGHT)
        .map(answers -> answers.differences(result.truth()))
        .distinct()
        .forEach(differences ->
            System.out.println("  " + result.nat() + " was found to be: " + differences));
    if (!result.isConfirmed()) {
      System.out.println("  the control says: " + result.control().orElseThrow());
    }
  }

  private boolean verdict(List<NatTrial.Result> results) {
    long right = results.stream().mapToLong(result -> result.count(Verdict.RIGHT)).sum();
    long wrong = results.stream().mapToLong(result -> result.count(Verdict.WRONG)).sum();
    long all = results.stream().mapToLong(result -> result.answers().size()).sum();
    boolean confirmed = results.stream().allMatch(NatTrial.Result::isConfirmed);
    System.out.printf(
        "%n%d of %d examinations right, %d wrong, at %d %% loss%n", right, all, wrong, loss);
    boolean enough = loss == 0 ? right == all : right * 10 >= all * 9;
    return wrong == 0 && enough && confirmed;
  }
}
