package org.bradawl.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.simulation.NatSpecification.Hairpin;
import org.bradawl.simulation.NatSpecification.Pooling;
import org.bradawl.simulation.NatSpecification.Unsolicited;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each behaviour of the model, seen from the two sides of a NAT. */
class NatTest {

  private static final IpAddress EXTERNAL = IpAddress.parse("198.51.100.1");

  private final VirtualTime time = new VirtualTime(1);
  private final Realm internet = new Realm(time, LinkQuality.internet());
  private final Realm home = new Realm(time, LinkQuality.lan());
  private final List<TransportAddress> seenOutside = new ArrayList<>();
  private final List<TransportAddress> seenInside = new ArrayList<>();
  private final List<TransportAddress> refused = new ArrayList<>();
  private final Host.UdpListener inside =
      new Host.UdpListener() {
        @Override
        public void received(TransportAddress source, ByteBuffer payload) {
          seenInside.add(source);
        }

        @Override
        public void unreachable(TransportAddress destination) {
          refused.add(destination);
        }
      };
  private Host.UdpSocket client;
  private Host.UdpSocket server;
  private Host.UdpSocket serverOtherPort;
  private Host.UdpSocket otherServer;

  @BeforeEach
  void populate() {
    client = new Host(home, IpAddress.parse("192.168.1.2")).udp(6000, inside);
    Host first = new Host(internet, IpAddress.parse("203.0.113.1"));
    Host second = new Host(internet, IpAddress.parse("203.0.113.2"));
    server = first.udp(3478, (source, _) -> seenOutside.add(source));
    serverOtherPort = first.udp(3479, (source, _) -> seenOutside.add(source));
    otherServer = second.udp(3478, (source, _) -> seenOutside.add(source));
  }

  @ParameterizedTest
  @EnumSource(EndpointBehavior.class)
  void mapsByAsMuchOfTheRemoteEndpointAsItIsToldTo(EndpointBehavior mapping) {
    build(NatSpecification.of(mapping, EndpointBehavior.ENDPOINT_INDEPENDENT));

    send(client, server, serverOtherPort, otherServer);

    boolean samePortSame = seenOutside.get(0).equals(seenOutside.get(1));
    boolean sameAddressSame = seenOutside.get(0).equals(seenOutside.get(2));
    assertThat(samePortSame).isEqualTo(mapping != EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT);
    assertThat(sameAddressSame).isEqualTo(mapping == EndpointBehavior.ENDPOINT_INDEPENDENT);
    assertThat(seenOutside).allMatch(seen -> seen.address().equals(EXTERNAL));
  }

  @ParameterizedTest
  @EnumSource(EndpointBehavior.class)
  void admitsByAsMuchOfTheRemoteEndpointAsItIsToldTo(EndpointBehavior filtering) {
    build(NatSpecification.of(EndpointBehavior.ENDPOINT_INDEPENDENT, filtering));
    send(client, server);
    TransportAddress mapped = seenOutside.getFirst();

    for (Host.UdpSocket from : List.of(server, serverOtherPort, otherServer)) {
      from.send(mapped, bytes());
      time.run(Duration.ofSeconds(1));
    }

    List<TransportAddress> expected =
        switch (filtering) {
          case ENDPOINT_INDEPENDENT ->
              List.of(server.local(), serverOtherPort.local(), otherServer.local());
          case ADDRESS_DEPENDENT -> List.of(server.local(), serverOtherPort.local());
          case ADDRESS_AND_PORT_DEPENDENT -> List.of(server.local());
        };
    assertThat(seenInside).isEqualTo(expected);
  }

  @Test
  void preservesThePortAndCountsWithAStep() {
    build(symmetric(new PortAllocation.Preserving()));
    send(client, server, otherServer);
    assertThat(seenOutside.get(0).port()).isEqualTo(6000);
    assertThat(seenOutside.get(1).port()).isNotEqualTo(6000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, -1, 7})
  void countsWithItsStep(int step) {
    build(symmetric(new PortAllocation.Contiguous(step)));
    send(client, server, serverOtherPort, otherServer);
    int wrapped = 65536 - 1024;
    for (int i = 0; i < 2; i++) {
      int delta = seenOutside.get(i + 1).port() - seenOutside.get(i).port();
      assertThat(Math.floorMod(delta - step, wrapped)).isZero();
    }
  }

  @Test
  void keepsInsideTheBlockOfAHost() {
    build(symmetric(new PortAllocation.BlockRandom(64)));
    send(client, server, serverOtherPort, otherServer);
    assertThat(seenOutside.stream().map(seen -> (seen.port() - 1024) / 64).distinct()).hasSize(1);
    assertThat(seenOutside).doesNotHaveDuplicates();
  }

  @Test
  void keepsParity() {
    build(symmetric(new PortAllocation.Random()).keepingParity());
    send(client, server, serverOtherPort, otherServer);
    assertThat(seenOutside).allMatch(seen -> seen.port() % 2 == 0);
  }

  @Test
  void endsAnIdleMapping() {
    build(
        NatSpecification.of(
                EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ENDPOINT_INDEPENDENT)
            .with(new PortAllocation.Contiguous(1))
            .with(Duration.ofSeconds(30)));
    send(client, server);
    time.run(Duration.ofSeconds(31));
    otherServer.send(seenOutside.getFirst(), bytes());
    time.run(Duration.ofSeconds(1));
    assertThat(seenInside).isEmpty();
    send(client, server);
    assertThat(seenOutside.get(1)).isNotEqualTo(seenOutside.get(0));
  }

  @ParameterizedTest
  @EnumSource(Hairpin.class)
  void turnsBackWhatIsForItself(Hairpin hairpin) {
    build(
        NatSpecification.of(
                EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ENDPOINT_INDEPENDENT)
            .with(hairpin));
    send(client, server);
    Host.UdpSocket neighbour =
        new Host(home, IpAddress.parse("192.168.1.3")).udp(7000, (_, _) -> {});
    neighbour.send(seenOutside.getFirst(), bytes());
    time.run(Duration.ofSeconds(1));
    List<TransportAddress> expected =
        switch (hairpin) {
          case NONE -> List.of();
          case INTERNAL_SOURCE -> List.of(neighbour.local());
          case EXTERNAL_SOURCE -> List.of(new TransportAddress(EXTERNAL, 7000));
        };
    assertThat(seenInside).isEqualTo(expected);
  }

  @Test
  void spreadsMappingsOverItsAddressesOnlyWhenPoolingIsArbitrary() {
    List<IpAddress> addresses = List.of(EXTERNAL, IpAddress.parse("198.51.100.2"));
    NatSpecification arbitrary = symmetric(new PortAllocation.Random()).with(Pooling.ARBITRARY);
    arbitrary.between(home, internet, addresses);
    for (int port = 10_000; port < 10_020; port++) {
      server.send(client.local(), bytes());
      client.send(new TransportAddress(otherServer.local().address(), port), bytes());
      client.send(otherServer.local(), bytes());
      time.run(Duration.ofMinutes(3));
    }
    assertThat(seenOutside.stream().map(TransportAddress::address).distinct()).hasSize(2);
  }

  @Test
  void refusesStrangersWhenItHasNoManners() {
    List<TransportAddress> refusals = new ArrayList<>();
    build(
        NatSpecification.of(
                EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ADDRESS_DEPENDENT)
            .with(Unsolicited.REFUSAL));
    Host.UdpSocket stranger =
        new Host(internet, IpAddress.parse("203.0.113.9"))
            .udp(
                1234,
                new Host.UdpListener() {
                  @Override
                  public void received(TransportAddress source, ByteBuffer payload) {}

                  @Override
                  public void unreachable(TransportAddress destination) {
                    refusals.add(destination);
                  }
                });
    stranger.send(new TransportAddress(EXTERNAL, 6000), bytes());
    time.run(Duration.ofSeconds(1));
    assertThat(refusals).containsExactly(new TransportAddress(EXTERNAL, 6000));
  }

  @Test
  void aNaiveLinuxRouterChangesThePortOnceTheStrangerWasFirst() {
    LinuxRouterSpecification.naive().between(home, internet, List.of(EXTERNAL));
    send(client, server);
    otherServer.send(new TransportAddress(EXTERNAL, 6000), bytes());
    time.run(Duration.ofSeconds(1));
    send(client, otherServer);
    assertThat(seenOutside.get(0).port()).isEqualTo(6000);
    assertThat(seenOutside.get(1).port()).isNotEqualTo(6000);
    assertThat(seenInside).isEmpty();
  }

  @Test
  void twoLayersTranslateTwice() {
    Realm carrier = new Realm(time, LinkQuality.lan());
    IpAddress middle = IpAddress.parse("100.64.0.2");
    NatSpecification usual =
        NatSpecification.of(
            EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ENDPOINT_INDEPENDENT);
    usual.between(home, carrier, List.of(middle));
    usual.between(carrier, internet, List.of(EXTERNAL));
    send(client, server);
    assertThat(seenOutside).containsExactly(new TransportAddress(EXTERNAL, 6000));
    server.send(seenOutside.getFirst(), bytes());
    time.run(Duration.ofSeconds(1));
    assertThat(seenInside).containsExactly(server.local());
  }

  @Test
  void aLowTtlOpensTheOwnNatAndDiesOnTheWay() {
    build(
        NatSpecification.of(
            EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT));
    client.send(server.local(), bytes(), 3);
    time.run(Duration.ofSeconds(1));
    assertThat(seenOutside).isEmpty();
    server.send(new TransportAddress(EXTERNAL, 6000), bytes());
    time.run(Duration.ofSeconds(1));
    assertThat(seenInside).containsExactly(server.local());
  }

  @Test
  void losesAsMuchAsItIsToldTo() {
    Realm lossy = new Realm(time, LinkQuality.internet().withLoss(0.05));
    List<TransportAddress> arrived = new ArrayList<>();
    Host.UdpSocket target =
        new Host(lossy, IpAddress.parse("203.0.113.1")).udp((from, _) -> arrived.add(from));
    Host.UdpSocket sender = new Host(lossy, IpAddress.parse("203.0.113.2")).udp((_, _) -> {});
    for (int i = 0; i < 10_000; i++) {
      sender.send(target.local(), bytes());
    }
    time.run(Duration.ofSeconds(1));
    assertThat(arrived.size()).isBetween(9_400, 9_600);
    assertThat(lossy.lost()).isEqualTo(10_000L - arrived.size());
  }

  private void build(NatSpecification specification) {
    specification.between(home, internet, List.of(EXTERNAL));
  }

  private static NatSpecification symmetric(PortAllocation ports) {
    return NatSpecification.of(
            EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT,
            EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
        .with(ports);
  }

  private void send(Host.UdpSocket from, Host.UdpSocket... destinations) {
    for (Host.UdpSocket destination : destinations) {
      from.send(destination.local(), bytes());
      time.run(Duration.ofSeconds(1));
    }
  }

  private static ByteBuffer bytes() {
    return ByteBuffer.wrap(new byte[] {1, 2, 3});
  }
}
