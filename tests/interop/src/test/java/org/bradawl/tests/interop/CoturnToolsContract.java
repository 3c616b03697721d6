package org.bradawl.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** coturn's own clients, judged by what they report. A subclass names the engine they meet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
abstract class CoturnToolsContract {

  private static final String PACKAGE = "Debian package coturn";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String PORT_TAKEN = "bind: Address already in use";
  private static final int CLIENTS = 10;
  private static final int MESSAGES = 200;

  /** The last line of counts and the line of losses that turnutils_uclient prints. */
  private static final Pattern COUNTS =
      Pattern.compile("start_mclient: tot_send_msgs=(\\d+), tot_recv_msgs=(\\d+)");

  private static final Pattern LOST =
      Pattern.compile("Total lost packets (\\d+) .*total send dropped (\\d+)");

  static final List<String> STATIC_USER =
      List.of("-u", RelayProcess.USER, "-w", RelayProcess.PASSWORD);
  private static final List<String> SECRET =
      List.of("-u", RelayProcess.USER, "-W", RelayProcess.SECRET);

  private final List<AutoCloseable> running = new ArrayList<>();
  private RelayProcess relay;
  private int peerPort;

  /** What {@code bradawl.engine} says. */
  abstract String engine();

  /** How the ready line ends then. */
  abstract String readyLineEnd();

  @BeforeAll
  void start() {
    Requires.linux();
    String peer = Requires.program("turnutils_peer", PACKAGE).toString();
    relay = RelayProcess.start(Map.of("bradawl.engine", engine()));
    assertThat(relay.readyLine()).contains(readyLineEnd());
    running.add(relay);
    peerPort = FreePorts.consecutive(2);
    running.add(
        Program.start(peer, "-p", Integer.toString(peerPort), "-L", "127.0.0.1", "-L", "::1"));
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable program : running.reversed()) {
      program.close();
    }
  }

  /**
   * How turnutils_uclient relays: on channels unless told to send indications ({@code -s}); with a
   * second allocation for RTCP, reserved by EVEN-PORT, unless told not to ({@code -c}).
   */
  static Stream<List<String>> waysOfRelaying() {
    return Stream.of(List.of(), List.of("-c"), List.of("-s"), List.of("-s", "-c"));
  }

  @ParameterizedTest
  @MethodSource("waysOfRelaying")
  void nothingIsLostOverUdpWithAStaticUser(List<String> way) {
    assertNothingLost(arguments(way, STATIC_USER, peer("127.0.0.1"), "127.0.0.1"));
  }

  @ParameterizedTest
  @MethodSource("waysOfRelaying")
  void nothingIsLostOverUdpWithASecret(List<String> way) {
    assertNothingLost(arguments(way, SECRET, peer("127.0.0.1"), "127.0.0.1"));
  }

  @ParameterizedTest
  @MethodSource("waysOfRelaying")
  void nothingIsLostOverTcpWithAStaticUser(List<String> way) {
    assertNothingLost(arguments(List.of("-t"), way, STATIC_USER, peer("127.0.0.1"), "127.0.0.1"));
  }

  @ParameterizedTest
  @MethodSource("waysOfRelaying")
  void nothingIsLostOverTcpWithASecret(List<String> way) {
    assertNothingLost(arguments(List.of("-t"), way, SECRET, peer("127.0.0.1"), "127.0.0.1"));
  }

  @ParameterizedTest
  @MethodSource("waysOfRelaying")
  void nothingIsLostOverTls(List<String> way) {
    assertNothingLost(
        arguments(secured(List.of("-t", "-S")), way, STATIC_USER, peer("127.0.0.1"), "127.0.0.1"));
  }

  @ParameterizedTest
  @MethodSource("waysOfRelaying")
  void nothingIsLostOverDtls(List<String> way) {
    assertNothingLost(
        arguments(secured(List.of("-S")), way, STATIC_USER, peer("127.0.0.1"), "127.0.0.1"));
  }

  /** Later arguments win. */
  private List<String> secured(List<String> flags) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of("-p", Integer.toString(relay.tlsPort())));
    return all;
  }

  /** {@code -x} asks for an IPv6 relayed address (RFC 6156), here from both families. */
  static Stream<List<String>> waysToIpv6() {
    return Stream.of(
        List.of("-x", "-c", "::1"),
        List.of("-x", "-c", "-s", "::1"),
        List.of("-x", "-c", "-t", "::1"),
        List.of("-x", "-c", "127.0.0.1"));
  }

  @ParameterizedTest
  @MethodSource("waysToIpv6")
  void nothingIsLostOverIpv6(List<String> way) {
    Requires.ipv6Loopback();
    List<String> flags = way.subList(0, way.size() - 1);
    assertNothingLost(arguments(flags, STATIC_USER, peer("::1"), way.getLast()));
  }

  /** {@code -Z}: one allocation with a relayed address of each family, here used to either. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void nothingIsLostOverDualAllocations(String peer) {
    Requires.ipv6Loopback();
    assertNothingLost(arguments(List.of("-Z"), STATIC_USER, peer(peer), "127.0.0.1"));
  }

  /**
   * {@code -T}: TCP is relayed (RFC 6062), between clients in pairs, each the peer of the other.
   */
  @Test
  void nothingIsLostOverRelayedTcp() {
    assertNothingLost(arguments(List.of("-T"), STATIC_USER, List.of(), "127.0.0.1"));
  }

  /**
   * {@code -P}: every second client is a plain peer that connects to another one's relay. What the
   * clients get is counted. What the peers get is not, whatever the server: the tool looks for TURN
   * messages in it, finds none, and leaves it unread. So all there is to see is half of the
   * messages, and all of them.
   */
  @Test
  void connectionsFromOutsideAreRelayedToo() {
    String output = uclient(arguments(List.of("-P"), STATIC_USER, List.of(), "127.0.0.1"));
    Matcher counts = last(COUNTS, output);

    assertThat(counts.group(1)).as(output).isEqualTo(Integer.toString(CLIENTS * MESSAGES));
    assertThat(counts.group(2)).as(output).isEqualTo(Integer.toString(CLIENTS * MESSAGES / 2));
  }

  /** {@code -y}: clients in pairs, each the peer of the other, from relay to relay. */
  @Test
  void clientsReachEachOtherThroughTheirRelays() {
    assertNothingLost(arguments(List.of("-y", "-c"), STATIC_USER, List.of(), "127.0.0.1"));
  }

  /** {@code -G} repeats permissions and bindings, {@code -D} pads ChannelData over UDP, too. */
  @Test
  void repeatedRequestsAndPaddedDatagramsAreFine() {
    assertNothingLost(
        arguments(List.of("-G", "-D", "-c"), STATIC_USER, peer("127.0.0.1"), "127.0.0.1"));
  }

  /** {@code -M}: each client moves to another address after its first messages (RFC 8016). */
  static Stream<List<String>> waysToMove() {
    return Stream.of(List.of("-M", "-c"), List.of("-M", "-c", "-s"), List.of("-M", "-c", "-t"));
  }

  @ParameterizedTest
  @MethodSource("waysToMove")
  void nothingIsLostWhenClientsMove(List<String> way) {
    assertNothingLost(arguments(way, STATIC_USER, peer("127.0.0.1"), "127.0.0.1"));
  }

  /** {@code -J}: tokens under the keys that coturn's client has built in (RFC 7635). */
  static Stream<List<String>> waysWithAccessTokens() {
    return Stream.of(
        List.of("-J", "-c"), List.of("-J", "-c", "-s"), List.of("-J", "-c", "-t"), List.of("-J"));
  }

  @ParameterizedTest
  @MethodSource("waysWithAccessTokens")
  void nothingIsLostWithAccessTokens(List<String> way) {
    assertNothingLost(arguments(way, STATIC_USER, peer("127.0.0.1"), "127.0.0.1"));
  }

  /** {@code -g}: DONT-FRAGMENT. */
  @ParameterizedTest
  @ValueSource(strings = {"-c", "-s", "-t"})
  void nothingIsLostWithDontFragment(String way) {
    assertNothingLost(arguments(List.of("-g", way), STATIC_USER, peer("127.0.0.1"), "127.0.0.1"));
  }

  @Test
  void aWrongPasswordGetsNothing() {
    String output =
        uclient(
            arguments(
                List.of("-c"),
                List.of("-u", RelayProcess.USER, "-w", "guess"),
                peer("127.0.0.1"),
                "127.0.0.1"));

    assertThat(output).contains("Cannot complete Allocation").doesNotContain("Total lost packets");
  }

  @Test
  void stunclientSeesItselfAndTheOtherAddress() {
    String stunclient = Requires.program("turnutils_stunclient", PACKAGE).toString();
    Program.Result result =
        runWithPortsOfItsChoice(stunclient, "-p", Integer.toString(relay.port()), "127.0.0.1");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("RFC 5780 response 3")
        .contains("UDP reflexive addr: 127.0.0.1:")
        .contains("Response origin: : 127.0.0.1:" + relay.port())
        .contains("Other addr: : 127.0.0.2:" + (relay.port() + 1));
  }

  @Test
  void natdiscoveryFindsNoNatOnLoopback() {
    String discovery = Requires.program("turnutils_natdiscovery", PACKAGE).toString();
    Program.Result result =
        runWithPortsOfItsChoice(
            discovery,
            "-m",
            "-f",
            "-L",
            "127.0.0.1",
            "-p",
            Integer.toString(relay.port()),
            "127.0.0.1");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .doesNotContain("timeout")
        .contains("No NAT! (Endpoint Independent Mapping)")
        .contains("Endpoint Independent Filtering!");
  }

  /**
   * Runs a tool that asks the system for a port and then takes the next one too, for RESPONSE-PORT,
   * and gives up when some other program has that. Then it is run again: it said nothing about the
   * relay.
   */
  private static Program.Result runWithPortsOfItsChoice(String... command) {
    Program.Result result = Program.run(LIMIT, command);
    for (int again = 0; again < 4 && result.output().contains(PORT_TAKEN); again++) {
      result = Program.run(LIMIT, command);
    }
    return result;
  }

  /** What the relay said when it was ready. */
  String readyLine() {
    return relay.readyLine();
  }

  void assertNothingLost(List<String> arguments) {
    String output = uclient(arguments);
    Matcher counts = last(COUNTS, output);
    Matcher lost = last(LOST, output);

    assertThat(Integer.parseInt(counts.group(1)))
        .as(output)
        .isGreaterThanOrEqualTo(CLIENTS * MESSAGES);
    assertThat(counts.group(2)).as(output).isEqualTo(counts.group(1));
    assertThat(lost.group(1)).as(output).isEqualTo("0");
    assertThat(lost.group(2)).as(output).isEqualTo("0");
  }

  private static Matcher last(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    int start = -1;
    while (matcher.find()) {
      start = matcher.start();
    }
    assertThat(start).as("no line like %s in:%n%s", pattern, output).isNotNegative();
    matcher.find(start);
    return matcher;
  }

  /**
   * Runs the tool. Of the numbers it draws for its channels one is 0x7FFF, which no RFC allows
   * (5766 §11.2 ends at 0x7FFE): it then gives up at the 400, and is asked again.
   */
  private String uclient(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Requires.program("turnutils_uclient", PACKAGE).toString());
    command.addAll(List.of("-p", Integer.toString(relay.port())));
    command.addAll(
        List.of("-m", Integer.toString(CLIENTS), "-n", Integer.toString(MESSAGES), "-z", "10"));
    command.addAll(arguments);
    String output = Program.run(LIMIT, command.toArray(String[]::new)).output();
    return output.contains("channel bind: error 400")
        ? Program.run(LIMIT, command.toArray(String[]::new)).output()
        : output;
  }

  List<String> peer(String address) {
    return List.of("-e", address, "-r", Integer.toString(peerPort));
  }

  static List<String> arguments(Object... parts) {
    List<String> arguments = new ArrayList<>();
    for (Object part : parts) {
      if (part instanceof List<?> list) {
        list.forEach(text -> arguments.add(text.toString()));
      } else {
        arguments.add(part.toString());
      }
    }
    return arguments;
  }
}
