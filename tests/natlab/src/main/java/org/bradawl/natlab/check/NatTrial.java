package org.bradawl.natlab.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.agent.json.Json;
import org.bradawl.natlab.check.Answers.Verdict;
import org.bradawl.natlab.program.JavaCommands;
import org.bradawl.natlab.program.StunServer;
import org.bradawl.natlab.world.Host;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.natlab.world.Router;
import org.bradawl.tests.support.Program;

/** One NAT, examined by the agent as often as wanted and by coturn's tool once. */
public final class NatTrial {

  /** Discovery takes 3 s; the start of Java beside a build on two cores some more. */
  private static final Duration LIMIT = Duration.ofSeconds(40);

  /**
   * What came of it.
   *
   * @param nat the NAT, with its losses
   * @param answers what the agent said, each time
   * @param control what the control said, if it was asked
   */
  public record Result(LabNat nat, List<Answers> answers, Optional<Answers> control) {

    /** How many of the agent's answers deserve this. */
    public long count(Verdict verdict) {
      return answers.stream().filter(one -> one.against(truth()) == verdict).count();
    }

    /** What is true. */
    public Answers truth() {
      return Answers.about(nat);
    }

    /** Whether the control finds the NAT to be what it is meant to be. */
    public boolean isConfirmed() {
      return control.map(said -> said.against(truth()) == Verdict.RIGHT).orElse(true);
    }
  }

  private final Internet internet;
  private final StunServer server;
  private final Optional<StunServer> control;

  /**
   * A place for trials.
   *
   * @param control the server for the control, if there is to be one
   */
  public NatTrial(Internet internet, StunServer server, Optional<StunServer> control) {
    this.internet = internet;
    this.server = server;
    this.control = control;
  }

  /** Has the server serve, which it does slowly at first. */
  public void warmUp() {
    try (Host host = internet.host("public")) {
      examined(host);
    }
  }

  /** Builds the NAT, examines it, and takes it down; every examination has a NAT of its own. */
  public Result run(LabNat nat, int times) {
    List<Answers> answers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      try (Router router = internet.router("nat", nat)) {
        answers.add(examined(router.host("host")));
      }
    }
    return new Result(nat, answers, control.map(asked -> controlled(asked, nat)));
  }

  private Answers examined(Host host) {
    List<String> command =
        JavaCommands.agent("check", "--json", "--server", "stun:" + server.address());
    Program.Result result =
        Program.run(LIMIT, host.namespace().inside(command).toArray(String[]::new));
    if (result.exitCode() != 0) {
      throw new AssertionError("check ended with " + result.exitCode() + ": " + result.output());
    }
    return Answers.of(Json.parse(result.output()));
  }

  private Answers controlled(StunServer asked, LabNat nat) {
    try (Router router = internet.router("nat", nat.withLoss(0))) {
      List<String> command =
          router
              .host("host")
              .namespace()
              .inside("turnutils_natdiscovery", "-m", "-f", asked.address());
      return Answers.ofControl(Program.run(LIMIT, command.toArray(String[]::new)).output());
    }
  }
}
