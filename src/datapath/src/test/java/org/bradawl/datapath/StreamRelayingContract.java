package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.bradawl.tests.support.Requires;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.AllocationView.ConnectionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RFC 6062 over real sockets on loopback, with what a {@link StreamScene} is made of. */
@Timeout(60)
abstract class StreamRelayingContract extends StreamScene {

  private static final int MEGABYTE = 1 << 20;

  /** What reading and writing may take for a while: chunks, records, what the test itself makes. */
  private static final long HEAP_NOISE = 4 * MEGABYTE;

  @Test
  void aClientReachesAPeer() throws Exception {
    try (Reached there = new Reached();
        DataWire data = there.bind()) {
      assertThat(there.peer.getPort())
          .as("from the relayed address")
          .isEqualTo(there.relayed.port());
      assertCarried(data.out(), there.peer.getInputStream(), "hello");
      assertCarried(there.peer.getOutputStream(), data.in(), "welcome");
      AllocationView view = there.relay.datapath().allocations().getFirst();
      assertThat(view.relaysTcp()).isTrue();
      assertThat(view.connections())
          .containsExactly(
              new AllocationView.Connection(address(there.listener), ConnectionState.BOUND, 5, 7));
    }
  }

  @Test
  void aPeerReachesAClient() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = client(relay)) {
      TransportAddress relayed = client.allocateTcp();
      assertThat(client.permit(new TransportAddress(LOOPBACK, 9))).isZero();
      try (Socket peer = connectTo(relayed)) {
        StunMessage attempt = client.attempt();
        assertThat(attempt.first(XorPeerAddress.class).orElseThrow().address())
            .isEqualTo(new TransportAddress(LOOPBACK, peer.getLocalPort()));
        try (DataWire data = bind(relay, attempt.first(ConnectionId.class).orElseThrow())) {
          assertCarried(peer.getOutputStream(), data.in(), "hello");
          assertCarried(data.out(), peer.getInputStream(), "welcome");
        }
      }
    }
  }

  /** A peer that is not permitted is cut off at once. */
  @Test
  void aPeerWithoutPermissionIsClosed() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = client(relay)) {
      TransportAddress relayed = client.allocateTcp();
      try (Socket peer = connectTo(relayed)) {
        assertThat(endsSoon(peer)).isTrue();
      }
    }
  }

  @Test
  void twoClientsMeetAtTheirRelays() throws Exception {
    try (TestRelay relay = relay("bradawl.relay.allowed-peers=");
        TurnClient alice = client(relay);
        TurnClient bob = client(relay)) {
      TransportAddress aliceRelayed = alice.allocateTcp();
      TransportAddress bobRelayed = bob.allocateTcp();
      assertThat(alice.permit(bobRelayed)).isZero();
      ConnectionId bobs = bob.connect(aliceRelayed);
      StunMessage attempt = alice.attempt();
      assertThat(attempt.first(XorPeerAddress.class).orElseThrow().address()).isEqualTo(bobRelayed);
      try (DataWire fromBob = bind(relay, bobs);
          DataWire fromAlice = bind(relay, attempt.first(ConnectionId.class).orElseThrow())) {
        byte[] much = random(3 * MEGABYTE);
        CompletableFuture<Void> writing = writing(fromBob.out(), much);
        assertThat(hash(fromAlice.in().readNBytes(much.length))).isEqualTo(hash(much));
        writing.join();
        fromAlice.out().write(bytes("thanks"));
        assertThat(read(fromBob.in(), 6)).isEqualTo("thanks");
      }
    }
  }

  /** Data connections that were accepted on one shard and belong to another, all of them busy. */
  @Test
  void manyConnectionsAtOnceKeepTheirBytesApart() throws Exception {
    try (TestRelay relay = relay()) {
      List<AutoCloseable> open = new ArrayList<>();
      List<CompletableFuture<Void>> done = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        TurnClient client = client(relay);
        client.allocateTcp();
        try (ServerSocket listener = listening()) {
          ConnectionId id = client.connect(address(listener));
          Socket peer = accept(listener);
          DataWire data = bind(relay, id);
          open.addAll(List.of(peer, data, client));
          byte[] up = random(MEGABYTE + i);
          byte[] down = random(2 * MEGABYTE + i);
          done.add(writing(data.out(), up));
          done.add(writing(peer.getOutputStream(), down));
          done.add(reading(peer.getInputStream(), up));
          done.add(reading(data.in(), down));
        }
      }
      for (CompletableFuture<Void> each : done) {
        each.join();
      }
      for (AutoCloseable each : open) {
        each.close();
      }
    }
  }

  /**
   * The peer sends more than all buffers on the way hold before anybody binds: it is stopped, and
   * nothing of it is lost.
   */
  @Test
  void whatAPeerSendsBeforeTheBindArrivesWhole() throws Exception {
    try (Reached there = new Reached()) {
      byte[] much = random(16 * MEGABYTE);
      long before = Memory.used();
      CompletableFuture<Void> writing = writing(there.peer.getOutputStream(), much);
      assertThat(isStopped(there.relay, writing)).isTrue();
      assertThat(Memory.used() - before).as("held for the client").isLessThan(HEAP_NOISE);
      assertThat(there.relay.datapath().allocations().getFirst().traffic().bytesDown())
          .as("taken from the peer before the bind")
          .isZero();
      try (DataWire data = there.bind()) {
        assertThat(hash(data.in().readNBytes(much.length))).isEqualTo(hash(much));
      }
      writing.join();
      there.peer.close();
      assertThat(there.relay.datapath().statistics().dropped(Drop.SLOW_READER)).isZero();
    }
  }

  /** The same with a client that binds and does not read, and with a peer that does not. */
  @Test
  void aReceiverThatDoesNotReadStopsTheSender() throws Exception {
    try (Reached there = new Reached();
        DataWire data = there.bind()) {
      byte[] down = random(24 * MEGABYTE);
      byte[] up = random(25 * MEGABYTE);
      long before = Memory.used();
      CompletableFuture<Void> writingDown = writing(there.peer.getOutputStream(), down);
      CompletableFuture<Void> writingUp = writing(data.out(), up);
      assertThat(isStopped(there.relay, writingDown)).isTrue();
      assertThat(isStopped(there.relay, writingUp)).isTrue();
      assertThat(Memory.used() - before).as("held for either side").isLessThan(HEAP_NOISE);
      assertThat(hash(data.in().readNBytes(down.length))).isEqualTo(hash(down));
      assertThat(hash(there.peer.getInputStream().readNBytes(up.length))).isEqualTo(hash(up));
      writingDown.join();
      writingUp.join();
    }
  }

  /** Whether a writer has come to a standstill: nothing moves, and it is not done. */
  private static boolean isStopped(TestRelay relay, CompletableFuture<Void> writing)
      throws InterruptedException {
    long before = -1;
    for (int i = 0; i < 50; i++) {
      long now = relay.datapath().allocations().getFirst().traffic().bytesDown();
      if (now == before && i > 3) {
        return !writing.isDone();
      }
      before = now;
      Thread.sleep(100);
    }
    return false;
  }

  /** Behind its request a client may send at once what is for the peer. */
  @Test
  void whatFollowsTheRequestBelongsToThePeer() throws Exception {
    try (Reached there = new Reached();
        ClientWire.Tcp wire = wire(there.relay);
        TurnClient data =
            new TurnClient(appending(wire, bytes("early")), TestRelay.USER, TestRelay.PASSWORD)) {
      assertThat(TurnClient.error(data.request(Method.Known.REFRESH))).isEqualTo(437);
      assertThat(TurnClient.error(data.request(Method.Known.CONNECTION_BIND, there.id))).isZero();
      wire.socket().getOutputStream().write(bytes(", then late"));
      assertThat(read(there.peer.getInputStream(), 16)).isEqualTo("early, then late");
    }
  }

  @Test
  void eachSideMayEndItsHalfFirst() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = client(relay);
        ServerSocket listener = listening()) {
      client.allocateTcp();
      for (boolean clientFirst : new boolean[] {true, false}) {
        ConnectionId id = client.connect(address(listener));
        try (Socket peer = accept(listener);
            DataWire data = bind(relay, id)) {
          Socket first = clientFirst ? data.wire().socket() : peer;
          InputStream firstIn = clientFirst ? data.in() : peer.getInputStream();
          Socket second = clientFirst ? peer : data.wire().socket();
          InputStream secondIn = clientFirst ? peer.getInputStream() : data.in();
          first.getOutputStream().write(bytes("question"));
          first.shutdownOutput();
          assertThat(new String(secondIn.readAllBytes(), StandardCharsets.UTF_8))
              .isEqualTo("question");
          second.getOutputStream().write(bytes("answer"));
          second.shutdownOutput();
          assertThat(new String(firstIn.readAllBytes(), StandardCharsets.UTF_8))
              .isEqualTo("answer");
        }
      }
    }
  }

  @Test
  void whatAPeerSentBeforeItClosedArrivesThough() throws Exception {
    try (Reached there = new Reached()) {
      there.peer.getOutputStream().write(bytes("and good-bye"));
      there.peer.close();
      try (DataWire data = there.bind()) {
        assertThat(new String(data.in().readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("and good-bye");
      }
    }
  }

  @Test
  void theDataConnectionsEndWithTheAllocation() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = client(relay);
        ServerSocket listener = listening()) {
      assertThat(client.refresh(0)).as("so the server has accepted it").isEqualTo(437);
      long before = Descriptors.open();
      client.allocateTcp();
      ConnectionId id = client.connect(address(listener));
      try (Socket peer = accept(listener);
          DataWire data = bind(relay, id)) {
        assertCarried(data.out(), peer.getInputStream(), "counted");
        assertThat(client.refresh(0)).isZero();
        assertThat(endsSoon(peer)).isTrue();
        assertThat(endsSoon(data.wire().socket())).isTrue();
      }
      Wait.until("the end is told", () -> relay.ended.size() == 1);
      AllocationSummary summary = relay.ended.getFirst();
      assertThat(summary.traffic().bytesUp()).isEqualTo(7);
      Descriptors.fallTo(before);
    }
  }

  @Test
  void connectingAgainAndAgainFromOneAddressWorks() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = client(relay)) {
      TransportAddress relayed = client.allocateTcp();
      client.permit(new TransportAddress(LOOPBACK, 9));
      for (int i = 0; i < 10; i++) {
        try (ServerSocket listener = listening()) {
          ConnectionId id = client.connect(address(listener));
          try (Socket peer = accept(listener);
              DataWire data = bind(relay, id);
              Socket incoming = connectTo(relayed)) {
            ConnectionId second = client.attempt().first(ConnectionId.class).orElseThrow();
            try (DataWire other = bind(relay, second)) {
              assertCarried(data.out(), peer.getInputStream(), "out");
              assertCarried(incoming.getOutputStream(), other.in(), "in");
            }
          }
        }
      }
    }
  }

  @Test
  void aPeerThatRefusesIs447() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = client(relay)) {
      client.allocateTcp();
      TransportAddress nobody;
      try (ServerSocket listener = listening()) {
        nobody = address(listener);
      }
      StunMessage answer = client.request(Method.Known.CONNECT, new XorPeerAddress(nobody));
      assertThat(TurnClient.error(answer)).isEqualTo(447);
    }
  }

  @Test
  void ipv6IsRelayedToo() throws Exception {
    Requires.ipv6Loopback();
    try (TestRelay relay = relay("bradawl.listen.address=::1");
        TurnClient client = client(relay);
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.ofLiteral("::1"))) {
      StunMessage answer =
          client.request(
              Method.Known.ALLOCATE,
              new RequestedTransport(RequestedTransport.TCP),
              new RequestedAddressFamily(IpAddress.Family.IPV6));
      assertThat(answer.first(XorRelayedAddress.class)).isPresent();
      ConnectionId id =
          client.connect(new TransportAddress(IpAddress.parse("::1"), listener.getLocalPort()));
      try (Socket peer = accept(listener);
          DataWire data = bind(relay, id)) {
        assertCarried(data.out(), peer.getInputStream(), "six");
      }
    }
  }
}
