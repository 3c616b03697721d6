package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bradawl.tests.support.Checkout;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands of the agent as processes, with one that listens, through the running server. */
class AgentTest {

  /** A start, an examination of three seconds and a way, on a machine that does much else. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Path JAR =
      Checkout.ROOT.resolve("src/cli/target/bradawl/bradawl-agent.jar").toAbsolutePath();

  private static final byte[] PAGE = page();

  private static final ObjectMapper JSON = new ObjectMapper();

  private static HttpServer website;
  private static Program home;

  private static byte[] page() {
    byte[] bytes = new byte[2_000_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @BeforeAll
  static void listen() throws IOException {
    website = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 5);
    website.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, PAGE.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(PAGE);
          }
        });
    website.start();
    home = agent("listen", "--id", "home", "--serve", served());
    home.waitForLine(PATIENCE, line -> line.contains("listening as home"));
  }

  @AfterAll
  static void stop() {
    home.close();
    website.stop(0);
  }

  private static String served() {
    return "127.0.0.1:" + website.getAddress().getPort();
  }

  private static Program agent(String... arguments) {
    return Program.start(environment(RunningServer.CHAT_KEY), command(arguments));
  }

  private static Map<String, String> environment(String token) {
    return Map.of(
        "BRADAWL_SERVER", RunningServer.get().address().toString(), "BRADAWL_TOKEN", token);
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String done(Program program) {
    try (program) {
      Program.Result result = program.waitForEnd(PATIENCE);
      assertThat(result.exitCode()).as(result.output()).isZero();
      return result.output();
    }
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + json, e);
    }
  }

  /** The first event of that name among the lines that a program has said. */
  private static JsonNode event(String output, String name) {
    return output
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(AgentTest::parse)
        .filter(line -> line.path("event").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no event " + name + " in " + output));
  }

  @Test
  void whatIsTypedHereComesOutThere() {
    List<String> piped =
        new ArrayList<>(List.of("sh", "-c", "echo hello from alice | \"$@\"", "sh"));
    piped.addAll(command("connect", "home"));
    done(Program.start(environment(RunningServer.CHAT_KEY), piped));

    home.waitForLine(PATIENCE, line -> line.equals("hello from alice"));
  }

  @ParameterizedTest
  @CsvSource({"relayed,udp", "local,tcp"})
  void itGoesTheAllowedWayAndExplainsIt(String way, String transport) {
    String alice = "alice-" + way;
    String output =
        done(
            agent(
                "connect",
                "home",
                "--id",
                alice,
                "--probe",
                "--json",
                "--paths",
                way,
                "--transports",
                transport));
    JsonNode connected = event(output, "connected");
    assertThat(connected.path("path").asText()).isEqualTo(way);
    assertThat(connected.path("transport").asText()).isEqualTo(transport);
    assertThat(connected.path("local").asText()).isNotEmpty();
    assertThat(connected.path("remote").asText()).isNotEmpty();
    assertThat(connected.path("millis").isNumber()).isTrue();
    assertThat(connected.path("reason").asText()).isNotEmpty();

    JsonNode kept = kept(alice);
    String byPeer = explained(alice);
    String byId = explained(kept.path("id").asText());
    assertThat(byPeer).isEqualTo(byId).startsWith(alice + " to home, ").contains(way);
    assertThat(byPeer.lines().filter(line -> line.contains(" ms  "))).isNotEmpty();
  }

  /** The last traversal of a peer, once it is written. */
  private static JsonNode kept(String peer) {
    return Eventually.get(
            Api.admin(),
            "/api/v1/traversals?limit=1&peer=" + peer,
            answer -> answer.path("items").path(0).path("finished").isTextual())
        .path("items")
        .path(0);
  }

  private static String explained(String what) {
    return done(Program.start(environment(RunningServer.ADMIN_TOKEN), command("explain", what)));
  }

  @Test
  void pingWaitsForADirectWay() {
    String output = done(agent("ping", "home", "--until-direct", "--interval", "100", "--json"));
    List<JsonNode> pongs =
        output.lines().filter(line -> line.contains("\"pong\"")).map(AgentTest::parse).toList();
    assertThat(pongs).isNotEmpty();
    assertThat(pongs.getLast().path("path").asText()).doesNotContain("relayed").isNotEmpty();
  }

  @Test
  void aLocalPortBecomesTheWebsiteOverThere() throws IOException, InterruptedException {
    int local = FreePorts.one();
    try (Program forward = agent("forward", local + ":home:" + served());
        HttpClient client = HttpClient.newHttpClient()) {
      forward.waitForLine(PATIENCE, line -> line.contains("forwarding"));
      byte[] body =
          client
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + local + "/")).build(),
                  HttpResponse.BodyHandlers.ofByteArray())
              .body();
      assertThat(Arrays.equals(body, PAGE)).as("the page, byte by byte").isTrue();
    }
  }

  /** With a server that is not there: that would be exit code 3, had anybody asked it. */
  @Test
  void aLocalPortThatSomebodyHasIsNamedBeforeAnythingIsConnected() {
    int taken = website.getAddress().getPort();
    try (Program forward =
        agent("forward", taken + ":home:" + served(), "--server", "http://127.0.0.1:9")) {
      Program.Result result = forward.waitForEnd(PATIENCE);
      assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
      assertThat(result.output()).contains("port " + taken + " of 127.0.0.1");
    }
  }

  @Test
  void aCheckSaysThatThereIsNoNat() {
    JsonNode found = parse(done(agent("check", "--json")));
    assertThat(found.path("mapping").asText()).isEqualTo("none");
  }

  @Test
  void whoeverIsStoppedIsNotThereAnyMore() {
    try (Program shop = agent("listen", "--id", "shop")) {
      shop.waitForLine(PATIENCE, line -> line.contains("listening as shop"));
      assertThat(shop.output()).as("home has examined the NAT for both").doesNotContain("examin");
      shop.terminate();
      shop.waitForEnd(PATIENCE);
    }
    assertUnknown("shop", RunningServer.CHAT_KEY);
  }

  /** In an application where it has no neighbour, so that the examination takes its time. */
  @Test
  void whoeverIsStoppedBeforeItHasArrivedIsNotThereAnyMoreEither() {
    Map<String, String> elsewhere = environment(RunningServer.OTHER_KEY);
    try (Program hasty = Program.start(elsewhere, command("listen", "--id", "hasty"))) {
      hasty.waitForLine(PATIENCE, line -> line.contains("examining the NAT"));
      hasty.terminate();
      assertThat(hasty.waitForEnd(PATIENCE).output()).doesNotContain("listening");
    }
    assertUnknown("hasty", RunningServer.OTHER_KEY);
  }

  private static void assertUnknown(String name, String key) {
    try (Program alice =
        Program.start(environment(key), command("connect", name, "--probe", "--json"))) {
      Program.Result result = alice.waitForEnd(PATIENCE);
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(event(result.output(), "failed").path("reason").asText())
          .contains("no native peer of this name is connected");
    }
  }

  @Test
  void whoeverIsKilledIsSaidToBeAwayWithinSeconds() {
    try (Program shop = agent("listen", "--id", "bakery")) {
      shop.waitForLine(PATIENCE, said -> said.contains("listening as bakery"));
      shop.kill();
      shop.waitForEnd(PATIENCE);
    }
    try (Program alice = agent("connect", "bakery", "--probe", "--json")) {
      Program.Result result = alice.waitForEnd(PATIENCE);
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(event(result.output(), "away").path("waits").asInt()).isLessThanOrEqualTo(5);
      assertThat(event(result.output(), "failed").path("reason").asText())
          .contains("bakery was not there to answer");
    }
  }

  @Test
  void whoeverLeavesGivesItsRelayBack() {
    try (Program home = agent("listen", "--id", "lender", "--echo")) {
      home.waitForLine(PATIENCE, line -> line.contains("listening as lender"));
      for (int i = 0; i < 3; i++) {
        try (Program ping =
            agent(
                "ping", "lender", "--id", "borrower-" + i, "--count", "1", "--paths", "relayed")) {
          Program.Result result = ping.waitForEnd(PATIENCE);
          assertThat(result.exitCode()).as(result.output()).isZero();
        }
      }
      home.terminate();
      home.waitForEnd(PATIENCE);
    }
    Eventually.get(
        Api.admin(),
        "/api/v1/allocations?state=live&limit=500",
        live -> !live.toString().contains("borrower-") && !live.toString().contains("lender"));
  }

  @ParameterizedTest
  @CsvSource({
    "2,connect",
    "2,connect home/garden",
    "2,connect home --server stun:127.0.0.1",
    "3,connect home --server http://127.0.0.1:9",
    "4,connect home --token wrong",
    "4,explain home",
    "1,connect nobody-of-that-name --probe"
  })
  void theExitCodeSaysWhatIsInTheWay(int code, String arguments) {
    try (Program alice = agent(arguments.split(" ", -1))) {
      Program.Result result = alice.waitForEnd(PATIENCE);
      assertThat(result.exitCode()).as(result.output()).isEqualTo(code);
    }
  }
}
