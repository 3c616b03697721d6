package org.bradawl.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.Event;
import org.bradawl.agent.Forwarding;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.tunnel.Duplex;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code listen}. */
@Command(
    name = "listen",
    description = {
      "Lets other machines connect to this one by its name. Runs until it is stopped.",
      "",
      "What a peer sends with connect comes out on standard output (with --json as events with the"
          + " bytes in base64); what is typed here goes to the peer that connected last.",
      ""
    })
final class ListenCommand extends PeerCommand {

  @Option(
      names = "--allow",
      paramLabel = "PEER",
      split = ",",
      description = "Let these peers connect and nobody else; all of the application otherwise.")
  @Nullable Set<String> allow;

  @Option(
      names = "--serve",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Let peers reach these services by forward; udp:HOST:PORT for a UDP service.")
  @Nullable List<String> serve;

  @Option(names = "--echo", description = "Send everything that comes back to where it came from.")
  boolean echo;

  private volatile @Nullable OutputStream latest;

  @Override
  public Integer call() throws AgentException {
    Output output = new Output(common);
    String name = id == null ? visitor() : id;
    Forwarding forwarding = new Forwarding(serve == null ? List.of() : serve);
    try (Agent agent = enter(name, false, output)) {
      agent.listen(
          peer -> allow == null || allow.contains(peer),
          (peer, purpose, stream) -> serve(peer, purpose, stream, forwarding, output));
      output.tell(Event.of("listening").with("peer", name));
      if (!echo) {
        Thread.ofPlatform().daemon().name("standard input").start(this::typed);
      }
      throw agent.over().join();
    }
  }

  private void serve(String peer, Json purpose, Duplex stream, Forwarding forwarding, Output output)
      throws IOException {
    switch (purpose.get("open").textOrEmpty()) {
      case "forward" -> forwarding.serve(purpose.get("to").textOrEmpty(), stream);
      case "echo" -> Duplex.pump(stream.in(), stream.out());
      case "pipe" -> {
        if (echo) {
          Duplex.pump(stream.in(), stream.out());
        } else {
          latest = stream.out();
          print(peer, stream.in(), output);
          // Who has said everything waits for nothing more.
          stream.out().close();
        }
      }
      default -> stream.abort().run();
    }
  }

  private void print(String peer, InputStream in, Output output) throws IOException {
    byte[] chunk = new byte[16 << 10];
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      if (common.json) {
        byte[] bytes = java.util.Arrays.copyOf(chunk, count);
        output.tell(
            Event.of("data")
                .with("peer", peer)
                .with("base64", Base64.getEncoder().encodeToString(bytes)));
      } else {
        System.out.write(chunk, 0, count);
        System.out.flush();
      }
    }
  }

  private void typed() {
    byte[] chunk = new byte[16 << 10];
    try {
      for (int count = System.in.read(chunk); count >= 0; count = System.in.read(chunk)) {
        OutputStream to = latest;
        if (to != null) {
          to.write(chunk, 0, count);
          to.flush();
        }
      }
      OutputStream to = latest;
      if (to != null) {
        to.close();
      }
    } catch (IOException e) {
      common.tell("what was typed went nowhere: " + e.getMessage());
    }
  }
}
