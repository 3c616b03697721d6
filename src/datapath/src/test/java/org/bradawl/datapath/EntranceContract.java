package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ports where everything is spoken, and clients behind proxies. A subclass names the engine. */
@Timeout(60)
abstract class EntranceContract extends SecureScene {

  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  /** 198.51.100.7:56324 to 192.0.2.1:3478. */
  private static final byte[] STREAM_HEADER =
      HexFormat.of().parseHex(SIGNATURE + "2111000cc6336407c0000201dc040d96");

  private static final byte[] DATAGRAM_HEADER =
      HexFormat.of().parseHex(SIGNATURE + "2112000cc6336407c0000201dc040d96");

  private static final TransportAddress CLIENT =
      new TransportAddress(IpAddress.parse("198.51.100.7"), 56_324);

  @Test
  void everythingIsSpokenOnASharedPort() throws Exception {
    int port = FreePorts.one();
    try (TestRelay relay = relay("bradawl.listen.shared-ports=" + port);
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      TransportAddress shared = new TransportAddress(relay.server().address(), port);
      assertThat(relay.datapath().listeners().stream().filter(l -> l.address().equals(shared)))
          .hasSize(4);
      List<ClientWire> wires =
          List.of(
              new ClientWire.Udp(new TransportAddress(shared.address(), 0), shared),
              new ClientWire.Tcp(shared),
              new TlsWire(shared, "TLSv1.3"),
              new DtlsWire(shared));
      for (ClientWire wire : wires) {
        try (TurnClient client = relay.client(wire)) {
          client.allocate();
          client.bind(0x4000, peer.address());
          client.send(0x4000, "hello");
          assertThat(client.receive(SOON)).contains("hello");
        }
      }
      assertThat(relay.started.stream().map(started -> started.info().client().transport()))
          .containsExactly(Transport.UDP, Transport.TCP, Transport.TLS, Transport.DTLS);
    }
  }

  @Test
  void hostileBytesAtASharedPortKeepNothing() throws Exception {
    Requires.linux();
    int port = FreePorts.one();
    try (TestRelay relay = relay("bradawl.listen.shared-ports=" + port)) {
      TransportAddress shared = new TransportAddress(relay.server().address(), port);
      long before = Descriptors.open();
      Random random = new Random(11);
      for (int i = 0; i < 256; i++) {
        byte[] bytes = new byte[400];
        random.nextBytes(bytes);
        bytes[0] = (byte) i;
        try (ClientWire.Tcp tcp = new ClientWire.Tcp(shared);
            ClientWire.Udp udp =
                new ClientWire.Udp(new TransportAddress(shared.address(), 0), shared)) {
          tcp.send(bytes);
          udp.send(bytes);
        }
      }
      Wait.until("closed", () -> relay.datapath().statistics().connections() == 0);
      assertThat(relay.datapath().statistics().faults()).isZero();
      Descriptors.fallTo(before + 5);
      try (TurnClient client = relay.client(new TlsWire(shared, "TLSv1.3"))) {
        client.allocate();
      }
    }
  }

  @Test
  void aProxySaysWhoseStreamItIs() throws Exception {
    try (TestRelay relay = relay("bradawl.listen.proxies=127.0.0.1")) {
      for (byte[] header :
          List.of(
              STREAM_HEADER,
              "PROXY TCP4 198.51.100.7 192.0.2.1 56324 3478\r\n"
                  .getBytes(StandardCharsets.US_ASCII))) {
        try (ClientWire.Tcp wire = relay.tcpWire();
            TurnClient client = relay.client(wire)) {
          // In pieces, and with the first request right behind.
          wire.send(slice(header, 0, 7));
          wire.send(joined(slice(header, 7, header.length), Stun.binding()));
          assertThat(mapped(wire)).isEqualTo(CLIENT);
          client.allocate();
          assertThat(relay.started.getLast().info().client().client()).isEqualTo(CLIENT);
        }
        Wait.until("gone", () -> relay.ended.size() == relay.started.size());
      }
    }
  }

  @Test
  void aProxySaysWhoseTlsItIs() throws Exception {
    try (TestRelay relay = relay("bradawl.listen.proxies=127.0.0.0/8");
        TlsWire wire = new TlsWire(relay.tls(), STREAM_HEADER);
        TurnClient client = relay.client(wire)) {
      client.allocate();
      assertThat(relay.started.getFirst().info().client().client()).isEqualTo(CLIENT);
      assertThat(relay.started.getFirst().info().client().transport()).isEqualTo(Transport.TLS);
    }
  }

  @Test
  void aProxySaysWhoseDatagramEachIs() throws Exception {
    try (TestRelay relay = relay("bradawl.listen.proxies=127.0.0.1");
        ClientWire.Udp udp =
            new ClientWire.Udp(new TransportAddress(relay.server().address(), 0), relay.server());
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"));
        TurnClient client = relay.client(proxied(udp))) {
      udp.send(joined(DATAGRAM_HEADER, Stun.binding()));
      assertThat(mapped(udp)).isEqualTo(CLIENT);
      client.allocate();
      assertThat(relay.started.getFirst().info().client().client()).isEqualTo(CLIENT);
      client.bind(0x4000, peer.address());
      client.send(0x4000, "there and back");
      assertThat(client.receive(SOON)).contains("there and back");
    }
  }

  private static ClientWire proxied(ClientWire.Udp udp) {
    return udp.sending(message -> udp.send(joined(DATAGRAM_HEADER, message)));
  }

  @Test
  void aProxyThatNamesNobodyIsDropped() throws Exception {
    try (TestRelay relay = relay("bradawl.listen.proxies=127.0.0.1")) {
      try (ClientWire.Tcp wire = relay.tcpWire()) {
        wire.send(Stun.binding());
        assertThat(wire.closedByServer(SOON)).isTrue();
      }
      try (DatagramSocket udp = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
        byte[] binding = Stun.binding();
        udp.send(new DatagramPacket(binding, binding.length, relay.server().toSocketAddress()));
        Wait.until(
            "both counted", () -> relay.datapath().statistics().dropped(Drop.PROXY_HEADER) == 2);
      }
    }
  }

  @Test
  void whoIsNoProxyMayNotSayWhoItIs() throws Exception {
    try (TestRelay relay = relay("bradawl.listen.proxies=127.0.0.9");
        ClientWire.Udp udp =
            new ClientWire.Udp(new TransportAddress(relay.server().address(), 0), relay.server())) {
      try (ClientWire.Tcp wire = relay.tcpWire()) {
        wire.send(joined(STREAM_HEADER, Stun.binding()));
        assertThat(wire.closedByServer(SOON)).isTrue();
      }
      udp.send(joined(DATAGRAM_HEADER, Stun.binding()));
      udp.send(Stun.binding());
      assertThat(mapped(udp)).isEqualTo(udp.local());
    }
  }

  private static TransportAddress mapped(ClientWire wire) throws IOException {
    byte[] answer = wire.receive(SOON).orElseThrow(() -> new AssertionError("no answer"));
    StunMessage message = (StunMessage) Decoder.decode(ByteBuffer.wrap(answer));
    return message.first(XorMappedAddress.class).orElseThrow().address();
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }
}
