package org.bradawl.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.simulation.NatSpecification.Unsolicited;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;

/** The little TCP of the model. */
class TcpStackTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final VirtualTime time = new VirtualTime(2);
  private final Realm internet = new Realm(time, LinkQuality.internet());
  private final List<Byte> received = new ArrayList<>();

  @Test
  void connectsToAListenerAndCarriesWritesInOrder() {
    Realm lossy = new Realm(time, LinkQuality.internet().withLoss(0.2).withReorder(0.2));
    Host server = new Host(lossy, IpAddress.parse("203.0.113.1"));
    Host client = new Host(lossy, IpAddress.parse("203.0.113.2"));
    server.tcp().listen(80, connection -> connection.listener(collector()));
    TcpConnection connection = client.tcp().connect(endpoint(server, 80), Duration.ofMinutes(1));
    for (byte i = 0; i < 100; i++) {
      connection.send(ByteBuffer.wrap(new byte[] {i}));
    }
    time.run(Duration.ofMinutes(2));
    assertThat(received).hasSize(100).isSorted();
  }

  @Test
  void isRefusedWhereNobodyListens() {
    Host server = new Host(internet, IpAddress.parse("203.0.113.1"));
    Host client = new Host(internet, IpAddress.parse("203.0.113.2"));
    List<String> heard = new ArrayList<>();
    client
        .tcp()
        .connect(endpoint(server, 80), LIMIT)
        .listener(
            new TcpConnection.Listener() {
              @Override
              public void failed() {
                heard.add("failed");
              }
            });
    time.run(Duration.ofMillis(100));
    assertThat(heard).containsExactly("failed");
  }

  @Test
  void opensSimultaneouslyThroughTwoNatsThatAreSilentToStrangers() {
    assertThat(simultaneousOpen(Unsolicited.SILENCE, Duration.ofMillis(300))).isTrue();
  }

  @Test
  void aResetFromTheNatOfTheLaterEndsTheAttemptOfTheEarlier() {
    assertThat(simultaneousOpen(Unsolicited.REFUSAL, Duration.ofMillis(300))).isFalse();
  }

  @Test
  void aResetDoesNoHarmWhenBothAreQuick() {
    assertThat(simultaneousOpen(Unsolicited.REFUSAL, Duration.ofMillis(5))).isTrue();
  }

  private boolean simultaneousOpen(Unsolicited manners, Duration apart) {
    Host left = behind("198.51.100.1", manners);
    Host right = behind("198.51.100.2", manners);
    TcpConnection first =
        left.tcp().connect(5000, TransportAddress.of(socket("198.51.100.2", 6000)), LIMIT);
    time.run(apart);
    TcpConnection second =
        right.tcp().connect(6000, TransportAddress.of(socket("198.51.100.1", 5000)), LIMIT);
    time.run(Duration.ofSeconds(5));
    return first.isEstablished() && second.isEstablished();
  }

  private Host behind(String external, Unsolicited manners) {
    Realm home = new Realm(time, LinkQuality.lan());
    NatSpecification.of(
            EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
        .with(manners)
        .between(home, internet, List.of(IpAddress.parse(external)));
    return new Host(home, IpAddress.parse("192.168.1.2"));
  }

  private TcpConnection.Listener collector() {
    return new TcpConnection.Listener() {
      @Override
      public void received(ByteBuffer payload) {
        received.add(payload.get());
      }
    };
  }

  private static TransportAddress endpoint(Host host, int port) {
    return new TransportAddress(host.address(), port);
  }

  private static java.net.InetSocketAddress socket(String address, int port) {
    return new java.net.InetSocketAddress(IpAddress.parse(address).toInetAddress(), port);
  }
}
