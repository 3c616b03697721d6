package org.bradawl.datapath.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be seen without a router; that packets die of it is seen in the lab of NATs. */
class LowTtlTest {

  private static final int TTL = 3;

  @BeforeEach
  void onLinux() {
    assumeTrue(Abi.describesThisMachine(), "needs Linux on x86-64 or aarch64");
    assertThat(LowTtl.prepare()).isTrue();
  }

  private static InetSocketAddress anyPort(String address) {
    return new TransportAddress(IpAddress.parse(address), 0).toSocketAddress();
  }

  private static DatagramChannel socket() throws IOException {
    return DatagramChannel.open(StandardProtocolFamily.INET).bind(anyPort("127.0.0.1"));
  }

  private static TransportAddress local(DatagramChannel channel) throws IOException {
    return TransportAddress.of((InetSocketAddress) channel.getLocalAddress());
  }

  @Test
  void datagramsLeaveFromTheSocketThatIsMeant() throws IOException {
    try (DatagramChannel sender = socket();
        DatagramChannel bystander = socket();
        DatagramChannel receiver = socket()) {
      int usual = ttl(bystander);
      List<Integer> meanwhile = new ArrayList<>();
      boolean called =
          LowTtl.during(
              local(sender),
              TTL,
              () -> {
                meanwhile.addAll(List.of(ttl(sender), ttl(bystander)));
                send(sender, ByteBuffer.wrap(new byte[] {1}), receiver);
              });
      assertThat(called).isTrue();
      assertThat(meanwhile).containsExactly(TTL, usual);
      assertThat(receiver.receive(ByteBuffer.allocate(8))).isEqualTo(sender.getLocalAddress());
      assertThat(ttl(sender)).as("afterwards").isEqualTo(usual);
    }
  }

  /** What the kernel has for the socket that is bound there. */
  private static int ttl(DatagramChannel channel) {
    try (Arena arena = Arena.ofConfined();
        Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      Sockets sockets = new Sockets(new Libc(arena), new SocketAddresses(), arena);
      Optional<TransportAddress> bound = Optional.of(local(channel));
      return files
          .map(file -> Integer.parseInt(String.valueOf(file.getFileName())))
          .filter(fd -> sockets.boundTo(fd).equals(bound))
          .map(fd -> sockets.get(fd, Abi.IPPROTO_IP, Abi.IP_TTL))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no socket is bound to " + bound));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(DatagramChannel from, ByteBuffer what, DatagramChannel to) {
    try {
      from.send(what, to.getLocalAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aSocketThatIsNotThereSendsNothing() throws IOException {
    TransportAddress gone;
    try (DatagramChannel closed = socket()) {
      gone = local(closed);
    }
    List<String> sent = new ArrayList<>();
    assertThat(LowTtl.during(gone, TTL, () -> sent.add("sent"))).isFalse();
    assertThat(sent).isEmpty();
  }

  @Test
  void theSocketThatConnectsIsFoundBesideItsListener() throws IOException {
    try (ServerSocketChannel here = ServerSocketChannel.open(StandardProtocolFamily.INET);
        ServerSocketChannel there = ServerSocketChannel.open(StandardProtocolFamily.INET);
        SocketChannel connecting = SocketChannel.open(StandardProtocolFamily.INET)) {
      here.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      here.bind(anyPort("127.0.0.1"));
      there.bind(anyPort("127.0.0.2"));
      TransportAddress local = TransportAddress.of((InetSocketAddress) here.getLocalAddress());
      assertThat(LowTtl.connecting(local, TTL, () -> connecting.connect(there.getLocalAddress())))
          .isFalse();
      connecting.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      connecting.bind(here.getLocalAddress());
      assertThat(LowTtl.connecting(local, TTL, () -> connecting.connect(there.getLocalAddress())))
          .isTrue();
      assertThat(connecting.isConnected()).isTrue();
    }
  }
}
