package org.bradawl.cli;

import java.io.IOException;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.Connection;
import org.bradawl.agent.Event;
import org.bradawl.agent.Forwarding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code forward}. */
@Command(
    name = "forward",
    description = {
      "A TCP port of this machine becomes a service that the other machine can reach, as ssh -L"
          + " does. The other machine says with listen --serve what may be reached.",
      "",
      "Only programs on this machine can connect to the port. Runs until it is stopped.",
      ""
    })
final class ForwardCommand extends PeerCommand {

  @Parameters(
      paramLabel = "LOCALPORT:PEER:HOST:PORT",
      description = "From where, through whom, to where; udp:HOST:PORT for a UDP service.")
  String what = "";

  @Override
  public Integer call() throws AgentException {
    Output output = new Output(common);
    Forwarding.Rule rule;
    try {
      rule = Forwarding.Rule.parse(what);
    } catch (IllegalArgumentException e) {
      throw new AgentException(Kind.WRONG_USE, String.valueOf(e.getMessage()), e);
    }
    // The port first: whether it is to be had is known at once, and says nothing about the peer.
    try (Forwarding.Port port = Forwarding.open(rule);
        Agent agent = enter(id == null ? visitor() : id, true, output);
        Connection connection = agent.connect(rule.peer(), PATIENCE)) {
      output.tell(
          Event.of("forwarding")
              .with("peer", rule.peer())
              .with("local", "127.0.0.1:" + port.number())
              .with("to", rule.to()));
      port.run(connection);
      throw new AgentException(Kind.FAILED, "the connection to " + rule.peer() + " is over");
    } catch (IOException e) {
      throw new AgentException(Kind.FAILED, "cannot forward: " + e.getMessage(), e);
    }
  }
}
