package org.bradawl.datapath.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.TurnCounters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batches over real sockets on loopback: what goes into the queue arrives, whole, in order, cut
 * where it must be.
 */
class BatchTest {

  private final Arena arena = Arena.ofConfined();
  private Libc libc;
  private Sockets sockets;
  private SocketAddresses addresses;
  private ReceiveBatch receive;
  private final ShardCounters counters = new ShardCounters();
  private Sender sender;
  private int fd;
  private DatagramSocket peer;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(Abi.describesThisMachine(), "Linux on x86-64 or aarch64 only");
    libc = new Libc(arena);
    addresses = new SocketAddresses();
    sockets = new Sockets(libc, addresses, arena);
    receive = new ReceiveBatch(libc, arena);
    sender = new Sender(libc, counters, arena);
    fd = sockets.openUdp(new TransportAddress(IpAddress.parse("127.0.0.1"), 0), false);
    assertThat(fd).isPositive();
    peer = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    peer.setSoTimeout(2_000);
  }

  @AfterEach
  void close() {
    if (peer != null) {
      peer.close();
      sockets.close(fd);
    }
    arena.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1400})
  void sendsRunsWithAHeaderBeforeEachPacket(int segmentLimit) throws Exception {
    SendQueue queue = new SendQueue(receive, segmentLimit, arena);
    TransportAddress to = TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress());
    for (String text : List.of("alpha", "bravo", "fox", "gamma")) {
      queue.add(7, to, 0x4000_0000 | text.length(), bytes(text));
    }
    queue.add(7, to, bytes("plain"));

    flush(queue);

    List<String> received = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      received.add(next());
    }
    assertThat(received)
        .containsExactly("@\0\0\5alpha", "@\0\0\5bravo", "@\0\0\3fox", "@\0\0\5gamma", "plain");
    assertThat(statistics().packetsOut()).isEqualTo(5);
    assertThat(statistics().bytesOut()).isEqualTo(9 + 9 + 7 + 9 + 5);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void sendsFromTheReceiveMemoryWithoutCopying() throws Exception {
    SendQueue queue = new SendQueue(receive, 1400, arena);
    peer.send(packet("hello there"));
    assertThat(receiveSome()).isEqualTo(1);
    assertThat(receive.length(0)).isEqualTo(11);
    assertThat(receive.segmentSize(0)).isEqualTo(11);
    TransportAddress from =
        Objects.requireNonNull(addresses.read(receive.sources(), receive.sourceAt(0)));
    assertThat(from.port()).isEqualTo(peer.getLocalPort());
    assertThat(addresses.read(receive.sources(), receive.sourceAt(0))).isSameAs(from);

    int start = receive.start(0);
    queue.add(3, from, receive.buffer().limit(start + 11).position(start + 6));
    flush(queue);

    assertThat(next()).isEqualTo("there");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void putsAHeaderBeforeWhatWasReceivedAlone(boolean alone) throws Exception {
    SendQueue queue = new SendQueue(receive, 1400, arena);
    for (String text : List.of("first", "other")) {
      peer.send(packet(text));
    }
    assertThat(receiveSome()).isEqualTo(2);
    TransportAddress from =
        Objects.requireNonNull(addresses.read(receive.sources(), receive.sourceAt(0)));

    queue.mayPrepend(alone);
    for (int slot = 0; slot < 2; slot++) {
      int start = receive.start(slot);
      queue.add(3, from, 0x4000_0005, receive.buffer().limit(start + 5).position(start));
    }
    assertThat(queue.runPackets[queue.firstRun(3)]).as("one run").isEqualTo(2);
    assertThat(queue.runHasHeaders[queue.firstRun(3)]).isEqualTo(!alone);
    flush(queue);

    assertThat(next()).isEqualTo("@\0\0\5first");
    assertThat(next()).isEqualTo("@\0\0\5other");
    int untouched = receive.start(1);
    byte[] kept = new byte[5];
    receive.buffer().clear().get(untouched, kept);
    assertThat(new String(kept, US_ASCII)).isEqualTo("other");
  }

  @Test
  void theKernelSaysHowManyItDropped() throws Exception {
    assertThat(sockets.set(fd, Abi.SOL_SOCKET, Abi.SO_RCVBUF, 4096)).isZero();
    assertThat(sockets.set(fd, Abi.SOL_SOCKET, Abi.SO_RXQ_OVFL, 1)).isZero();
    String large = "x".repeat(1_000);
    for (int i = 0; i < 100; i++) {
      peer.send(packet(large));
    }
    int kept = receiveSome();
    assertThat(kept).isBetween(1, 50);
    assertThat(receive.drops(0)).as("none before the first").isZero();
    peer.send(packet("after"));

    assertThat(receiveSome()).isEqualTo(1);

    assertThat(receive.drops(kept)).isEqualTo(100 - kept);
    assertThat(receive.segmentSize(kept)).isEqualTo(5);
  }

  @Test
  void receivesARunOfOneFlowInOneSlot() throws Exception {
    assumeTrue(sockets.set(fd, Abi.SOL_UDP, Abi.UDP_GRO, 1) == 0, "this kernel has no UDP_GRO");
    int source = sockets.openUdp(new TransportAddress(IpAddress.parse("127.0.0.1"), 0), false);
    SendQueue queue = new SendQueue(receive, 1400, arena);
    TransportAddress to = sockets.localAddress(fd);
    for (int i = 0; i < 10; i++) {
      queue.add(1, to, bytes("packet " + i));
    }
    queue.add(1, to, bytes("end"));
    for (int i = 0; i < queue.dirtySockets(); i++) {
      sender.send(source, queue, queue.firstRun(queue.dirtySocket(i)));
    }
    queue.clear();
    sockets.close(source);

    assertThat(receiveSome()).isEqualTo(1);
    assertThat(receive.segmentSize(0)).isEqualTo(8);
    assertThat(receive.length(0)).isEqualTo(83);
  }

  @Test
  void onePacketThatCannotGoDoesNotStopTheOthers() throws Exception {
    SendQueue queue = new SendQueue(receive, 1400, arena);
    TransportAddress to = TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress());
    queue.add(1, new TransportAddress(IpAddress.parse("2001:db8::1"), 9), bytes("other family"));
    queue.add(1, to, bytes("good"));

    flush(queue);

    assertThat(next()).isEqualTo("good");
    assertThat(statistics().dropped(Drop.SEND_REFUSED)).isEqualTo(1);
  }

  @Test
  void runsTooLargeForThePathGoOneByOne() throws Exception {
    SendQueue queue = new SendQueue(receive, 65_000, arena);
    TransportAddress to = TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress());
    queue.add(1, to, ByteBuffer.allocateDirect(30_000));
    queue.add(1, to, ByteBuffer.allocateDirect(30_000));
    flush(queue);
    assertThat(next()).hasSize(30_000);
    assertThat(next()).hasSize(30_000);
  }

  private void flush(SendQueue queue) {
    for (int i = 0; i < queue.dirtySockets(); i++) {
      sender.send(fd, queue, queue.firstRun(queue.dirtySocket(i)));
    }
    queue.clear();
  }

  private DatapathStatistics statistics() {
    return counters.statistics(TurnCounters.Snapshot.EMPTY, 0, 0);
  }

  /** Loopback delivers within the sender's call, so one look finds what was sent before it. */
  private int receiveSome() {
    return receive.receive(fd, receive.free());
  }

  private String next() throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    peer.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), US_ASCII);
  }

  private DatagramPacket packet(String text) {
    TransportAddress to = sockets.localAddress(fd);
    byte[] bytes = text.getBytes(US_ASCII);
    return new DatagramPacket(bytes, bytes.length, to.toSocketAddress());
  }

  private static ByteBuffer bytes(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  /** A relay socket sets DF only while it is told to (IP_MTU_DISCOVER, ip(7)). */
  @Test
  void dfIsSetOnlyWhenAskedFor() {
    int relay = sockets.openUdp(new TransportAddress(IpAddress.parse("127.0.0.1"), 0), false);
    sockets.prepareRelay(relay, IpAddress.Family.IPV4);
    assertThat(sockets.get(relay, Abi.IPPROTO_IP, Abi.IP_MTU_DISCOVER))
        .isEqualTo(Abi.IP_PMTUDISC_DONT);
    assertThat(sockets.get(relay, Abi.IPPROTO_IP, Abi.IP_RECVERR)).isEqualTo(1);
    sockets.mayFragment(relay, IpAddress.Family.IPV4, false);
    assertThat(sockets.get(relay, Abi.IPPROTO_IP, Abi.IP_MTU_DISCOVER))
        .isEqualTo(Abi.IP_PMTUDISC_DO);
    sockets.mayFragment(relay, IpAddress.Family.IPV4, true);
    assertThat(sockets.get(relay, Abi.IPPROTO_IP, Abi.IP_MTU_DISCOVER))
        .isEqualTo(Abi.IP_PMTUDISC_DONT);
    sockets.close(relay);
  }
}
