package org.bradawl.cli;

import java.io.IOException;
import java.util.Map;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.Connection;
import org.bradawl.agent.tunnel.Duplex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code connect}. */
@Command(
    name = "connect",
    description = {
      "Connects to a machine that listens; standard input and output become the connection.",
      "",
      "With --json every event is an object on a line of its own, the last before the bytes of the"
          + " connection being \"connected\" or \"failed\"; later ones go to standard error.",
      ""
    })
final class ConnectCommand extends PeerCommand {

  @Parameters(paramLabel = "PEER", description = "The name of the machine that listens.")
  String peer = "";

  @Option(names = "--probe", description = "Connect, tell how, and end.")
  boolean probe;

  @Override
  public Integer call() throws AgentException {
    Output output = new Output(common);
    try (Agent agent = enter(id == null ? visitor() : id, false, output);
        Connection connection = agent.connect(peer, PATIENCE)) {
      output.giveUpStandardOutput();
      if (!probe) {
        carry(connection);
      }
      return ExitCode.DONE.code();
    }
  }

  private void carry(Connection connection) throws AgentException {
    try {
      Duplex stream = connection.open(Map.of("open", "pipe"));
      Thread typed =
          Thread.ofPlatform()
              .daemon()
              .name("standard input")
              .start(() -> {
                try {
                  Duplex.pump(System.in, stream.out());
                } catch (IOException e) {
                  common.tell("standard input goes nowhere: " + e.getMessage());
                }
              });
      Duplex.pump(stream.in(), new Undying(System.out));
      typed.join();
    } catch (IOException e) {
      throw new AgentException(Kind.FAILED, "the connection broke: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AgentException(Kind.FAILED, "interrupted", e);
    }
  }
}
