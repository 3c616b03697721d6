package org.bradawl.datapath.portable;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.datapath.ServerPlan;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.datapath.Spoken;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.StunTurnServer;
import org.bradawl.turn.server.TurnCounters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bounds on connections, over real sockets and a clock that the test moves. */
class ConnectionsTest {

  private static final long SECOND = 1_000_000_000;

  /** A Binding request (RFC 8489 §5), complete. */
  private static final byte[] BINDING = {
    0, 1, 0, 0, 0x21, 0x12, (byte) 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
  };

  private final ShardCounters counters = new ShardCounters();
  private final List<SocketChannel> clients = new ArrayList<>();
  private Selector selector;
  private ServerSocketChannel listener;
  private TransportAddress local;
  private Connections connections;
  private StunTurnServer machine;
  private long now = System.nanoTime();

  @BeforeEach
  void open() throws IOException {
    selector = Selector.open();
    listener =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    local = TransportAddress.of((InetSocketAddress) listener.getLocalAddress());
    connections = new Connections(selector, counters, 2, Optional.empty(), List.of());
    ReceiveBuffer buffer = new ReceiveBuffer();
    RelaySockets relays = new RelaySockets(selector, buffer, new AddressCache(), counters);
    StreamRelays streams = new StreamRelays(selector, connections, new Homes(), client -> false, 2);
    DatapathSettings settings =
        DatapathSettings.from(key ->
            Optional.ofNullable(
                Map.of("bradawl.listen.address", "127.0.0.1", "bradawl.listen.tls-port", "0")
                    .get(key)));
    machine =
        new ServerPlan(settings, settings.turn().credentials())
            .machine(
                new ShardActions(
                    connections,
                    Optional.empty(),
                    relays,
                    streams,
                    buffer,
                    counters,
                    RelayObserver.none()));
  }

  @AfterEach
  void close() throws IOException {
    connections.closeAll();
    for (SocketChannel client : clients) {
      client.close();
    }
    listener.close();
    selector.close();
  }

  @Test
  void whoSaysNothingIsClosedAfterTenSeconds() throws IOException {
    connect();
    pass(9);
    assertThat(connections.size()).isEqualTo(1);
    pass(2);
    assertThat(connections.size()).isZero();
    assertThat(dropped(Drop.CONNECTION_IDLE)).isEqualTo(1);
  }

  @Test
  void whoSpokeHasAMinute() throws IOException {
    FiveTuple path = connect();
    write(BINDING);
    readAll();
    assertThat(answer()).isEqualTo(0x0101);
    pass(59);
    assertThat(connections.find(path)).isNotNull();
    pass(2);
    assertThat(connections.find(path)).isNull();
  }

  @Test
  void anUnfinishedMessageIsNoMessage() throws IOException {
    connect();
    pass(9);
    write(new byte[] {0, 1});
    readAll();
    pass(2);
    assertThat(connections.size()).isZero();
  }

  @Test
  void aLongMessageOfAGuestIsNotWaitedFor() throws IOException {
    connect();
    byte[] begun = new byte[9000];
    System.arraycopy(BINDING, 0, begun, 0, 20);
    begun[2] = (byte) 0x80; // claims 32 kB of attributes
    write(begun);
    for (int i = 0; i < 100 && connections.size() > 0; i++) {
      readAll();
    }
    assertThat(connections.size()).isZero();
    assertThat(dropped(Drop.NOT_STUN)).isEqualTo(1);
  }

  @Test
  void anAllocationKeepsItsConnection() throws IOException {
    FiveTuple path = connect();
    connections.allocated(path, true, now);
    pass(3600);
    assertThat(connections.find(path)).isNotNull();
    connections.allocated(path, false, now);
    pass(61);
    assertThat(connections.find(path)).isNull();
  }

  @Test
  void theOldestGuestMakesRoomAndHoldersOfAllocationsDoNot() throws IOException {
    FiveTuple holder = connect();
    connections.allocated(holder, true, now);
    FiveTuple guest = connect();
    FiveTuple newcomer = connect();
    assertThat(connections.find(guest)).isNull();
    assertThat(connections.find(newcomer)).isNotNull();
    assertThat(dropped(Drop.CONNECTION_EVICTED)).isEqualTo(1);

    connections.allocated(newcomer, true, now);
    FiveTuple refused = connect();
    assertThat(connections.find(refused)).isNull();
    assertThat(connections.find(holder)).isNotNull();
    assertThat(dropped(Drop.TOO_MANY_CONNECTIONS)).isEqualTo(1);
  }

  @Test
  void whoReadsNothingIsClosedAfterHalfAMinute() throws IOException {
    FiveTuple path = connect();
    connections.allocated(path, true, now);
    StreamClient client = Objects.requireNonNull(connections.find(path));
    // More than loopback's buffers hold, so that something waits here.
    for (int i = 0; i < 2000; i++) {
      client.sendData(ByteBuffer.allocate(10_000));
      connections.settle(machine, now);
    }
    assertThat(dropped(Drop.SLOW_READER)).isPositive();
    pass(29);
    assertThat(connections.find(path)).isNotNull();
    pass(2);
    assertThat(connections.find(path)).isNull();
  }

  private FiveTuple connect() throws IOException {
    SocketChannel client = SocketChannel.open(listener.getLocalAddress());
    clients.add(client);
    SocketChannel accepted = listener.accept();
    accepted.configureBlocking(false);
    FiveTuple path =
        new FiveTuple(
            Transport.TCP,
            local,
            TransportAddress.of((InetSocketAddress) accepted.getRemoteAddress()));
    connections.accepted(accepted, local, Spoken.PLAIN, machine, now);
    return path;
  }

  private void write(byte[] bytes) throws IOException {
    clients.getLast().write(ByteBuffer.wrap(bytes));
  }

  /** One turn of a shard, as far as connections go. */
  private void readAll() throws IOException {
    selector.select(1000);
    for (SelectionKey key : selector.selectedKeys()) {
      ((Selected) key.attachment()).ready(machine, now);
    }
    selector.selectedKeys().clear();
    connections.settle(machine, now);
  }

  private int answer() throws IOException {
    ByteBuffer type = ByteBuffer.allocate(2);
    clients.getLast().read(type);
    return type.getShort(0);
  }

  private void pass(long seconds) {
    now += seconds * SECOND;
    connections.settle(machine, now);
  }

  private long dropped(Drop cause) {
    return counters.statistics(TurnCounters.Snapshot.EMPTY, 0, 1).dropped(cause);
  }
}
