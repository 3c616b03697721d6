package org.bradawl.simulation.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.nat.LifetimeActions;
import org.bradawl.nat.LifetimeSearch;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.Host;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.Realm;
import org.bradawl.simulation.StunServer;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The search for the lifetime of an idle mapping. */
class LifetimeSimulationTest {

  private static LifetimeSearch.Found search(
      long seed, Duration lifetime, double loss, Optional<EndpointBehavior> mapping) {
    VirtualTime time = new VirtualTime(seed);
    Realm internet = new Realm(time, LinkQuality.internet().withLoss(loss));
    Realm home = new Realm(time, LinkQuality.lan());
    StunServer server =
        new StunServer(
            new Host(internet, IpAddress.parse("203.0.113.1")),
            new Host(internet, IpAddress.parse("203.0.113.2")));
    mapping.ifPresent(behavior ->
        NatSpecification.of(behavior, EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
            .with(lifetime)
            .between(home, internet, List.of(IpAddress.parse("198.51.100.1"))));
    Host host = new Host(home, IpAddress.parse("192.168.1.2"));
    return run(host, server.address());
  }

  private static LifetimeSearch.Found run(Host host, TransportAddress server) {
    VirtualTime time = host.realm().time();
    Map<Integer, Host.UdpSocket> sockets = new HashMap<>();
    LifetimeSearch[] search = new LifetimeSearch[1];
    search[0] =
        new LifetimeSearch(
            server,
            Duration.ofMinutes(10),
            time.random(),
            new LifetimeActions() {
              @Override
              public void open(int socket) {
                sockets.put(
                    socket,
                    host.udp((source, payload) -> {
                      if (Decoder.decode(payload) instanceof StunMessage message) {
                        search[0].received(socket, source, message, time.nanos());
                      }
                    }));
              }

              @Override
              public void send(int socket, TransportAddress to, StunMessage request) {
                ByteBuffer datagram = Encoder.PLAIN.encode(request);
                Optional.ofNullable(sockets.get(socket))
                    .ifPresent(found -> found.send(to, datagram));
              }

              @Override
              public void finished(LifetimeSearch.Found found) {}
            });
    search[0].start(time.nanos());
    wakeUp(time, search[0]);
    time.run(Duration.ofHours(1), () -> search[0].found().isPresent());
    return search[0].found().orElseThrow();
  }

  private static void wakeUp(VirtualTime time, LifetimeSearch search) {
    search
        .deadlineNanos()
        .ifPresent(deadline ->
            time.at(
                deadline,
                () -> {
                  search.advance(time.nanos());
                  wakeUp(time, search);
                }));
  }

  @ParameterizedTest
  @CsvSource({"30, 0", "30, 0.05", "60, 0.05", "120, 0", "120, 0.05", "300, 0.05"})
  void theLifetimeLiesBetweenWhatItSays(int seconds, double loss) {
    for (EndpointBehavior mapping : EndpointBehavior.values()) {
      for (int seed = 0; seed < 20; seed++) {
        Duration lifetime = Duration.ofSeconds(seconds);
        LifetimeSearch.Found found = search(seed, lifetime, loss, Optional.of(mapping));
        assertThat(found)
            .isInstanceOfSatisfying(
                LifetimeSearch.Between.class,
                between -> {
                  assertThat(between.lifetime().atLeast()).isLessThanOrEqualTo(lifetime);
                  assertThat(between.lifetime().lessThan().orElseThrow()).isGreaterThan(lifetime);
                  Duration width =
                      between
                          .lifetime()
                          .lessThan()
                          .orElseThrow()
                          .minus(between.lifetime().atLeast());
                  assertThat(width).isLessThanOrEqualTo(lifetime.dividedBy(8).plusSeconds(2));
                });
      }
    }
  }

  @Test
  void aLongLifetimeIsKnownToBeLong() {
    LifetimeSearch.Found found =
        search(1, Duration.ofHours(2), 0, Optional.of(EndpointBehavior.ENDPOINT_INDEPENDENT));
    assertThat(found)
        .isInstanceOfSatisfying(
            LifetimeSearch.Between.class,
            between -> {
              assertThat(between.lifetime().atLeast()).isEqualTo(Duration.ofMinutes(10));
              assertThat(between.lifetime().lessThan()).isEmpty();
            });
  }

  @Test
  void withoutAServerNothingIsKnown() {
    assertThat(
            search(1, Duration.ofMinutes(1), 1, Optional.of(EndpointBehavior.ENDPOINT_INDEPENDENT)))
        .isInstanceOf(LifetimeSearch.Unknown.class);
  }
}
