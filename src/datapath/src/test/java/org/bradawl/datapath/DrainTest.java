package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.AlternateDomain;
import org.bradawl.stun.attribute.AlternateServer;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.Redirection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A relay that is taken out of service, from the first client that is sent away to the stop. */
@ParameterizedClass
@EnumSource(EngineUnderTest.class)
@Timeout(60)
class DrainTest {

  private static final TransportAddress OTHER =
      new TransportAddress(IpAddress.parse("192.0.2.77"), 3478);

  private static final String DOMAIN = "relay2.example.org";

  @TempDir Path directory;

  private final EngineUnderTest engine;

  DrainTest(EngineUnderTest engine) {
    this.engine = engine;
  }

  private TestRelay relay() {
    return engine.relay(
        "bradawl.listen.tls-port=" + FreePorts.one(), "bradawl.data.directory=" + directory);
  }

  private static List<TurnClient> oneOfEach(TestRelay relay) throws Exception {
    return List.of(
        relay.udp(),
        relay.tcp(),
        relay.client(new TlsWire(relay.tls(), "TLSv1.3")),
        relay.client(new DtlsWire(relay.listener(Transport.DTLS))));
  }

  @Test
  void whoIsThereGoesOnAndWhoComesIsSentElsewhere() throws Exception {
    try (TestRelay relay = relay();
        EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      Datapath datapath = relay.datapath();
      List<TurnClient> staying = oneOfEach(relay);
      for (TurnClient client : staying) {
        client.allocate();
        client.bind(0x4000, peer.address());
      }

      datapath.redirectNewAllocations(
          Optional.of(Redirection.to(OTHER, Optional.of(DOMAIN), 5350)));
      datapath.accepting(false);
      List<TurnClient> coming = oneOfEach(relay);
      for (TurnClient client : coming) {
        assertSentElsewhere(client, coming.indexOf(client) < 2 ? 3478 : 5350);
      }
      try (TurnClient guessing =
          new TurnClient(relay.tcpWire(), TestRelay.USER, "not the password")) {
        StunMessage refused = allocate(guessing);
        assertThat(TurnClient.error(refused)).isEqualTo(401);
        assertThat(refused.has(AlternateServer.class)).isFalse();
      }
      for (TurnClient client : staying) {
        client.send(0x4000, "still here");
        assertThat(client.receive(EngineContract.SOON)).contains("still here");
        assertThat(client.refresh(600)).isZero();
      }

      assertThat(staying.getFirst().refresh(0)).as("one ends by itself").isZero();
      assertThat(datapath.allocations()).hasSize(3);
      assertSentElsewhere(staying.getFirst(), 3478);
      assertThat(datapath.endWhere(who -> true, EndReason.SHUTDOWN))
          .as("the wait is over")
          .isEqualTo(3);
      assertThat(datapath.allocations()).isEmpty();
      Wait.until("all ends are told", () -> relay.ended.size() == 4);
      for (TurnClient client : coming) {
        client.close();
      }
    }
  }

  private static void assertSentElsewhere(TurnClient client, int port) throws Exception {
    StunMessage answer = allocate(client);
    assertThat(TurnClient.error(answer)).isEqualTo(300);
    assertThat(answer.first(AlternateServer.class))
        .contains(new AlternateServer(new TransportAddress(OTHER.address(), port)));
    assertThat(answer.first(AlternateDomain.class)).contains(new AlternateDomain(DOMAIN));
    IntegrityKey key =
        IntegrityKey.longTerm(PasswordHash.MD5, TestRelay.USER, client.realm(), TestRelay.PASSWORD);
    assertThat(answer.check(IntegrityAlgorithm.SHA1, key)).isEqualTo(IntegrityCheck.RIGHT);
  }

  private static StunMessage allocate(TurnClient client) throws Exception {
    return client.request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP));
  }

  /** Without another server a client is told to try later, or its next one. */
  @Test
  void withoutAnotherServerNobodyNewIsServed() throws Exception {
    try (TestRelay relay = relay();
        TurnClient staying = relay.udp();
        TurnClient coming = relay.udp()) {
      staying.allocate();
      relay.datapath().accepting(false);
      assertThat(coming.allocateError()).isEqualTo(508);
      assertThat(staying.refresh(600)).isZero();
      relay.datapath().accepting(true);
      coming.allocate();
    }
  }

  /** Servers that share the clients may change while they run. */
  @Test
  void theListOfServersChanges() throws Exception {
    try (TestRelay relay = relay();
        TurnClient client = relay.udp()) {
      relay.datapath().balanceNewAllocations(List.of(Redirection.to(OTHER, Optional.empty())));
      assertThat(client.allocateError()).isEqualTo(300);
      relay.datapath().balanceNewAllocations(List.of());
      client.allocate();
    }
  }
}
