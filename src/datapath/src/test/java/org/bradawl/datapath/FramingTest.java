package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Software;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams that are cut, lie, flood, or are something else altogether. */
@ParameterizedClass
@EnumSource(EngineUnderTest.class)
@Timeout(60)
class FramingTest {

  private final EngineUnderTest engine;

  FramingTest(EngineUnderTest engine) {
    this.engine = engine;
  }

  @Test
  void everyWayToCutARequestIsAnswered() throws Exception {
    try (TestRelay relay = engine.relay();
        ClientWire.Tcp wire = relay.tcpWire()) {
      int length = Stun.binding(new Software("abc")).length;
      for (int cut = 1; cut < length; cut++) {
        byte[] request = Stun.binding(new Software("abc"));
        wire.send(Arrays.copyOf(request, cut));
        wire.send(Arrays.copyOfRange(request, cut, length));
        assertAnswered(wire);
      }
    }
  }

  @Test
  void manyRequestsInOneSegmentAreAllAnswered() throws Exception {
    try (TestRelay relay = engine.relay();
        ClientWire.Tcp wire = relay.tcpWire()) {
      ByteBuffer all = ByteBuffer.allocate(20 * 50);
      for (int i = 0; i < 50; i++) {
        all.put(Stun.binding());
      }
      wire.send(all.array());
      for (int i = 0; i < 50; i++) {
        assertAnswered(wire);
      }
    }
  }

  /** Each is closed or ignored; what it claimed is never waited for with memory. */
  @Test
  void lengthsThatLieCostOnlyTheirOwnConnection() throws Exception {
    try (TestRelay relay = engine.relay();
        ClientWire.Tcp honest = relay.tcpWire()) {
      for (int length : new int[] {1, 2, 3, 21, 0xffff}) {
        try (ClientWire.Tcp wire = relay.tcpWire()) {
          byte[] request = Stun.binding();
          ByteBuffer.wrap(request).putShort(2, (short) length);
          wire.send(request);
          assertThat(wire.closedByServer(EngineContract.SOON)).as("length %d", length).isTrue();
        }
      }
      // Shorter than it is: what follows is no message, and the stream is broken.
      try (ClientWire.Tcp wire = relay.tcpWire()) {
        byte[] request =
            Stun.binding(new UnknownAttribute(0xffff, org.bradawl.stun.Bytes.ofInt(-1)));
        ByteBuffer.wrap(request).putShort(2, (short) 0);
        wire.send(request);
        assertThat(wire.closedByServer(EngineContract.SOON)).isTrue();
      }
      // Longer than it is: a guest's unfinished message may not grow beyond its bound.
      try (ClientWire.Tcp wire = relay.tcpWire()) {
        byte[] request = Arrays.copyOf(Stun.binding(), 16 << 10);
        ByteBuffer.wrap(request).putShort(2, (short) 0xfffc);
        assertThat(closedWhileSending(wire, request)).isTrue();
      }
      honest.send(Stun.binding());
      assertAnswered(honest);
      assertThat(relay.datapath().statistics().faults()).isZero();
    }
  }

  private static boolean closedWhileSending(ClientWire.Tcp wire, byte[] bytes) throws IOException {
    try {
      wire.send(bytes);
    } catch (IOException e) {
      return true; // closed before all of it was written
    }
    return wire.closedByServer(EngineContract.SOON);
  }

  /** Padding is skipped whatever it holds, in however many pieces it comes. */
  @Test
  void paddingOfChannelDataIsSkippedWhateverItHolds() throws Exception {
    try (TestRelay relay = engine.relay();
        TurnClient client = relay.tcp();
        Canary peer = new Canary()) {
      client.allocate();
      client.bind(0x4000, peer.at("127.0.0.1"));
      for (int length = 0; length < 9; length++) {
        byte[] message = new byte[4 + (length + 3) / 4 * 4];
        Arrays.fill(message, (byte) 0x40); // padding that looks like ChannelData
        ByteBuffer.wrap(message).putShort((short) 0x4000).putShort((short) length);
        for (byte octet : message) {
          client.wire().send(new byte[] {octet});
        }
        assertThat(peer.heard(EngineContract.SOON).orElseThrow()).hasSize(length);
      }
    }
  }

  /** 64 KB on a channel fits the framing but no datagram: dropped, and the stream goes on. */
  @Test
  void theLargestMessageIsNoEnd() throws Exception {
    try (TestRelay relay = engine.relay();
        TurnClient client = relay.tcp();
        Canary peer = new Canary()) {
      client.allocate();
      client.bind(0x4000, peer.at("127.0.0.1"));
      client.send(0x4000, new byte[65_535]);
      client.send(0x4000, new byte[65_507]);
      assertThat(peer.heard(EngineContract.SOON).orElseThrow()).hasSize(65_507);
      assertThat(client.refresh(600)).isZero();
      assertThat(relay.datapath().statistics().faults()).isZero();
    }
  }

  /** A flood of connections that never finish a message: bounded, and nobody else notices. */
  @Test
  void halfOpenConnectionsMakeRoom() throws Exception {
    Requires.linux();
    try (TestRelay relay =
            engine.relay("bradawl.listen.max-connections=64", "bradawl.engine.shards=1");
        TurnClient working = relay.tcp()) {
      working.allocate();
      long descriptors = Descriptors.open();
      List<Socket> flood = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), relay.server().port());
        socket.getOutputStream().write(new byte[] {0, 1, 0});
        flood.add(socket);
      }
      assertThat(working.refresh(600)).isZero();
      Wait.until(
          "the flood made room",
          () -> relay.datapath().statistics().dropped(Drop.CONNECTION_EVICTED) > 300);
      // Our own ends are descriptors of this process, too.
      assertThat(Descriptors.open() - descriptors - flood.size()).isLessThanOrEqualTo(80);
      for (Socket socket : flood) {
        socket.close();
      }
      assertThat(working.refresh(600)).isZero();
    }
  }

  @Test
  void otherProtocolsAreClosed() throws Exception {
    List<String> greetings =
        List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "SSH-2.0-OpenSSH_9.9\r\n",
            "EHLO example.org\r\n",
            "*1\r\n$4\r\nPING\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            "\u0004\u0001\u0000P\u007f\u0000\u0000\u0001\u0000",
            "%n%n%n%n%s\u0000");
    try (TestRelay relay = engine.relay()) {
      for (String greeting : greetings) {
        try (ClientWire.Tcp wire = relay.tcpWire()) {
          wire.send(greeting.getBytes(StandardCharsets.ISO_8859_1));
          assertThat(wire.closedByServer(EngineContract.SOON)).as(greeting).isTrue();
        }
      }
      try (ClientWire.Tcp wire = relay.tcpWire()) {
        wire.send(Stun.binding());
        assertAnswered(wire);
      }
      assertThat(relay.datapath().statistics().faults()).isZero();
    }
  }

  /** RFC 8489 §6.2.2: also when a request was read and its answer could not be written. */
  @Test
  void noConnectionIsOpenedBackToAClient() throws Exception {
    try (TestRelay relay = engine.relay()) {
      InetSocketAddress local;
      try (Socket socket = new Socket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.9"), 0));
        socket.connect(relay.server().toSocketAddress());
        local = (InetSocketAddress) socket.getLocalSocketAddress();
        socket.setSoLinger(true, 0); // a reset: no TIME_WAIT holds the port
        socket.getOutputStream().write(Stun.binding());
      }
      try (ServerSocket listener = new ServerSocket()) {
        listener.setReuseAddress(true);
        listener.bind(local);
        listener.setSoTimeout((int) Canary.QUIET.toMillis());
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(listener::accept);
      }
      assertThat(relay.server().address()).isEqualTo(IpAddress.parse("127.0.0.1"));
    }
  }

  /** RFC 8489 §6.2.2: after an answer, and after an error. */
  @Test
  void theServerLeavesClosingToTheClient() throws Exception {
    try (TestRelay relay = engine.relay();
        ClientWire.Tcp wire = relay.tcpWire()) {
      wire.send(Stun.binding());
      assertAnswered(wire);
      assertThat(wire.closedByServer(Canary.QUIET)).isFalse();
      wire.send(Stun.binding());
      assertAnswered(wire);
    }
  }

  private static void assertAnswered(ClientWire wire) throws IOException {
    byte[] answer = wire.receive(EngineContract.SOON).orElseThrow();
    StunMessage message = (StunMessage) Decoder.decode(ByteBuffer.wrap(answer));
    assertThat(message.is(MessageClass.SUCCESS_RESPONSE, Method.Known.BINDING)).isTrue();
  }
}
