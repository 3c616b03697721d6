package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.Username;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Nonces that were somebody else's, or another server's. */
@ParameterizedClass
@EnumSource(EngineUnderTest.class)
@Timeout(60)
class NonceAbuseTest {

  private static final java.security.SecureRandom RANDOM = new java.security.SecureRandom();

  private final EngineUnderTest engine;

  NonceAbuseTest(EngineUnderTest engine) {
    this.engine = engine;
  }

  @Test
  void aNonceFromAnotherAddressOrPortIsStale() throws Exception {
    try (TestRelay relay = engine.relay();
        ClientWire.Udp mine = wire("127.0.0.1", 0, relay);
        ClientWire.Udp otherPort = wire("127.0.0.1", 0, relay);
        ClientWire.Udp otherAddress = wire("127.0.0.3", mine.local().port(), relay);
        ClientWire.Tcp otherTransport = relay.tcpWire()) {
      StunMessage challenge = exchange(mine, allocate(Optional.empty()));
      byte[] request = allocate(Optional.of(challenge));
      assertThat(TurnClient.error(exchange(otherPort, request))).isEqualTo(438);
      assertThat(TurnClient.error(exchange(otherAddress, request))).isEqualTo(438);
      assertThat(TurnClient.error(exchange(otherTransport, request))).isEqualTo(438);
      assertThat(TurnClient.error(exchange(mine, request))).isZero();
    }
  }

  /** A server that forgot its secret, or another node, asks for a new nonce and goes on. */
  @Test
  void aNonceFromBeforeARestartIsStale() throws Exception {
    int port;
    byte[] request;
    int client;
    try (TestRelay relay = engine.relay();
        ClientWire.Udp wire = wire("127.0.0.1", 0, relay)) {
      port = relay.server().port();
      client = wire.local().port();
      request = allocate(Optional.of(exchange(wire, allocate(Optional.empty()))));
    }
    try (TestRelay relay = engine.relay("bradawl.listen.port=" + port);
        ClientWire.Udp wire = wire("127.0.0.1", client, relay)) {
      StunMessage stale = exchange(wire, request);
      assertThat(TurnClient.error(stale)).isEqualTo(438);
      assertThat(TurnClient.error(exchange(wire, allocate(Optional.of(stale))))).isZero();
    }
  }

  private static ClientWire.Udp wire(String host, int port, TestRelay relay) throws IOException {
    return new ClientWire.Udp(new TransportAddress(IpAddress.parse(host), port), relay.server());
  }

  private static StunMessage exchange(ClientWire wire, byte[] request) throws IOException {
    wire.send(request);
    byte[] answer = wire.receive(EngineContract.SOON).orElseThrow();
    return (StunMessage) Decoder.decode(ByteBuffer.wrap(answer));
  }

  /** An Allocate, signed with the nonce and realm of {@code challenge} if there is one. */
  private static byte[] allocate(Optional<StunMessage> challenge) {
    StunMessage.Builder request =
        StunMessage.request(Method.Known.ALLOCATE, TransactionId.random(RANDOM))
            .add(new RequestedTransport(RequestedTransport.UDP));
    Encoder encoder = Encoder.PLAIN;
    if (challenge.isPresent()) {
      Realm realm = challenge.get().first(Realm.class).orElseThrow();
      request.add(new Username(TestRelay.USER)).add(realm);
      request.add(challenge.get().first(Nonce.class).orElseThrow());
      encoder =
          encoder.signed(
              IntegrityAlgorithm.SHA1,
              IntegrityKey.longTerm(
                  PasswordHash.MD5, TestRelay.USER, realm.realm(), TestRelay.PASSWORD));
    }
    ByteBuffer encoded = encoder.encode(request.build());
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }
}
