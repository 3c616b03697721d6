package org.bradawl.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.Connection;
import org.bradawl.agent.Event;
import org.bradawl.agent.path.Path;
import org.bradawl.agent.tunnel.Duplex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ping}. */
@Command(
    name = "ping",
    description = {
      "Measures the round trip to a machine that listens, through the encrypted connection, and"
          + " says which way it takes. It relays first and becomes direct if it can.",
      ""
    })
final class PingCommand extends PeerCommand {

  @Parameters(paramLabel = "PEER", description = "The name of the machine that listens.")
  String peer = "";

  @Option(
      names = "--until-direct",
      description =
          "End with the first answer that did not come through the relay; fails if none does.")
  boolean untilDirect;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many; ${DEFAULT-VALUE} if not said, 30 with --until-direct.")
  int count = 4;

  @Option(
      names = "--interval",
      paramLabel = "MS",
      defaultValue = "1000",
      description = "Milliseconds from one to the next.")
  int interval = 1_000;

  @Override
  public Integer call() throws AgentException {
    Output output = new Output(common);
    try (Agent agent = enter(id == null ? visitor() : id, true, output);
        Connection connection = agent.connect(peer, PATIENCE)) {
      return ping(connection, untilDirect ? Math.max(count, 30) : count, output);
    } catch (IOException e) {
      throw new AgentException(Kind.FAILED, "the connection broke: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AgentException(Kind.FAILED, "interrupted", e);
    }
  }

  private int ping(Connection connection, int most, Output output)
      throws AgentException, IOException, InterruptedException {
    Duplex stream = connection.open(Map.of("open", "echo"));
    DataOutputStream out = new DataOutputStream(stream.out());
    DataInputStream in = new DataInputStream(stream.in());
    boolean direct = false;
    for (int i = 1; i <= most && !(direct && untilDirect); i++) {
      long before = System.nanoTime();
      out.writeLong(i);
      out.flush();
      in.readLong();
      double millis = (System.nanoTime() - before) / 1e6;
      direct = connection.path().filter(path -> !path.isRelayed()).isPresent();
      tell(connection, i, millis, output);
      if (i < most && !(direct && untilDirect)) {
        Thread.sleep(Duration.ofMillis(interval));
      }
    }
    out.close();
    if (untilDirect && !direct) {
      throw new AgentException(
          Kind.FAILED, "each of " + most + " answers came through the relay, none directly");
    }
    return ExitCode.DONE.code();
  }

  private void tell(Connection connection, int number, double millis, Output output) {
    String way = connection.path().map(Path::label).orElse("none");
    String remote = connection.path().map(Path::remoteText).orElse("");
    if (common.json) {
      output.tell(
          Event.of("pong")
              .with("peer", peer)
              .with("number", number)
              .with("millis", millis)
              .with("path", way)
              .with("remote", remote));
    } else {
      System.out.printf(
          Locale.ROOT,
          "pong from %s: %d in %.1f ms, %s via %s%n",
          peer,
          number,
          millis,
          way,
          remote);
    }
  }
}
