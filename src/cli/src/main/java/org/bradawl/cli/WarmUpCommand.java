package org.bradawl.cli;

import java.io.IOException;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.path.Rehearsal;
import picocli.CommandLine.Command;

/**
 * {@code warm-up}: goes through what the other commands need, on this machine alone, so that Java
 * can keep the classes in the form they have once loaded.
 */
@Command(name = "warm-up", hidden = true, description = "Prepares faster starts.")
final class WarmUpCommand extends AgentCommand {

  @Override
  public Integer call() throws IOException {
    for (String command : new String[] {"check", "listen", "connect", "ping", "forward"}) {
      Main.run(command, "--help");
    }
    // Nobody listens there; what matters is all that happens before that is known.
    Main.run("connect", "nobody", "--server", "http://127.0.0.1:9", "--token", "none", "--json");
    Main.run("check", "--server", "stun:127.0.0.1:9", "--json");
    try (EventLoop loop = new EventLoop("warm-up")) {
      new Rehearsal(loop).run();
    }
    return ExitCode.DONE.code();
  }
}
