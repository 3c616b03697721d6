package org.bradawl.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same bytes to coturn's turnserver and to Bradawl. Where they answer differently, a row of
 * {@code src/DIFFERENCES.md} says why; a difference without one fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class DifferentialTest {

  private static final int SEEDED = 400;
  private static final Duration START = Duration.ofSeconds(20);

  private final List<AutoCloseable> running = new ArrayList<>();
  private List<Differences.Row> explained = List.of();
  private int ours;
  private int theirs;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    String turnserver = Requires.program("turnserver", "Debian package coturn").toString();
    theirs = FreePorts.consecutive(2);
    Program coturn =
        Program.start(
            Map.of(),
            List.of(
                turnserver,
                "-n",
                "--no-cli",
                "--no-tls",
                "--no-dtls",
                "--log-file",
                "stdout",
                "--lt-cred-mech",
                "--realm",
                "bradawl",
                "--allow-loopback-peers",
                "--no-multicast-peers",
                "--max-allocate-lifetime",
                "3600",
                "-u",
                RelayProcess.USER + ":" + RelayProcess.PASSWORD,
                "-u",
                "other:word",
                "-L",
                "127.0.0.1",
                "-E",
                "127.0.0.1",
                "-p",
                Integer.toString(theirs),
                "--min-port",
                "40000",
                "--max-port",
                "44999",
                "-m",
                "1",
                "--pidfile",
                folder.resolve("pid").toString(),
                "--db",
                folder.resolve("users").toString()));
    running.add(coturn);
    RelayProcess relay =
        RelayProcess.start(
            Map.of(
                "bradawl.listen.address", "127.0.0.1",
                "bradawl.listen.alternate-address", "",
                "bradawl.relay.allowed-peers", "127.0.0.0/8",
                "bradawl.turn.rate.exempt", "127.0.0.0/8",
                "bradawl.turn.oauth.keys", "",
                "bradawl.turn.users",
                    RelayProcess.USER + ":" + RelayProcess.PASSWORD + ",other:word"));
    running.add(relay);
    ours = relay.port();
    coturn.waitForLine(
        START, line -> line.contains("Total General servers") || line.contains("IO method"));
    explained =
        Differences.read(
            Path.of(Objects.requireNonNull(System.getenv("BRADAWL_ROOT")), "src/DIFFERENCES.md"));
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable program : running.reversed()) {
      program.close();
    }
  }

  @Test
  void whatIsWrittenByHandIsAnsweredAlikeOrExplained() throws IOException {
    List<Script> scripts = Scripts.handmade();
    assertThat(scripts).hasSizeGreaterThan(100);
    assertThat(unexplained(scripts)).isEmpty();
  }

  @Test
  void whatIsMadeByChanceIsAnsweredAlikeOrExplained() throws IOException {
    assertThat(unexplained(SeededScripts.of(SEEDED))).isEmpty();
  }

  private List<String> unexplained(List<Script> scripts) throws IOException {
    List<String> unexplained = new ArrayList<>();
    long seed = 0;
    for (Script script : scripts) {
      seed++;
      if (unexplained(script, seed, Talk.SHORT_SILENCE_MILLIS).isPresent()) {
        unexplained(script, seed, Talk.LONG_SILENCE_MILLIS).ifPresent(unexplained::add);
      }
    }
    return unexplained;
  }

  /** The first answer that differs; from there on their states may differ, too. */
  private Optional<String> unexplained(Script script, long seed, int silence) throws IOException {
    List<String> our = play(script, ours, seed, silence);
    List<String> their = play(script, theirs, seed, silence);
    for (int i = 0; i < our.size(); i++) {
      if (!our.get(i).equals(their.get(i))) {
        return isExplained(script.name(), our.get(i), their.get(i))
            ? Optional.empty()
            : Optional.of(
                "| `%s` | `%s` | `%s` | | |".formatted(script.name(), our.get(i), their.get(i)));
      }
    }
    return Optional.empty();
  }

  private boolean isExplained(String said, String our, String their) {
    return explained.stream().anyMatch(row -> row.explains(said, our, their));
  }

  /** The talk stays open to the end: a later one from its port would meet what it left behind. */
  private List<String> play(Script script, int port, long seed, int silence) throws IOException {
    List<String> answers = new ArrayList<>();
    Talk talk = new Talk(port, seed);
    running.add(talk);
    if (script.allocates()) {
      talk.allocate();
    }
    talk.silence(silence);
    for (Script.Line line : script.lines()) {
      List<String> said = talk.say(line.of(talk));
      answers.add(said.isEmpty() ? "silence" : String.join(" and ", said));
    }
    return answers;
  }
}
