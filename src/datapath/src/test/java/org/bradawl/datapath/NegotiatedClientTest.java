package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.SecurityFeatures;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.PasswordAlgorithm;
import org.bradawl.stun.attribute.PasswordAlgorithms;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.UserHash;
import org.bradawl.stun.attribute.Username;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.bradawl.turn.auth.EphemeralCredentials.Minted;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client of RFC 8489 end to end: algorithms negotiated, the name hidden, SHA-256 throughout. No
 * client at hand that was written elsewhere does so.
 */
@Timeout(60)
class NegotiatedClientTest {

  private static final Duration SOON = Duration.ofSeconds(5);

  /** How a client's messages travel. */
  enum Carrier {
    UDP,
    TCP;

    ClientWire wire(TestRelay relay) throws IOException {
      return switch (this) {
        case UDP -> relay.udp().wire();
        case TCP -> relay.tcpWire();
      };
    }
  }

  static Stream<Arguments> enginesAndCarriers() {
    return Stream.of(EngineUnderTest.values())
        .flatMap(
            engine -> Stream.of(Carrier.values()).map(carrier -> Arguments.of(engine, carrier)));
  }

  /** A client, and all that it was answered. */
  private static final class Watched implements Credentials {

    private final Credentials credentials;
    private final List<StunMessage> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<StunMessage> challenges = Collections.synchronizedList(new ArrayList<>());

    Watched(Credentials credentials) {
      this.credentials = credentials;
    }

    @Override
    public Encoder sign(StunMessage.Builder request, StunMessage challenge) {
      Encoder encoder = credentials.sign(request, challenge);
      requests.add(request.build());
      challenges.add(challenge);
      return encoder;
    }

    @Override
    public void check(StunMessage answer, StunMessage challenge) {
      credentials.check(answer, challenge);
    }
  }

  private static void assertEverythingWorks(TurnClient client) throws IOException {
    try (EchoPeer peer = new EchoPeer(IpAddress.parse("127.0.0.1"))) {
      client.allocate();
      assertThat(client.permit(peer.address())).isZero();
      client.send(peer.address(), "by indication");
      assertThat(client.receive(SOON)).contains("by indication");
      assertThat(client.bind(0x4000, peer.address())).isZero();
      client.send(0x4000, "on a channel");
      assertThat(client.receive(SOON)).contains("on a channel");
      assertThat(client.refresh(600)).isZero();
      assertThat(client.refresh(0)).isZero();
      assertThat(client.refresh(600)).as("it is gone").isEqualTo(437);
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndCarriers")
  void aHiddenNameAndSha256(EngineUnderTest engine, Carrier carrier) throws Exception {
    Watched watched = new Watched(Credentials.Negotiated.best(TestRelay.USER, TestRelay.PASSWORD));
    try (TestRelay relay = engine.relay();
        TurnClient client = new TurnClient(carrier.wire(relay), watched)) {
      assertEverythingWorks(client);
    }
    assertThat(watched.requests)
        .isNotEmpty()
        .allMatch(request -> request.has(UserHash.class) && !request.has(Username.class))
        .allMatch(request ->
            request.first(PasswordAlgorithm.class).orElseThrow().equals(PasswordAlgorithm.SHA256));
  }

  /** Where there are ephemeral users too, names are not hidden; all else is the same. */
  @ParameterizedTest
  @MethodSource("enginesAndCarriers")
  void anEphemeralUserAndSha256(EngineUnderTest engine, Carrier carrier) throws Exception {
    Minted minted = new EphemeralCredentials("north").mint("dave", Instant.now().plusSeconds(600));
    Watched watched =
        new Watched(Credentials.Negotiated.best(minted.username(), minted.password()));
    try (TestRelay relay = engine.relay("bradawl.turn.secret=north");
        TurnClient client = new TurnClient(carrier.wire(relay), watched)) {
      assertEverythingWorks(client);
    }
    assertThat(watched.requests)
        .isNotEmpty()
        .allMatch(request -> request.has(Username.class) && !request.has(UserHash.class));
    assertThat(watched.challenges)
        .allMatch(challenge ->
            SecurityFeatures.of(challenge.first(Nonce.class).orElseThrow().value())
                .equals(Optional.of(new SecurityFeatures(true, false))));
  }

  @ParameterizedTest
  @EnumSource(EngineUnderTest.class)
  void md5MayBeChosenAndIsAnsweredUnderSha256(EngineUnderTest engine) throws Exception {
    for (Carrier carrier : Carrier.values()) {
      try (TestRelay relay = engine.relay();
          TurnClient client =
              new TurnClient(
                  carrier.wire(relay),
                  Credentials.Negotiated.by(
                      PasswordAlgorithm.MD5, TestRelay.USER, TestRelay.PASSWORD))) {
        assertEverythingWorks(client);
      }
    }
  }

  /** Names and passwords are prepared on both sides: OpaqueString, RFC 8489 §9.2.2. */
  @ParameterizedTest
  @EnumSource(EngineUnderTest.class)
  void namesAndPasswordsOfEveryScript(EngineUnderTest engine) throws Exception {
    try (TestRelay relay = engine.relay("bradawl.turn.users=J\u00fcrgen:pa\u00df \u30d1\u30b9");
        TurnClient client =
            new TurnClient(
                relay.udp().wire(),
                // u with a diaeresis of its own, and an ideographic space.
                Credentials.Negotiated.best("Ju\u0308rgen", "pa\u00df\u3000\u30d1\u30b9"))) {
      assertEverythingWorks(client);
    }
  }

  @ParameterizedTest
  @EnumSource(EngineUnderTest.class)
  void whatDoesNotFitIsRefused(EngineUnderTest engine) throws Exception {
    for (Carrier carrier : Carrier.values()) {
      try (TestRelay relay = engine.relay()) {
        Credentials right = Credentials.Negotiated.best(TestRelay.USER, TestRelay.PASSWORD);
        assertThat(error(relay, carrier, right)).isZero();
        assertThat(
                error(relay, carrier, Credentials.Negotiated.best(TestRelay.USER, "looking-glass")))
            .as("a wrong password")
            .isEqualTo(401);
        assertThat(error(relay, carrier, Credentials.Negotiated.best("mallory", "wonderland")))
            .as("a hidden name that nobody has")
            .isEqualTo(401);
        assertThat(error(relay, carrier, strippedOnTheWay()))
            .as("somebody took the better algorithm off the list")
            .isEqualTo(400);
        Credentials unsigned = (request, challenge) -> Encoder.PLAIN;
        assertThat(error(relay, carrier, unsigned)).as("no answer to the challenge").isEqualTo(401);
      }
    }
  }

  /** A client that saw a list without SHA-256, and believes it. */
  private static Credentials strippedOnTheWay() {
    return (request, challenge) -> {
      StunMessage stripped =
          StunMessage.request(challenge.method(), challenge.transactionId())
              .add(challenge.first(Realm.class).orElseThrow())
              .add(challenge.first(Nonce.class).orElseThrow())
              .add(PasswordAlgorithms.of(PasswordAlgorithm.MD5))
              .build();
      return Credentials.Negotiated.best(TestRelay.USER, TestRelay.PASSWORD)
          .sign(request, stripped);
    };
  }

  private static int error(TestRelay relay, Carrier carrier, Credentials credentials)
      throws IOException {
    try (TurnClient client = new TurnClient(carrier.wire(relay), credentials)) {
      return TurnClient.error(
          client.request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP)));
    }
  }

  /** RFC 6062: the data connection is authenticated in the same way. */
  @ParameterizedTest
  @EnumSource(EngineUnderTest.class)
  void relayedTcpUnderSha256(EngineUnderTest engine) throws Exception {
    Credentials credentials = Credentials.Negotiated.best(TestRelay.USER, TestRelay.PASSWORD);
    try (TestRelay relay = engine.relay("bradawl.engine.shards=4");
        TurnClient client = new TurnClient(relay.tcpWire(), credentials);
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      client.allocateTcp();
      ConnectionId id =
          client.connect(
              new TransportAddress(IpAddress.parse("127.0.0.1"), listener.getLocalPort()));
      ClientWire.Tcp wire = relay.tcpWire();
      try (Socket peer = listener.accept();
          TurnClient data = new TurnClient(wire, credentials)) {
        assertThat(TurnClient.error(data.request(Method.Known.CONNECTION_BIND, id))).isZero();
        wire.socket().getOutputStream().write("up".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(peer.getInputStream().readNBytes(2), StandardCharsets.UTF_8))
            .isEqualTo("up");
        peer.getOutputStream().write("down".getBytes(StandardCharsets.UTF_8));
        InputStream in = wire.rest();
        assertThat(new String(in.readNBytes(4), StandardCharsets.UTF_8)).isEqualTo("down");
      }
    }
  }
}
