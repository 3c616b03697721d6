package org.bradawl.natlab.moving;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentSettings;
import org.bradawl.agent.Connection;
import org.bradawl.agent.Event;
import org.bradawl.agent.WayWishes;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.server.ServerAddress;
import org.bradawl.agent.tunnel.Duplex;
import org.bradawl.natlab.pairs.Rehearsals;

/**
 * An agent that listens and takes what others send it, and sends a lot itself when it is told to.
 * It relays first. What happens comes out as JSON, one object a line, each with the time in
 * milliseconds on a clock that all processes of a machine share, and the bytes taken until then.
 *
 * <p>Arguments: the server's URL, the token, its name. The one order is {@code send PEER BYTES};
 * its end is the event {@code sent} or {@code gave-up}.
 */
public final class TransferProgram {

  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final AtomicLong TAKEN = new AtomicLong();

  private TransferProgram() {}

  /** Runs until its input ends. */
  public static void main(String... arguments)
      throws AgentException, IOException, InterruptedException {
    Rehearsals.run(TransferProgram::print);
    ServerAddress.Web server = (ServerAddress.Web) ServerAddress.parse(arguments[0]);
    AgentSettings settings =
        AgentSettings.of(server, Optional.of(arguments[1]), arguments[2])
            .with(new WayWishes(true, Optional.empty(), Optional.empty()));
    try (Agent agent = Agent.start(settings, TransferProgram::print)) {
      agent.listen(_ -> true, (_, _, stream) -> take(stream));
      print(Event.of("ready"));
      BufferedReader orders =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = orders.readLine(); line != null; line = orders.readLine()) {
        String[] words = line.split(" ", 3);
        send(agent, words[1], Long.parseLong(words[2]));
      }
    }
  }

  private static void take(Duplex stream) throws IOException {
    Event received = new Deliveries(TAKEN, TransferProgram::print).read(stream.in());
    print(received);
    String hash = String.valueOf(received.details().get("sha256"));
    stream.out().write((hash + "\n").getBytes(StandardCharsets.UTF_8));
    stream.out().close();
  }

  private static void send(Agent agent, String peer, long bytes) {
    try (Connection connection = agent.connect(peer, PATIENCE)) {
      Duplex stream = connection.open(Map.of("open", "transfer"));
      String sent = write(stream.out(), bytes);
      BufferedReader answer =
          new BufferedReader(new InputStreamReader(stream.in(), StandardCharsets.UTF_8));
      boolean intact = sent.equals(answer.readLine());
      print(Event.of("sent").with("sha256", sent).with("intact", intact));
    } catch (AgentException | IOException e) {
      print(Event.of("gave-up").with("why", String.valueOf(e.getMessage())));
    }
  }

  private static String write(OutputStream out, long bytes) throws IOException {
    SplittableRandom random = new SplittableRandom();
    MessageDigest digest = Deliveries.sha256();
    byte[] chunk = new byte[64 << 10];
    for (long left = bytes; left > 0; left -= chunk.length) {
      random.nextBytes(chunk);
      int count = (int) Math.min(left, chunk.length);
      digest.update(chunk, 0, count);
      out.write(chunk, 0, count);
    }
    out.close();
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void print(Event event) {
    Event dated = event.with("at", System.nanoTime() / 1e6).with("taken", TAKEN.get());
    synchronized (System.out) {
      System.out.println(Json.of(dated.tree()));
      System.out.flush();
    }
  }
}
