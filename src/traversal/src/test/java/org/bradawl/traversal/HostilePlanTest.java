package org.bradawl.traversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.traversal.Peers.endpoint;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.PortModel;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;

/** What a server or a peer can make a host do that means harm, in virtual time. */
class HostilePlanTest {

  private static final long MILLI = 1_000_000;
  private static final Peer SELF =
      Peers.peer(
          "self", "198.51.100.1", "192.168.1.2", Behavior.UNKNOWN, Behavior.UNKNOWN, ports());
  private static final Peer LIAR =
      Peers.peer("liar", "203.0.113.1", "192.168.1.3", Behavior.UNKNOWN, Behavior.UNKNOWN, ports());
  private static final TransportAddress VICTIM = endpoint("192.0.2.66", 53);

  private final Recorder recorder = new Recorder();

  private static PortModel ports() {
    return new PortModel.Preserving(1);
  }

  private static final class Recorder implements TraversalActions {
    final List<TransportAddress> wroteTo = new ArrayList<>();
    final List<TransportAddress> connectedTo = new ArrayList<>();
    final Set<Integer> opened = new HashSet<>();

    @Override
    public void open(int socket) {
      opened.add(socket);
    }

    @Override
    public void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram) {
      wroteTo.add(to);
    }

    @Override
    public void openTcp(int socket) {
      opened.add(socket);
    }

    @Override
    public void connect(int connection, int socket, TransportAddress to, int ttl) {
      connectedTo.add(to);
    }

    @Override
    public void ask(int connection, int socket, TransportAddress server) {}

    @Override
    public void sendOver(int connection, ByteBuffer message) {}

    @Override
    public void publish(Preparation preparation) {}

    @Override
    public void relay() {}

    @Override
    public void finished(Outcome outcome) {}
  }

  private static Step step(int number, Transport transport, Task task) {
    return new Step(
        number,
        Method.PUNCH,
        transport,
        "because",
        Duration.ZERO,
        Duration.ofSeconds(30),
        task,
        task);
  }

  private Traversal follow(List<Step> steps) {
    return new Traversal(
        new Traversal.Setting(
            Side.INITIATOR,
            SELF,
            LIAR,
            new Plan(steps, List.of()),
            new Credentials("self", "0123456789012345678901"),
            new Credentials("liar", "0123456789012345678901"),
            Optional.of(endpoint("198.51.100.1", 5000)),
            Optional.empty(),
            List.of()),
        new SplittableRandom(1),
        recorder);
  }

  /** Runs it; what it opens, opens, and what it connects to is refused. */
  private void run(Traversal traversal, Preparation preparation, Duration time) {
    traversal.start(0);
    for (int socket : List.copyOf(recorder.opened)) {
      traversal.opened(socket, endpoint("192.168.1.2", 10_000 + socket), 0);
    }
    traversal.prepared(preparation, 0, 0);
    int refused = 0;
    for (long now = 0; now < time.toNanos(); now += MILLI) {
      traversal.advance(now);
      for (; refused < recorder.connectedTo.size(); refused++) {
        traversal.connectionFailed((1 << 20) + refused, now);
      }
    }
  }

  private static List<TransportAddress> many(String address) {
    return IntStream.range(1, 257).mapToObj(port -> endpoint(address, port)).toList();
  }

  @Test
  void whereAPlanPointsAtSomebodyElseNothingGoes() {
    Task known = Task.to(List.of(VICTIM, endpoint("198.51.100.1", 22)));
    Task announced = Task.toAnnounced().aimed(Task.Aim.ANNOUNCED, 256);
    Task search = Task.toAnnounced().aimed(Task.Aim.SEARCHED, 4_096);
    List<Step> steps =
        List.of(
            step(0, Transport.UDP, known),
            step(1, Transport.TCP, known),
            step(2, Transport.UDP, announced),
            step(3, Transport.TCP, announced),
            step(4, Transport.UDP, search));
    for (int number = 0; number < steps.size(); number++) {
      run(
          follow(steps),
          new Preparation(
              number,
              many("192.0.2.66"),
              Optional.of(new Preparation.Range(endpoint("192.0.2.66", 1), 65_535))),
          Duration.ofSeconds(35));
    }
    assertThat(recorder.wroteTo).isEmpty();
    assertThat(recorder.connectedTo).isEmpty();
  }

  @Test
  void neitherEverybodyNorNobodyIsATarget() {
    for (String address : List.of("224.0.0.1", "255.255.255.255", "0.0.0.0", "ff02::1", "::")) {
      Peer everybody =
          Peers.peer("x", address, address, Behavior.UNKNOWN, Behavior.UNKNOWN, ports());
      assertThat(Targets.of(SELF, everybody).allows(endpoint(address, 5000))).as(address).isFalse();
    }
  }

  /**
   * 64 steps, each with 1,024 sockets that write to 256 ports again and again for half a minute.
   */
  @Test
  void aPlanThatWantsAFloodGetsATrickle() {
    Task task = Task.toAnnounced().from(Task.Sockets.MANY, 1_024).aimed(Task.Aim.ANNOUNCED, 4_096);
    List<Step> steps =
        IntStream.range(0, 64).mapToObj(number -> step(number, Transport.UDP, task)).toList();
    run(
        follow(steps),
        new Preparation(0, many("203.0.113.1"), Optional.empty()),
        Duration.ofSeconds(40));
    assertThat(recorder.opened).hasSizeLessThanOrEqualTo(Traversal.MOST_SOCKETS);
    assertThat(recorder.wroteTo)
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(Checks.MOST_SCHEDULED)
        .allMatch(to -> to.address().equals(LIAR.observed().getFirst()));
  }

  @Test
  void connectionsAreBoundedToo() {
    Task task = Task.toAnnounced().aimed(Task.Aim.ANNOUNCED, 4_096);
    run(
        follow(List.of(step(0, Transport.TCP, task))),
        new Preparation(0, many("203.0.113.1"), Optional.empty()),
        Duration.ofSeconds(40));
    assertThat(recorder.connectedTo)
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(Traversal.MOST_CONNECTIONS);
  }

  @Test
  void aSearchOfAllPortsKeepsToItsBudget() {
    Task task = Task.toAnnounced().aimed(Task.Aim.SEARCHED, 1_024);
    run(
        follow(List.of(step(0, Transport.UDP, task))),
        new Preparation(
            0, List.of(), Optional.of(new Preparation.Range(endpoint("203.0.113.1", 1), 65_535))),
        Duration.ofSeconds(35));
    assertThat(recorder.wroteTo).hasSizeLessThanOrEqualTo(1_024).doesNotHaveDuplicates();
  }
}
